using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Caching;
using RcptVerify.Tests.Configuration;
using RcptVerify.Verification;
using Xunit;
using static RcptVerify.Tests.Caching.StoredSample;

namespace RcptVerify.Tests.Caching;

public sealed class VerdictCodecTests
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(5000);
    private static readonly byte[] Address = Key("user@example.com");

    private static readonly Verdict[] Samples =
    [
        Verdict("user@example.com"),
        Verdict("user@example.com", VerdictStatus.Undeliverable),
        Verdict("user@example.com", VerdictStatus.Unknown, reply: new ProbeReply(0, "", "connection refused", "", ProbeTarget.Auto, ProbeStage.Connect, ".example.com")),
        Verdict("user@example.com", reply: Accepted with { AcceptAll = true, Stage = ProbeStage.EndOfData, Target = ProbeTarget.Eod }),
        Verdict("user@example.com", refusals: 1, refusedSince: 1_772_000_000_000),
        Verdict("user@example.com", VerdictStatus.Undeliverable, reply: Refused with { Text = "Benutzer unbekannt: größer ✉" }),
    ];

    private static readonly Gen<string> Word = Gen.Elements("abc ß✉.-5".ToCharArray()).ArrayOf().Select(chars => new string([.. chars.Take(80)]));

    private static readonly Gen<Verdict> Verdicts =
        from status in Gen.Elements(Enum.GetValues<VerdictStatus>())
        from updated in Gen.Choose(1, int.MaxValue)
        from life in Gen.Choose(0, int.MaxValue)
        from text in Word
        from server in Word
        from route in Word
        from target in Gen.Elements(Enum.GetValues<ProbeTarget>())
        from stage in Gen.Elements(Enum.GetValues<ProbeStage>())
        from acceptAll in Gen.Elements(true, false)
        from refusals in Gen.Choose(0, 255)
        select new Verdict(
            Address, status, updated * 800L, updated * 800L + life,
            new ProbeReply(status == VerdictStatus.Undeliverable ? 550 : 250, "5.1.1", text, server, target, stage, route) { AcceptAll = acceptAll },
            (byte)refusals, refusals == 0 ? 0 : updated);

    [Fact]
    public void What_was_written_is_read_again() => Check.One(Thorough, Prop.ForAll(Verdicts.ToArbitrary(), verdict =>
        TryDecode(VerdictCodec.Encode(verdict), out Verdict? read) == VerdictCodecError.None && Told(read) == Told(verdict)));

    [Fact]
    public void Every_strict_prefix_is_truncated() => Assert.All(Samples, sample =>
    {
        byte[] record = VerdictCodec.Encode(sample);
        for (int length = 0; length < record.Length; length++)
        {
            Assert.Equal(VerdictCodecError.Truncated, TryDecode(record.AsSpan(0, length), out Verdict? verdict));
            Assert.Null(verdict);
        }
    });

    [Fact]
    public void Bytes_behind_the_record_are_an_error() => Assert.All(Samples, sample =>
        Assert.Equal(VerdictCodecError.Malformed, TryDecode([.. VerdictCodec.Encode(sample), 0], out _)));

    [Fact]
    public void Another_version_is_none_of_ours()
    {
        byte[] record = VerdictCodec.Encode(Samples[0]);
        foreach (byte version in (byte[])[0, 2, 255])
        {
            record[0] = version;
            Assert.Equal(VerdictCodecError.UnknownVersion, TryDecode(record, out Verdict? verdict));
            Assert.Null(verdict);
        }
    }

    [Fact]
    public void Any_bytes_give_a_possible_verdict_or_an_error() => Check.One(Thorough, Prop.ForAll(Damaged().ToArbitrary(), record =>
    {
        VerdictCodecError error = TryDecode(record, out Verdict? verdict);
        return error == VerdictCodecError.None
            ? verdict is not null && VerdictCodec.Encode(verdict).AsSpan().SequenceEqual(record)
            : verdict is null;
    }));

    [Theory]
    [InlineData(1, 3)] // no such status
    [InlineData(2, 2)] // no such flag
    [InlineData(3, 5)] // no such target
    [InlineData(4, 10)] // no such stage
    [InlineData(6, 0x7f)] // no such reply code
    [InlineData(8, 0x80)] // dated before 1970
    [InlineData(16, 0x7f)] // lives for ever
    [InlineData(33, 0xff)] // a text longer than it may be
    public void A_field_that_cannot_be_true_is_an_error(int offset, byte value)
    {
        byte[] record = VerdictCodec.Encode(Samples[0]);
        record[offset] = value;
        Assert.Equal(VerdictCodecError.Malformed, TryDecode(record, out _));
    }

    [Fact]
    public void A_refusal_with_the_reply_of_an_acceptance_is_an_error_and_so_is_the_reverse()
    {
        byte[] record = VerdictCodec.Encode(Samples[0]);
        record[1] = (byte)VerdictStatus.Undeliverable;
        Assert.Equal(VerdictCodecError.Malformed, TryDecode(record, out _));
        record = VerdictCodec.Encode(Samples[1]);
        record[1] = (byte)VerdictStatus.Deliverable;
        Assert.Equal(VerdictCodecError.Malformed, TryDecode(record, out _));
    }

    [Fact]
    public void A_long_text_is_cut_between_characters_and_the_record_stays_below_its_cap()
    {
        Verdict verdict = Verdict("user@example.com", reply: Accepted with
        {
            Text = string.Concat(Enumerable.Repeat("x✉", 1000)),
            Server = new string('s', VerdictRecordLimits.MaxServerBytes),
            RouteName = new string('r', VerdictRecordLimits.MaxRouteBytes),
            Enhanced = "5.999.999",
        });
        byte[] record = VerdictCodec.Encode(verdict);
        Assert.InRange(record.Length, VerdictCodec.MaxBytes - 4, VerdictCodec.MaxBytes);
        Assert.Equal(VerdictCodecError.None, TryDecode(record, out Verdict? read));
        Assert.StartsWith(read!.Reply.Text, verdict.Reply.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_replies_are_shared()
    {
        ProbeReplyPool replies = new();
        byte[] record = VerdictCodec.Encode(Samples[0]);
        VerdictCodec.TryDecode(record, Address, replies, out Verdict? one);
        VerdictCodec.TryDecode(record, Key("other@example.com"), replies, out Verdict? other);
        Assert.Same(one!.Reply, other!.Reply);
    }

    [Fact]
    public void The_bytes_are_the_approved_ones()
    {
        StringBuilder text = new();
        foreach (Verdict sample in Samples)
            text.Append(Told(sample)).Append('\n').Append(Convert.ToHexStringLower(VerdictCodec.Encode(sample))).Append('\n');
        ApprovedText.Matches("tests/RcptVerify.Tests/Approved/verdict-record.txt", text.ToString());
    }

    private static Gen<byte[]> Damaged() =>
        from sample in Gen.Elements(Samples)
        from changes in (from at in Gen.Choose(0, 200) from value in Gen.Choose(0, 255) select (at, value)).ArrayOf()
        select Change(VerdictCodec.Encode(sample), changes);

    private static byte[] Change(byte[] record, (int At, int Value)[] changes)
    {
        foreach ((int at, int value) in changes.Take(3))
            record[at % record.Length] = (byte)value;
        return record;
    }

    private static VerdictCodecError TryDecode(ReadOnlySpan<byte> record, out Verdict? verdict) =>
        VerdictCodec.TryDecode(record, Address, new ProbeReplyPool(), out verdict);
}
