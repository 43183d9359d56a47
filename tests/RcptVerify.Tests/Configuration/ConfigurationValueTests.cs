using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Configuration;
using Xunit;

namespace RcptVerify.Tests.Configuration;

/// <summary>The notations: durations, sockets, servers, limits, spellings.</summary>
public sealed class ConfigurationValueTests
{
    private static readonly Gen<int> WholeSeconds = Gen.OneOf(
        Gen.Choose(0, 315_360_000), Gen.Choose(0, 3650).Select(days => days * 86400), Gen.Choose(0, 10_000).Select(minutes => minutes * 60));

    [Theory]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("3h", 10800)]
    [InlineData("7d", 604800)]
    [InlineData("1w", 604800)]
    [InlineData("90", 90)]
    [InlineData("0", 0)]
    [InlineData("007s", 7)]
    [InlineData("3650d", 315360000)]
    public void A_duration_is_read_in_Postfix_units(string text, int seconds)
    {
        Assert.True(PostfixDuration.TryParse(text, out TimeSpan duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("+1s")]
    [InlineData("1.5h")]
    [InlineData(" 1s")]
    [InlineData("1 s")]
    [InlineData("1s ")]
    [InlineData("1S")]
    [InlineData("1ms")]
    [InlineData("1h30m")]
    [InlineData("3651d")]
    [InlineData("2147483647w")]
    [InlineData("99999999999999999999")]
    [InlineData("٣s")]
    public void Anything_else_is_no_duration(string text) => Assert.False(PostfixDuration.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(59, "59s")]
    [InlineData(1200, "20m")]
    [InlineData(5400, "90m")]
    [InlineData(86400, "1d")]
    public void A_duration_is_written_as_shortly_as_it_is_exact(int seconds, string text) =>
        Assert.Equal(text, PostfixDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void What_is_written_is_read_back() =>
        Prop.ForAll(WholeSeconds.ToArbitrary(), seconds =>
        {
            TimeSpan duration = TimeSpan.FromSeconds(seconds);
            return PostfixDuration.TryParse(PostfixDuration.Format(duration), out TimeSpan back) && back == duration;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_Postfix_cannot_write_is_not_written()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PostfixDuration.Format(TimeSpan.FromMilliseconds(1500)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PostfixDuration.Format(TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => PostfixDuration.Format(TimeSpan.MaxValue));
    }

    [Theory]
    [InlineData("inet:127.0.0.1:10040", "inet:127.0.0.1:10040")]
    [InlineData("inet:localhost:0", "inet:localhost:0")]
    [InlineData("inet:MX.Example:65535", "inet:mx.example:65535")]
    [InlineData("inet:[::1]:10040", "inet:[::1]:10040")]
    [InlineData("inet:[0:0::0:1]:1", "inet:[::1]:1")]
    [InlineData("unix:/run/rcptverify/policy.sock", "unix:/run/rcptverify/policy.sock")]
    public void A_socket_is_read_in_Postfix_notation(string text, string written)
    {
        var address = ListenAddress.Parse(text);
        Assert.Equal(written, address.ToString());
        Assert.Equal(address, ListenAddress.Parse(written));
    }

    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:10040")]
    [InlineData("inet:127.0.0.1")]
    [InlineData("inet:10040")]
    [InlineData("inet::10040")]
    [InlineData("inet:::1:10040")]
    [InlineData("inet:[::1]")]
    [InlineData("inet:[::1]10040")]
    [InlineData("inet:[::1")]
    [InlineData("inet:[127.0.0.1]:1")]
    [InlineData("inet:h:65536")]
    [InlineData("inet:h:-1")]
    [InlineData("inet:h:1 ")]
    [InlineData("inet:a b:1")]
    [InlineData("inet:1.2.3:1")]
    [InlineData("inet:127.0.0.01:1")]
    [InlineData("unix:relative")]
    [InlineData("unix:/")]
    [InlineData("unix:/a\0b")]
    [InlineData("tcp:h:1")]
    public void Anything_else_is_no_socket(string text)
    {
        Assert.False(ListenAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => ListenAddress.Parse(text));
    }

    [Fact]
    public void The_parts_of_a_socket_can_be_asked()
    {
        var inet = ListenAddress.Parse("inet:[::1]:10040");
        Assert.Equal((ListenAddressKind.Inet, "::1", 10040, ""), (inet.Kind, inet.Host, inet.Port, inet.Path));
        var unix = ListenAddress.Parse("unix:/a");
        Assert.Equal((ListenAddressKind.Unix, "", 0, "/a"), (unix.Kind, unix.Host, unix.Port, unix.Path));
    }

    [Fact]
    public void A_socket_path_fits_into_sun_path()
    {
        Assert.True(ListenAddress.TryParse("unix:/" + new string('x', 106), out _));
        Assert.False(ListenAddress.TryParse("unix:/" + new string('x', 107), out _));
        Assert.False(ListenAddress.TryParse("unix:/" + new string('é', 54), out _));
    }

    [Theory]
    [InlineData("100/1h", "100/1h")]
    [InlineData("1/1d", "1/1d")]
    [InlineData("5/60", "5/1m")]
    [InlineData("0/1h", null)]
    [InlineData("1/0s", null)]
    [InlineData("1/2d", null)]
    [InlineData("/1h", null)]
    [InlineData("1/", null)]
    [InlineData("1", null)]
    public void A_limit_is_a_count_and_a_period(string text, string? written)
    {
        Assert.Equal(written is not null, RateLimit.TryParse(text, out RateLimit? limit));
        Assert.Equal(written, limit?.ToString());
    }

    [Theory]
    [InlineData("lisen", "listen")]
    [InlineData("ilsten", "listen")]
    [InlineData("LISTEN", "listen")]
    [InlineData("target", "target")]
    [InlineData("tragets", "target")]
    [InlineData("zebra", null)]
    [InlineData("", null)]
    public void The_nearest_spelling_is_found(string word, string? nearest) =>
        Assert.Equal(nearest, Spelling.Nearest(word, ["listen", "target", "negative_expire_time"]));

    [Fact]
    public void A_domain_is_no_longer_than_DNS_allows()
    {
        string label = new('a', 63);
        string longest = $"{label}.{label}.{label}.{label[..61]}";
        Assert.True(HostNameSyntax.TryNormalize(longest, out _));
        Assert.False(HostNameSyntax.TryNormalize(longest + "a", out _));
        Assert.False(HostNameSyntax.TryNormalize(label + "a.example", out _));
        Assert.False(HostNameSyntax.TryNormalize("ü" + new string('ä', 62) + ".example", out _));
        Assert.False(HostNameSyntax.TryNormalize("example.", out _));
        Assert.False(HostNameSyntax.TryNormalize("-a.example", out _));
    }

    [Fact]
    public void Default_sockets_and_modes_are_those_of_the_contract()
    {
        var policy = new PolicyOptions();
        Assert.Equal("inet:127.0.0.1:10040", Assert.Single(policy.Listen).ToString());
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, policy.SocketMode);
        Assert.Equal(TimeSpan.FromSeconds(1200), policy.MaxIdleTime);
    }
}
