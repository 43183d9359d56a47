using System.Buffers;
using System.Globalization;
using System.Text;
using RcptVerify.TestKit;
using RcptVerify.Wire.Socketmap;
using Xunit;

namespace RcptVerify.Wire.Tests.Socketmap;

public sealed class SocketmapRequestParserTests
{
    /// <summary>Requests with their map name and key.</summary>
    public static TheoryData<string, string, string> Samples { get; } = new()
    {
        { "31:recipients anna@company.example,", "recipients", "anna@company.example" },
        { "20:rcpt user@ex.example,", "rcpt", "user@ex.example" },
        { "23:recipients anna@müxx.y,", "recipients", "anna@müxx.y" },
        { "23:recipients \"a b\"@c.test,", "recipients", "\"a b\"@c.test" },
        { "11:recipients ,", "recipients", "" },
        { "1: ,", "", "" },
        { "4: a,b,", "", "a,b" },
        { "7:a 3:b,c,", "a", "3:b,c" },
        { "24:recipients @company.test,", "recipients", "@company.test" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_request_is_the_same_wherever_it_is_split(string sample, string map, string key)
    {
        SocketmapRequest request = new();
        foreach (ReadOnlySequence<byte> arrived in FragmentedSequence.EverySplit(Bytes(sample)))
        {
            ReadOnlySequence<byte> buffer = arrived;
            Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out WireError error));
            Assert.Equal((WireError.None, 0, map, key), (error, buffer.Length, Text(request.Map), Text(request.Key)));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_strict_prefix_needs_more_data_and_consumes_nothing(string sample, string map, string key)
    {
        byte[] bytes = Bytes(sample);
        SocketmapRequest request = new();
        for (int length = 0; length < bytes.Length; length++)
        {
            ReadOnlySequence<byte> buffer = FragmentedSequence.ByteByByte(bytes.AsMemory(0, length));
            Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out WireError error));
            Assert.Equal((WireError.None, length), (error, buffer.Length));
            Assert.True(request.Map.IsEmpty && request.Key.IsEmpty);
        }

        ReadOnlySequence<byte> whole = new(bytes);
        Assert.Equal(OperationStatus.Done, Parse(ref whole, request, out _));
        Assert.Equal((map, key), (Text(request.Map), Text(request.Key)));
    }

    [Fact]
    public void Several_requests_in_one_read_are_parsed_one_by_one()
    {
        byte[] bytes = Bytes(string.Concat(Samples.Select(s => s.Data.Item1)) + "32:recip");
        SocketmapRequest request = new();
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            ReadOnlySequence<byte> buffer = FragmentedSequence.Cut(bytes, cut);
            foreach ((string _, string map, string key) in Samples.Select(s => s.Data))
            {
                Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out _));
                Assert.Equal((map, key), (Text(request.Map), Text(request.Key)));
            }

            Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out _));
            Assert.Equal("32:recip".Length, buffer.Length);
        }
    }

    /// <summary>Bytes of which no request can become, the fault, and how many of them are needed to see it.</summary>
    public static TheoryData<string, WireError, int> Malformed { get; } = new()
    {
        { ":a b,", WireError.NetstringBadLength, 1 },
        { "03:a b,", WireError.NetstringBadLength, 2 },
        { "00:,", WireError.NetstringBadLength, 2 },
        { "-3:a b,", WireError.NetstringBadLength, 1 },
        { "+3:a b,", WireError.NetstringBadLength, 1 },
        { " 3:a b,", WireError.NetstringBadLength, 1 },
        { "3 :a b,", WireError.NetstringBadLength, 2 },
        { "3,", WireError.NetstringBadLength, 2 },
        { "GET / HTTP/1.1\r\n\r\n", WireError.NetstringBadLength, 1 },
        { "request=smtpd_access_policy\n", WireError.NetstringBadLength, 1 },
        { "4353", WireError.NetstringTooLong, 4 },
        { "9999999999999999999999999999999999999", WireError.NetstringTooLong, 4 },
        { "43520", WireError.NetstringTooLong, 5 },
        { "3:a bc", WireError.NetstringNoComma, 6 },
        { "3:a b\n", WireError.NetstringNoComma, 6 },
        { "0:,", WireError.SocketmapNoKey, 3 },
        { "10:recipients,", WireError.SocketmapNoKey, 14 },
        { "3:a \0,", WireError.SocketmapNul, 6 },
        { "3:\0 b,", WireError.SocketmapNul, 6 },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void A_fault_is_seen_at_the_byte_that_makes_it_one(string sample, WireError fault, int at)
    {
        byte[] bytes = Bytes(sample);
        for (int length = 0; length <= bytes.Length; length++)
        {
            ReadOnlySequence<byte> buffer = FragmentedSequence.ByteByByte(bytes.AsMemory(0, length));
            OperationStatus status = Parse(ref buffer, new(), out WireError error);
            (OperationStatus, WireError) expected = length < at ? (OperationStatus.NeedMoreData, WireError.None) : (OperationStatus.InvalidData, fault);
            Assert.Equal(expected, (status, error));
            Assert.Equal(length, buffer.Length);
        }
    }

    [Theory]
    [InlineData(0, OperationStatus.Done, WireError.None)]
    [InlineData(1, OperationStatus.InvalidData, WireError.NetstringTooLong)]
    public void The_limit_holds_to_the_byte(int over, OperationStatus expected, WireError expectedError)
    {
        int length = SocketmapLimits.Default.MaxRequestBytes + over;
        ReadOnlySequence<byte> buffer = new(Bytes(string.Create(CultureInfo.InvariantCulture, $"{length}:{"recipients ".PadRight(length, 'x')},")));
        Assert.Equal(expected, Parse(ref buffer, new(), out WireError error));
        Assert.Equal(expectedError, error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public void Limits_that_no_length_can_have_are_refused(int limit) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SocketmapLimits { MaxRequestBytes = limit });

    [Theory]
    [InlineData("anna@c.test", "anna@c.test")]
    [InlineData("\"two words\"@c.test", "two words@c.test")]
    [InlineData("\"a\\\"b\"@c.test", "a\"b@c.test")]
    [InlineData("\"a\\\\b\"@c.test", "a\\b@c.test")]
    [InlineData("\"a@b\"@c.test", "a@b@c.test")]
    [InlineData("\"\"@c.test", "@c.test")]
    [InlineData("\"ü ö\"@c.test", "ü ö@c.test")]
    [InlineData("two words@c.test", "two words@c.test")] // internal form from here on
    [InlineData("a\"b@c.test", "a\"b@c.test")]
    [InlineData("\"a@c.test", "\"a@c.test")]
    [InlineData("\"a\"b@c.test", "\"a\"b@c.test")]
    [InlineData("\"a\"b\"@c.test", "\"a\"b\"@c.test")]
    [InlineData("\"a\\\"@c.test", "\"a\\\"@c.test")]
    [InlineData("\"a\\@c.test", "\"a\\@c.test")]
    [InlineData("\"\"", "\"\"")]
    [InlineData("\"", "\"")]
    [InlineData("\"@", "\"@")]
    [InlineData("", "")]
    public void An_address_in_external_form_is_unquoted(string key, string address)
    {
        SocketmapRequest request = new();
        ReadOnlySequence<byte> buffer = new(Request(key));
        Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out _));
        Assert.Equal((key, address), (Text(request.Key), Text(request.Address)));
    }

    internal static byte[] Request(string key, string map = "recipients")
    {
        byte[] payload = Bytes($"{map} {key}");
        return [.. Bytes(payload.Length.ToString(CultureInfo.InvariantCulture)), (byte)':', .. payload, (byte)','];
    }

    internal static OperationStatus Parse(ref ReadOnlySequence<byte> buffer, SocketmapRequest request, out WireError error) =>
        SocketmapRequestParser.TryParse(ref buffer, request, SocketmapLimits.Default, out error);

    internal static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
}
