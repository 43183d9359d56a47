using RcptVerify.Configuration;
using Xunit;

namespace RcptVerify.Tests.Configuration;

/// <summary>The shipped documents and the table of keys are one. To regenerate them: run this class with RCPTVERIFY_APPROVE=1.</summary>
public sealed class ConfigurationDocumentTests
{
    private const string DefaultFile = "config/rcptverify.toml";

    [Fact]
    public void The_default_file_is_written_from_the_table() => ApprovedText.Matches(DefaultFile, ConfigurationDocuments.DefaultFile());

    [Fact]
    public void The_reference_is_written_from_the_table() =>
        ApprovedText.MatchesBetween("config/README.md", "<!-- keys: begin -->", "<!-- keys: end -->", "\n" + ConfigurationDocuments.Reference());

    [Fact]
    public void The_schema_is_approved() =>
        ApprovedText.Matches("tests/RcptVerify.Tests/Approved/configuration-schema.txt", ConfigurationDocuments.Schema());

    [Fact]
    public void The_default_file_as_shipped_gives_the_defaults()
    {
        RcptVerifyOptions options = Configured.Options(Configured.Parse(File.ReadAllText(ApprovedText.PathOf(DefaultFile))));
        Assert.Equal(Configured.Dump(new RcptVerifyOptions()), Configured.Dump(options));
    }

    [Fact]
    public void The_default_file_with_every_key_set_gives_the_defaults_too()
    {
        string text = ConfigurationDocuments.Uncommented(File.ReadAllText(ApprovedText.PathOf(DefaultFile)));
        Assert.All(Keys.All, key => Assert.Contains($"\n{key.Name} = ", text, StringComparison.Ordinal));

        RcptVerifyOptions options = Configured.Options(Configured.Parse(text));
        RouteOptions route = Assert.Single(options.Routes);
        var expected = new RouteOptions { Domains = route.Domains, Servers = route.Servers };
        Assert.Equal(Configured.Dump(new RcptVerifyOptions { Routes = [expected] }), Configured.Dump(options));
    }

    [Fact]
    public void The_page_tells_how_the_environment_names_routes() =>
        Assert.Contains("RCPTVERIFY__ROUTE__0__SERVERS", File.ReadAllText(ApprovedText.PathOf("config/README.md")), StringComparison.Ordinal);
}
