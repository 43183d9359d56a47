using System.Buffers;
using RcptVerify.TestKit;
using RcptVerify.Wire.Policy;
using Xunit;
using static RcptVerify.Wire.Tests.Policy.PolicySamples;

namespace RcptVerify.Wire.Tests.Policy;

public sealed class PolicyRequestParserTests
{
    public static TheoryData<string> Samples => All;

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_request_is_the_same_wherever_it_is_split(string sample)
    {
        PolicyRequest request = new();
        foreach (ReadOnlySequence<byte> arrived in FragmentedSequence.EverySplit(Bytes(sample)))
        {
            Assert.Null(PolicyAgreement.FindDifference(arrived, request, PolicyLimits.Default));
            Assert.Equal("smtpd_access_policy", request.Text(PolicyAttribute.Request));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_strict_prefix_needs_more_data_and_consumes_nothing(string sample)
    {
        byte[] bytes = Bytes(sample);
        for (int length = 0; length < bytes.Length; length++)
        {
            PolicyRequest request = new();
            ReadOnlySequence<byte> buffer = new(bytes, 0, length);

            Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out WireError error));

            Assert.Equal(WireError.None, error);
            Assert.Equal(length, buffer.Length);
            Assert.False(request.Has(PolicyAttribute.Request));
        }
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_request_that_arrives_byte_by_byte_goes_on_where_it_stopped(string sample)
    {
        byte[] bytes = Bytes(sample);
        Assert.Null(PolicyAgreement.FindDifference(
            bytes, Enumerable.Repeat(1, bytes.Length), PolicyLimits.Default, new Random(1)));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_request_that_first_arrives_in_two_segments_may_end_in_one(string sample)
    {
        byte[] bytes = Bytes(sample);
        for (int length = 2; length < bytes.Length; length++)
        {
            PolicyRequest request = new();
            ReadOnlySequence<byte> buffer = FragmentedSequence.Cut(bytes.AsMemory(0, length), length / 2);
            Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out _));
            Assert.Null(PolicyAgreement.FindDifference(new(bytes), request, PolicyLimits.Default));
        }
    }

    [Fact]
    public void Postfix_3_12_fills_every_attribute()
    {
        PolicyRequest request = ParseWhole(Postfix312);

        string[] values = Postfix312.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(PolicyAttributes.Count, values.Length);
        for (PolicyAttribute a = 0; (int)a < PolicyAttributes.Count; a++)
            Assert.Equal(values[(int)a].Split('=', 2)[1], request.Text(a));
    }

    [Fact]
    public void Absent_and_empty_attributes_differ_only_in_presence()
    {
        PolicyRequest request = ParseWhole(Postfix21);

        Assert.True(request.Has(PolicyAttribute.QueueId));
        Assert.True(request[PolicyAttribute.QueueId].IsEmpty);
        Assert.False(request.Has(PolicyAttribute.TlsSni));
        Assert.True(request[PolicyAttribute.TlsSni].IsEmpty);
        Assert.True(request.Span(PolicyAttribute.TlsSni).IsEmpty);
    }

    [Fact]
    public void The_order_of_attributes_does_not_matter()
    {
        string[] lines = Postfix312.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        PolicyRequest inOrder = ParseWhole(Postfix312);
        PolicyRequest reversed = ParseWhole(string.Join('\n', lines.Reverse()) + "\n\n");

        for (PolicyAttribute a = 0; (int)a < PolicyAttributes.Count; a++)
            Assert.Equal(inOrder.Text(a), reversed.Text(a));
    }

    [Theory]
    [InlineData("recipient=a@b\nfuture=x\nrecipien=y\nrecipient_=z\nRecipient=w\n\n", "a@b")]
    [InlineData("recipient=first@b\nrecipient=last@b\n\n", "last@b")]
    [InlineData("recipient=first@b\nrecipient=\n\n", "")]
    [InlineData("recipient==a=b=@c=\n\n", "=a=b=@c=")]
    [InlineData("recipient= a b @c \n\n", " a b @c ")]
    [InlineData("recipient=jürgen@bücher.example\n\n", "jürgen@bücher.example")]
    [InlineData("recipient=a\r@b\r\n\n", "a\r@b\r")]
    public void A_value_is_everything_behind_the_first_equals_sign_of_the_last_such_line(string text, string recipient)
    {
        Assert.Equal(recipient, ParseWhole(text).Text(PolicyAttribute.Recipient));
    }

    [Fact]
    public void Several_requests_in_one_read_are_parsed_one_by_one()
    {
        string[] samples = [Postfix312, Postfix21, Postfix25, Postfix37, Postfix30];
        byte[] bytes = Bytes(string.Concat(samples) + "request=");
        PolicyRequest request = new();
        for (int cut = 0; cut <= bytes.Length; cut += 7)
        {
            ReadOnlySequence<byte> buffer = FragmentedSequence.Cut(bytes, cut, Math.Min(cut + 500, bytes.Length));
            foreach (string sample in samples)
            {
                Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out _));
                Assert.Contains($"\nclient_address={request.Text(PolicyAttribute.ClientAddress)}\n", sample, StringComparison.Ordinal);
                Assert.Equal(
                    sample.Contains("policy_context", StringComparison.Ordinal), request.Has(PolicyAttribute.PolicyContext));
            }

            Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out _));
            Assert.Equal("request="u8.Length, buffer.Length);
            request.Reset();
        }
    }

    [Fact]
    public void Values_stay_when_the_input_is_overwritten_and_go_with_the_next_request()
    {
        byte[] bytes = Bytes(Postfix21);
        PolicyRequest request = new();
        ReadOnlySequence<byte> buffer = new(bytes);
        Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out _));
        bytes.AsSpan().Clear();
        Assert.Equal("bob@company.example", request.Text(PolicyAttribute.Recipient));
        Assert.Equal(PolicyProtocolState.Rcpt, request.ProtocolState);

        buffer = new(Bytes("sender=x\n"));
        Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out _));

        Assert.False(request.Has(PolicyAttribute.Recipient));
        Assert.Equal(PolicyProtocolState.Unknown, request.ProtocolState);
    }

    [Fact]
    public void A_reset_in_the_middle_of_a_request_starts_over()
    {
        PolicyRequest request = new();
        ReadOnlySequence<byte> buffer = FragmentedSequence.Cut(Bytes("sender=somebody@else.example\nrecip"), 9);
        Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out _));

        request.Reset();

        buffer = new(Bytes(Postfix37));
        Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out _));
        Assert.Equal("bounce+bob=company.example@sender.example", request.Text(PolicyAttribute.Sender));
    }

    [Fact]
    public void Fewer_bytes_than_before_are_taken_for_the_start_of_another_request()
    {
        PolicyRequest request = new();
        ReadOnlySequence<byte> buffer = FragmentedSequence.Cut(Bytes(Postfix312[..^1]), 300);
        Assert.Equal(OperationStatus.NeedMoreData, Parse(ref buffer, request, out _));

        buffer = new(Bytes(Postfix21));
        Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out _));
        Assert.Equal("123.456.7", request.Text(PolicyAttribute.Instance));
        Assert.False(request.Has(PolicyAttribute.Size));
    }

    [Theory]
    [InlineData("CONNECT", PolicyProtocolState.Connect)]
    [InlineData("EHLO", PolicyProtocolState.Ehlo)]
    [InlineData("HELO", PolicyProtocolState.Helo)]
    [InlineData("MAIL", PolicyProtocolState.Mail)]
    [InlineData("RCPT", PolicyProtocolState.Rcpt)]
    [InlineData("DATA", PolicyProtocolState.Data)]
    [InlineData("END-OF-MESSAGE", PolicyProtocolState.EndOfMessage)]
    [InlineData("VRFY", PolicyProtocolState.Vrfy)]
    [InlineData("ETRN", PolicyProtocolState.Etrn)]
    [InlineData("rcpt", PolicyProtocolState.Unknown)]
    [InlineData("BDAT", PolicyProtocolState.Unknown)]
    [InlineData("", PolicyProtocolState.Unknown)]
    public void The_protocol_state_is_recognised(string value, PolicyProtocolState expected)
    {
        Assert.Equal(expected, ParseWhole($"protocol_state={value}\n\n").ProtocolState);
    }

    [Theory]
    [InlineData("size=12345\n\n", true, 12345)]
    [InlineData("size=0\n\n", true, 0)]
    [InlineData("size=9223372036854775807\n\n", true, long.MaxValue)]
    [InlineData("size=9223372036854775808\n\n", false, 0)]
    [InlineData("size=\n\n", false, 0)]
    [InlineData("size=12k\n\n", false, 0)]
    [InlineData("size= 12\n\n", false, 0)]
    [InlineData("stress=\n\n", false, 0)]
    public void A_number_is_decimal_to_its_last_byte(string text, bool isNumber, long expected)
    {
        Assert.Equal(isNumber, ParseWhole(text).TryGetNumber(PolicyAttribute.Size, out long value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("\n", WireError.EmptyRequest)]
    [InlineData("request\n\n", WireError.MissingEquals)]
    [InlineData("request=x\r\n\r\n", WireError.MissingEquals)]
    [InlineData("request=x\n=y\n\n", WireError.EmptyName)]
    [InlineData("request=x\n=", WireError.EmptyName)]
    [InlineData("request=x\0y\n\n", WireError.InvalidByte)]
    [InlineData("req\0uest=x\n\n", WireError.InvalidByte)]
    [InlineData("\0", WireError.InvalidByte)]
    [InlineData("request=x\n\0\n", WireError.InvalidByte)]
    public void A_malformed_request_is_refused_however_it_is_split(string text, WireError expected)
    {
        foreach (ReadOnlySequence<byte> arrived in FragmentedSequence.EverySplit(Bytes(text)))
        {
            PolicyRequest request = new();
            ReadOnlySequence<byte> buffer = arrived;
            Assert.Equal(OperationStatus.InvalidData, Parse(ref buffer, request, out WireError error));
            Assert.Equal(expected, error);
            Assert.Equal(arrived.Length, buffer.Length);
            Assert.False(request.Has(PolicyAttribute.Request));
        }
    }

    private static OperationStatus Parse(ref ReadOnlySequence<byte> buffer, PolicyRequest request, out WireError error) =>
        PolicyRequestParser.TryParse(ref buffer, request, PolicyLimits.Default, out error);

    private static PolicyRequest ParseWhole(string text)
    {
        PolicyRequest request = new();
        ReadOnlySequence<byte> buffer = new(Bytes(text));
        Assert.Equal(OperationStatus.Done, Parse(ref buffer, request, out WireError error));
        Assert.Equal(WireError.None, error);
        Assert.True(buffer.IsEmpty);
        return request;
    }
}
