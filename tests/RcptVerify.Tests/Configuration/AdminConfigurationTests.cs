using Xunit;
using static RcptVerify.Tests.Configuration.Configured;

namespace RcptVerify.Tests.Configuration;

public sealed class AdminConfigurationTests
{
    [Theory]
    [InlineData("inet:192.0.2.1:10080")]
    [InlineData("inet:admin.example:10080")]
    [InlineData("unix:/run/a.sock")]
    public void The_admin_door_listens_on_loopback_only(string listen) =>
        Assert.Contains("expected a loopback address", Errors(Parse($"[admin]\nlisten = \"{listen}\"")), StringComparison.Ordinal);

    [Theory]
    [InlineData("tooshort")]
    [InlineData("a token with spaces in it")]
    public void A_bad_token_is_told_without_being_quoted(string token)
    {
        string errors = Errors(Parse($"[admin]\ntoken = \"{token}\""));
        Assert.Contains("expected 16 to 256", errors, StringComparison.Ordinal);
        Assert.DoesNotContain(token, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_and_a_file_for_it_are_one_too_many() => HasErrors(
        Parse("[admin]\ntoken = \"sixteen-letters-\"\ntoken_file = \"/etc/rcptverify/token\""),
        "c.toml:3:14: token is set as well: there is one token, here or in its file");
}
