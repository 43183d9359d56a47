using System.Text;
using RcptVerify.Caching;
using RcptVerify.Tests.Configuration;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

/// <summary>What stands in Redis and what nodes tell each other: nodes of different releases read it, strangers may write it.</summary>
public sealed class RedisFormatTests
{
    private const long Sender = 0x0102030405060708;
    private static readonly byte[] Address = Key("user@example.com");
    private static readonly long Now = Start.ToUnixTimeMilliseconds();

    [Fact]
    public void Keys_records_and_messages_are_those_of_the_approved_file()
    {
        StringBuilder text = new();
        text.Append("verdict key: ").Append((string?)RedisKeys.Verdict(Address)).Append('\n');
        text.Append("lock key: ").Append((string?)RedisKeys.Lock(Address)).Append('\n');
        text.Append("purges key: ").Append((string?)RedisKeys.Purges).Append('\n');
        text.Append("channel: ").Append(RedisKeys.Changes.ToString()).Append('\n');
        Append("deliverable", Value(Verdict("user@example.com")));
        Append("undeliverable", Value(Verdict("user@example.com", VerdictStatus.Undeliverable)));
        Append("in doubt", Value(Verdict("user@example.com", refusals: 1, refusedSince: Now)));
        Append("tombstone", Tombstone(Now));
        Append("message, changed", RedisMessage.About(Sender, RedisMessageKind.Changed, Address));
        Append("message, probed", RedisMessage.About(Sender, RedisMessageKind.Probed, Address, RedisMessage.NoAnswer | RedisMessage.Discounted));
        Append("message, purged", RedisMessage.Purge(Sender));
        Append("message, echo", RedisMessage.Echo(Sender, 9));
        ApprovedText.Matches("tests/RcptVerify.Tests/Approved/redis-format.txt", text.ToString());

        void Append(string name, byte[] bytes) => text.Append(name).Append(": ").Append(Convert.ToHexStringLower(bytes)).Append('\n');
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(60_000, -60_000)]
    [InlineData(-86_400_000, 3)]
    public void Nodes_whose_clocks_differ_read_the_same_ages(long writer, long reader)
    {
        Verdict written = Verdict("user@example.com", refusals: 1, refusedSince: Now - 5);
        written.Asked = Now - 10;
        Assert.Equal(SharedRecordKind.Verdict, SharedRecord.Decode(
            SharedRecord.Encode(written, writer), Address, new ProbeReplyPool(), reader, Now + writer - reader, out Verdict? read, out _));
        long by = writer - reader;
        Assert.Equal(
            (written.Updated + by, written.GoneAt + by, written.RefusedSince + by, written.Asked + by),
            (read!.Updated, read.GoneAt, read.RefusedSince, read.Asked));
    }

    [Theory] // by Redis' clock, which was set back; a day later such a refusal would seem young
    [InlineData(VerdictStatus.Undeliverable, 60_000, true)]
    [InlineData(VerdictStatus.Undeliverable, 60_001, false)]
    [InlineData(VerdictStatus.Deliverable, 60_001, true)]
    [InlineData(VerdictStatus.Deliverable, 86_400_000, true)]
    [InlineData(VerdictStatus.Deliverable, 3 * 86_400_000, false)]
    public void A_refusal_dated_ahead_is_none_and_a_known_good_is_one_for_two_days(VerdictStatus status, long ahead, bool counts)
    {
        byte[] value = Value(Verdict("user@example.com", status, TimeSpan.FromMilliseconds(-ahead)));
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(1), Now); // "asked" is another date
        Assert.Equal(counts ? SharedRecordKind.Verdict : SharedRecordKind.None, Kind(value));
    }

    [Fact]
    public void No_prefix_and_no_longer_text_is_a_verdict()
    {
        byte[] value = Value(Verdict("user@example.com"));
        Assert.Equal(SharedRecordKind.Verdict, Kind(value));
        Assert.All(Enumerable.Range(0, value.Length), length => Assert.Equal(SharedRecordKind.None, Kind(value.AsSpan(0, length))));
        Assert.Equal(SharedRecordKind.None, Kind([.. value, 0]));
        Assert.Equal(SharedRecordKind.None, Kind([3, .. value[1..]]));
        Assert.InRange(value.Length, SharedRecord.HeaderBytes, SharedRecord.MaxBytes);
    }

    [Fact]
    public void A_tombstone_is_nine_bytes_with_a_time_that_can_be()
    {
        Assert.Equal(SharedRecordKind.Tombstone, Kind(Tombstone(Now)));
        Assert.Equal(SharedRecordKind.None, Kind([.. Tombstone(Now), 0]));
        Assert.Equal(SharedRecordKind.None, Kind(Tombstone(0)));
        Assert.Equal(SharedRecordKind.None, Kind(Tombstone(-1)));
        Assert.Equal(SharedRecordKind.None, Kind(Tombstone(long.MaxValue)));
        Assert.Equal(SharedRecordKind.None, Kind(Tombstone(Now + (long)VerdictRecordLimits.MaxAhead.TotalMilliseconds + 1)));
    }

    [Theory]
    [InlineData(60_000)]
    [InlineData(-60_000)]
    public void A_time_at_the_end_of_all_times_is_none_whatever_the_clocks(long offset) => Assert.Equal(
        SharedRecordKind.None, SharedRecord.Decode(Tombstone(long.MaxValue), Address, new ProbeReplyPool(), offset, Now, out _, out _));

    [Fact]
    public void Random_bytes_never_throw()
    {
        Random random = new(1);
        byte[] bytes = new byte[300];
        for (int i = 0; i < 20_000; i++)
        {
            random.NextBytes(bytes);
            bytes[0] = (byte)(i % 3);
            bytes[8] = "cpeo"u8[i % 4];
            bytes[10] = 0;
            bytes[11] = (byte)(i % 40);
            Kind(bytes.AsSpan(0, random.Next(bytes.Length)));
            RedisMessage.TryRead(bytes.AsSpan(0, random.Next(bytes.Length)), out _);
        }
    }

    [Fact]
    public void A_message_is_read_as_it_was_written()
    {
        Assert.True(RedisMessage.TryRead([.. RedisMessage.About(Sender, RedisMessageKind.Probed, Address, RedisMessage.Discounted), 1, 2], out RedisMessage probed));
        Assert.Equal((Sender, RedisMessageKind.Probed, RedisMessage.Discounted), (probed.Sender, probed.Kind, probed.Flags));
        Assert.Equal(Address, probed.Name.ToArray());
        Assert.Equal([1, 2], probed.Value.ToArray());
        Assert.True(RedisMessage.TryRead([.. RedisMessage.Purge(Sender), 0, 0, 0, 0, 0, 0, 0, 7, .. "all"u8], out RedisMessage purged));
        Assert.Equal((7L, "all"), (purged.Number, Encoding.ASCII.GetString(purged.Name)));
        Assert.True(RedisMessage.TryRead(RedisMessage.Echo(Sender, 9), out RedisMessage echo));
        Assert.Equal((RedisMessageKind.Echo, 9L), (echo.Kind, echo.Number));
    }

    [Fact]
    public void A_message_that_is_cut_off_too_long_or_about_no_address_is_none()
    {
        byte[] message = RedisMessage.About(Sender, RedisMessageKind.Changed, Address);
        Assert.All(Enumerable.Range(0, message.Length), length => Assert.False(RedisMessage.TryRead(message.AsSpan(0, length), out _)));
        Assert.False(RedisMessage.TryRead([.. message, .. new byte[RedisStoreLimits.MaxMessageBytes]], out _));
        Assert.False(RedisMessage.TryRead(RedisMessage.About(Sender, RedisMessageKind.Changed, Key("user@EXAMPLE.com")), out _));
        Assert.False(RedisMessage.TryRead(RedisMessage.About(Sender, RedisMessageKind.Changed, Key("no address at all")), out _));
        Assert.False(RedisMessage.TryRead(RedisMessage.About(Sender, (RedisMessageKind)'x', Address), out _));
        Assert.False(RedisMessage.TryRead([.. RedisMessage.Purge(Sender), .. new byte[8], .. new byte[301]], out _));
        Assert.False(RedisMessage.TryRead([.. RedisMessage.Purge(Sender), .. new byte[8], 0xff], out _));
    }

    private static byte[] Value(Verdict verdict) => SharedRecord.Encode(verdict, 0);

    private static byte[] Tombstone(long at)
    {
        byte[] value = new byte[9];
        value[0] = 2;
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(value.AsSpan(1), at);
        return value;
    }

    private static SharedRecordKind Kind(ReadOnlySpan<byte> value) =>
        SharedRecord.Decode(value, Address, new ProbeReplyPool(), 0, Now, out _, out _);
}
