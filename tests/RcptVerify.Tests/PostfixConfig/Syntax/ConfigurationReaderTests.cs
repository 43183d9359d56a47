using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.TestKit.Processes;
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

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n")]
    public void An_empty_input_is_no_configuration(string text)
    {
        (PostfixConfiguration? configuration, string? error) = ConfigurationReader.Read("-", new StringReader(text));

        Assert.Null(configuration);
        Assert.Equal("standard input: it is empty", error);
    }

    [Theory]
    [InlineData("{\n  \"tool\": \"rcptverify\",\n  \"fix\": \"smtpd_tls_security_level = may\"\n}\n")]
    [InlineData("<?xml version=\"1.0\"?>\n<a b=\"c\"/>\n")]
    [InlineData("Dear colleague,\n\nwhere is our main.cf?\n")]
    public void A_text_that_sets_no_parameter_is_no_main_cf(string text)
    {
        (PostfixConfiguration? configuration, string? error) = ConfigurationReader.Read("-", new StringReader(text));

        Assert.Null(configuration);
        Assert.Contains("this is no main.cf", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("smtpd_tls_securty_level = may\n")]
    [InlineData("smtp inet n - n - - smtpd\n")]
    public void One_setting_or_one_service_is_enough(string text) => Assert.Null(ConfigurationReader.Read("-", new StringReader(text)).Error);

    [Fact]
    public void An_empty_main_cf_is_fine_beside_a_master_cf_only()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "");
        Assert.Contains("it is empty", ConfigurationReader.Read(folder.Path, TextReader.Null).Error, StringComparison.Ordinal);

        folder.Write("master.cf", "smtp inet n - n - - smtpd\n");
        Assert.Null(ConfigurationReader.Read(folder.Path, TextReader.Null).Error);
    }

    [Fact]
    public void Files_are_labelled_by_the_path_as_it_was_given_and_named_by_themselves()
    {
        using TempFolder folder = new();
        folder.Write("main.cf", "myhostname = a.example\n");
        folder.Write("master.cf", "smtp inet n - n - - smtpd\n");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.Path);
        foreach (string given in new[] { relative, folder.Path, "./" + relative + "/", folder.Path + "/main.cf" })
        {
            PostfixConfiguration configuration = ConfigurationReader.Read(given, TextReader.Null).Configuration!;
            string expected = given.EndsWith("main.cf", StringComparison.Ordinal) || given == folder.Path ? folder.Path : relative;
            Assert.Equal([$"{expected}/main.cf", $"{expected}/master.cf"], configuration.Files.Select(file => file.Label));
            Assert.Equal(["main.cf", "master.cf"], configuration.Files.Select(file => file.Name));
        }

        Assert.Equal("-", ConfigurationReader.Read("-", new StringReader("myhostname = a\n")).Configuration!.Files[0].Label);
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
