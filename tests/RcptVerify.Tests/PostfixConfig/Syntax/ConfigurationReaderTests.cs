using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Syntax;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void What_postconf_prints_without_n_is_not_taken_for_what_somebody_wrote()
    {
        string all = string.Concat(PostfixDefaults.Names.Select(name => $"{name} = x\n"));

        (PostfixConfiguration? configuration, string? error) = ConfigurationReader.Read("-", new StringReader(all));

        Assert.Null(configuration);
        Assert.Contains("postconf -n; postconf -M", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_of_one_s_own_names_is_read()
    {
        string own = string.Concat(Enumerable.Range(0, 2000).Select(number => $"own_{number} = x\nmyhostname = a\n"));

        (PostfixConfiguration? configuration, string? error) = ConfigurationReader.Read("-", new StringReader(own));

        Assert.Null(error);
        Assert.Equal(4000, configuration!.Main.Entries.Count);
    }
}
