using System.Globalization;
using RcptVerify.PostfixConfig.Expansion;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

public sealed class ParameterExpanderTests
{
    private static readonly Dictionary<string, string> Parameters = new(StringComparer.Ordinal)
    {
        ["a"] = "one",
        ["b"] = "$a two",
        ["empty"] = "",
        ["loop"] = "x $loop",
        ["level"] = "3.10",
    };

    [Theory]
    [InlineData("$a", "one")]
    [InlineData("${a}", "one")]
    [InlineData("$(a)", "one")]
    [InlineData("$b!", "one two!")]
    [InlineData("$$a", "$a")]
    [InlineData("${a?yes}${a:no}", "yes")]
    [InlineData("${empty?yes}${empty:no}", "no")]
    [InlineData("${nobody?yes}${nobody:no}", "no")]
    [InlineData("${a?{yes}:{no}}", "yes")]
    [InlineData("${empty?{yes}:{no}}", "no")]
    [InlineData("${a?{<$b>}}", "<one two>")]
    [InlineData("${{$a} == {one} ? {same} : {other}}", "same")]
    [InlineData("${{9} < {10} ? {number} : {text}}", "number")]
    [InlineData("${{9} < {10a} ? {number} : {text}}", "text")]
    [InlineData("${{$level} <level {3.9} ? {older} : {newer}}", "newer")]
    [InlineData("${{$level} >=level {3.10} ? {from} : {before}}", "from")]
    public void Every_form_of_a_reference_is_expanded(string value, string expanded)
    {
        ExpandedValue result = Expand(value);
        Assert.Equal((expanded, null), (result.Text, result.Error));
    }

    [Theory]
    [InlineData("$loop")]
    [InlineData("${a")]
    [InlineData("${a?{b}")]
    [InlineData("${}")]
    [InlineData("${{1} ~ {2} ? {a} : {b}}")]
    public void What_Postfix_dies_of_is_an_error(string value) => Assert.NotNull(Expand(value).Error);

    [Fact]
    public void An_undefined_name_is_empty_and_told() => Assert.Equal(["nobody"], Expand("x $nobody y").Undefined);

    [Fact]
    public void A_value_that_triples_itself_is_an_error_and_no_hang()
    {
        Dictionary<string, string> bomb = Enumerable.Range(0, 90).ToDictionary(
            i => string.Create(CultureInfo.InvariantCulture, $"p{i}"), i => string.Create(CultureInfo.InvariantCulture, $"$p{i + 1}$p{i + 1}$p{i + 1}"));
        Assert.NotNull(ParameterExpander.Expand("$p0", bomb.GetValueOrDefault).Error);
    }

    private static ExpandedValue Expand(string value) => ParameterExpander.Expand(value, Parameters.GetValueOrDefault);
}
