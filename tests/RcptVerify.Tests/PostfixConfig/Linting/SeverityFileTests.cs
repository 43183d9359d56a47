using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Linting;

public sealed class SeverityFileTests
{
    [Fact]
    public void Severities_are_read_in_any_spelling_of_the_id()
    {
        List<string> errors = [];
        IReadOnlyDictionary<string, Severity> read = SeverityFile.Parse("[severity]\nRV-PRO-003 = \"notice\"\n\"cip-001\" = \"none\"\n", "s.toml", errors);
        Assert.Empty(errors);
        Assert.Equal(new Dictionary<string, Severity> { ["RV-PRO-003"] = Severity.Notice, ["RV-CIP-001"] = Severity.None }, read);
    }

    [Theory]
    [InlineData("RV-PRO-003 = \"notice\"\n", "s.toml:1:1: only the table [severity] is known")]
    [InlineData("[severities]\n", "s.toml:1:1: only the table [severity] is known")]
    [InlineData("[severity]\nRV-PRO-03 = \"notice\"\n", "s.toml:2:1: there is no rule \"RV-PRO-03\", did you mean \"RV-PRO-003\"?")]
    [InlineData("[severity]\nRV-PRO-003 = \"fatal\"\n", "s.toml:2:1: a severity is one of none|notice|warning|error")]
    [InlineData("[severity]\nRV-PRO-003 = 1\n", "s.toml:2:1: a severity is one of none|notice|warning|error")]
    [InlineData("[severity]\nRV-PRO-003 = \"error\"\npro-003 = \"none\"\n", "s.toml:3:1: RV-PRO-003 is set twice")]
    public void What_is_wrong_is_said_with_its_place(string text, string error)
    {
        List<string> errors = [];
        SeverityFile.Parse(text, "s.toml", errors);
        Assert.Equal([error], errors);
    }

    [Theory]
    [InlineData("[severity\n")]
    [InlineData("\"\\")]
    [InlineData("[severity]\nRV-PRO-003 =\n")]
    public void Broken_TOML_is_an_error_and_no_crash(string text)
    {
        List<string> errors = [];
        SeverityFile.Parse(text, "s.toml", errors);
        Assert.NotEmpty(errors);
    }
}
