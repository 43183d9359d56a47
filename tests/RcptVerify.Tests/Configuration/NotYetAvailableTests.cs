using RcptVerify.Configuration;
using RcptVerify.TestKit.Processes;
using Xunit;
using static RcptVerify.Tests.Configuration.Configured;

namespace RcptVerify.Tests.Configuration;

/// <summary>What the program cannot do yet is refused, not silently accepted.</summary>
public sealed class NotYetAvailableTests
{
    [Theory]
    [InlineData("[[route]]\ndomains = [\"d.example\"]\nservers = [\"s\"]\ntls = \"dane\"",
        "4:7: level \"dane\" is not available yet: use \"verify\", or \"encrypt\" where the certificate cannot be checked")]
    public void It_is_refused_with_its_place(string text, string error) => HasErrors(Parse(text), $"{Source}:{error}");

    [Fact]
    public void No_default_is_refused() => Assert.All(NotYetAvailable.All, refusal =>
        Assert.False(refusal.Applies(refusal.Key.Read(RawValue.Untyped(default, refusal.Key.DefaultText), new ErrorList())!.Value)));

    [Fact]
    public void Every_later_default_can_be_read_and_is_refused_today() =>
        Assert.All(NotYetAvailable.All.Where(refusal => refusal.LaterDefault is not null), refusal =>
            Assert.True(refusal.Applies(refusal.Key.Read(RawValue.Untyped(default, refusal.LaterDefault!), new ErrorList())!.Value)));

    [Theory]
    [InlineData("h:1,wrong=1", "\"wrong\" is not an option, or cannot have that value")]
    [InlineData("h:1,ssl=perhaps", "\"ssl\" is not an option, or cannot have that value")]
    [InlineData("ssl=true", "it names no server")]
    public void A_bad_connection_string_of_Redis_is_refused_with_its_place(string redis, string problem) => HasErrors(
        Parse($"[cache]\nredis = \"{redis}\""), $"{Source}:2:9: redis is no connection string in StackExchange.Redis' notation: {problem}");

    [Theory]
    [InlineData("redis_ca_file = \"/ca.pem\"", "3:17: redis_ca_file needs ssl=true in redis: without it nothing is encrypted, and no certificate is looked at")]
    [InlineData("redis_cert_file = \"/own.pem\"", "3:19: redis_cert_file needs ssl=true in redis: without it nothing is encrypted, and no certificate is looked at")]
    [InlineData("redis_key_file = \"/own.key\"", "3:18: redis_key_file needs redis_cert_file, the certificate that the key belongs to")]
    public void Files_for_TLS_to_a_Redis_in_clear_text_are_refused(string line, string problem) =>
        HasErrors(Parse($"[cache]\nredis = \"h:1,password=secret\"\n{line}"), $"{Source}:{problem}");

    [Fact]
    public void Every_connection_string_and_file_of_the_page_on_Redis_is_taken()
    {
        string page = RepositoryFile.Read("config/redis.md");
        string[] samples = [.. page.Split("```toml\n").Skip(1).Select(part => part.Split("```")[0])];
        Assert.True(samples.Length >= 3);
        Assert.All(samples, sample => Options(Parse(sample)));
    }

    [Fact]
    public void A_password_is_never_in_the_message() =>
        Assert.DoesNotContain("secret", Errors(Parse("[cache]\nredis = \"h,password=secret,ssl=perhaps\"")), StringComparison.Ordinal);
}
