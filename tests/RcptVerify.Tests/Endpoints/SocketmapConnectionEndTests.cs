using RcptVerify.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>How socketmap connections end.</summary>
public sealed class SocketmapConnectionEndTests : RequestConnectionEndTests<SocketmapConnectionHandler>
{
    private protected override RequestWords Words => SocketmapSample.Words;

    [Theory]
    [InlineData("01:x,", "NetstringBadLength")]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "NetstringBadLength")]
    [InlineData("request=smtpd_access_policy\n", "NetstringBadLength")]
    [InlineData("4353", "NetstringTooLong")]
    [InlineData("1:ab", "NetstringNoComma")]
    [InlineData("10:recipients,", "SocketmapNoKey")]
    [InlineData("3:a \0,", "SocketmapNul")]
    public Task Nonsense_is_logged_once_and_gets_no_answer(string bytes, string error) => AssertNonsenseAsync(bytes, error);

    [Fact]
    public Task An_idle_connection_outlives_the_100_seconds_that_Postfix_keeps_one() => AssertIdleForAsync(120);

    private protected override SocketmapConnectionHandler Create() => new(Verifier, new SocketmapDoorSettings(), Time, Log);
}
