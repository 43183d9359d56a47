using RcptVerify.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>How policy connections end.</summary>
public sealed class PolicyConnectionEndTests : RequestConnectionEndTests<PolicyConnectionHandler>
{
    /// <summary>Bytes that can never become a request, and what is logged of them.</summary>
    public static TheoryData<string, string> Malformed { get; } = new()
    {
        { "no equals sign\n", "MissingEquals" },
        { "=value\n", "EmptyName" },
        { "\n", "EmptyRequest" },
        { "sender=a\0b\n", "InvalidByte" },
        { "sender=" + new string('x', 20_000), "LineTooLong" },
        { string.Concat(Enumerable.Repeat("a=b\n", 10_000)), "TooManyAttributes" },
        { string.Concat(Enumerable.Range(0, 5).Select(i => $"a{i}={new string('x', 16_000)}\n")), "RequestTooLarge" },
        { "GET / HTTP/1.1\r\n\r\n", "MissingEquals" },
        { "\u0016\u0003\u0001\u0002\0\n", "InvalidByte" },
        { "request=other\n\n", "request= is not smtpd_access_policy" },
        { "recipient=anna@example.com\n\n", "request= is not smtpd_access_policy" },
    };

    private protected override RequestWords Words => PolicySample.Words;

    [Theory]
    [MemberData(nameof(Malformed))]
    public Task Nonsense_is_logged_once_and_gets_no_answer(string bytes, string error) => AssertNonsenseAsync(bytes, error);

    [Fact]
    public Task An_idle_connection_is_kept_for_twenty_minutes() => AssertIdleForAsync(1200);

    private protected override PolicyConnectionHandler Create() => new(Verifier, new PolicyDoorSettings(), Time, Log);
}
