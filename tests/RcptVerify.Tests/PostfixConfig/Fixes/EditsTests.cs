using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig.Fixes;

public sealed class EditsTests
{
    [Theory]
    [InlineData("a = 1\nx = old value  \nb = 2\n", "a = 1\nx = new  \nb = 2\n")]
    [InlineData("x=old\r\nb = 2\r\n", "x=new\r\nb = 2\r\n")]
    [InlineData("x =\n  old\n  value\n", "x =\n  new\n")]
    [InlineData("x =\n", "x =new\n")]
    [InlineData("x = old", "x = new")]
    [InlineData("x = old\n# about it\n  value\n", null)]
    [InlineData("x = old\n\n  value\n", null)]
    public void A_value_is_replaced_where_it_stands(string main, string? expected) =>
        Assert.Equal(expected, Apply(main, null, "x", value => Edits.SetValue(value, "new")).Main);

    [Theory]
    [InlineData("a = 1\nx = old\nb = 2\n", "a = 1\nb = 2\n")]
    [InlineData("a = 1\nx = old\n  value\nb = 2\n", "a = 1\nb = 2\n")]
    [InlineData("# kept\nx = old", "# kept\n")]
    [InlineData("x = old\n# about it\n  value\n", null)]
    public void A_definition_is_deleted_and_comments_stay(string main, string? expected) =>
        Assert.Equal(expected, Apply(main, null, "x", Edits.Delete).Main);

    [Theory]
    [InlineData("", "name", false)]
    [InlineData("name", "name", false)]
    [InlineData("name, other, $name", "name", true)]
    [InlineData("name_x $name", "name", true)]
    [InlineData("other $name", "name", true)]
    [InlineData("$name", "name", true)]
    [InlineData("${name}", "name", true)]
    [InlineData("$(name)", "name", true)]
    [InlineData("${ name ?{a}:{b}}", "name", true)]
    [InlineData("${{$name} == {x}?{a}:{b}}", "name", true)]
    [InlineData("$name_x, name", "name", false)]
    [InlineData("name, $ name", "name", false)]
    [InlineData("$na$name", "", false)]
    public void A_value_takes_another_parameter_s_wherever_that_stands_in_it(string raw, string name, bool expected)
    {
        Assert.Equal(expected, SafeEdits.RefersTo(raw, name));
        Assert.Equal(expected, new MainDefinitions(PostfixConfiguration.Parse($"z = {raw}\n").Main).Referring.Any(name));
    }

    [Theory]
    [InlineData("smtp unix - - n - - smtp\n  -o x=old\n  -o y=1\n", "smtp unix - - n - - smtp\n  -o y=1\n")]
    [InlineData("smtp unix - - n - - smtp -o x=old -o y=1\n", "smtp unix - - n - - smtp -o y=1\n")]
    [InlineData("smtp unix - - n - - smtp -ox=old\n", "smtp unix - - n - - smtp\n")]
    [InlineData("smtp unix - - n - - smtp\n  -o x=old -o y=1\n", "smtp unix - - n - - smtp\n   -o y=1\n")]
    [InlineData("smtp unix - - n - - smtp\n  -o\n  x=old\n", null)]
    [InlineData("smtp unix - - n - - smtp -o { x = old }\n", null)]
    public void An_option_is_deleted_with_its_line_if_it_is_alone_there(string master, string? expected) =>
        Assert.Equal(expected, Apply("", master, "x", Edits.Delete).Master);

    [Theory]
    [InlineData("smtp unix - - n - - smtp\n  -o x=old\n", "new", "smtp unix - - n - - smtp\n  -o x=new\n")]
    [InlineData("smtp unix - - n - - smtp\n  -o x=old\n", "new value", null)]
    [InlineData("smtp unix - - n - - smtp\n  -o { x = old }\n", "new value", "smtp unix - - n - - smtp\n  -o { x = new value }\n")]
    public void An_option_gets_a_value_that_can_stand_there(string master, string value, string? expected) =>
        Assert.Equal(expected, Apply("", master, "x", written => Edits.SetValue(written, value)).Master);

    [Fact]
    public void A_word_of_a_value_is_replaced() =>
        Assert.Equal("x = a, c\n", Apply("x = a, b\n", null, "x", value => Edits.ReplaceWord(value, 3, 1, "c")).Main);

    /// <summary>The texts after the edit; null where none is made.</summary>
    private static (string? Main, string? Master) Apply(string main, string? master, string name, Func<WrittenValue, IReadOnlyList<TextEdit>> edit)
    {
        PostfixConfiguration configuration = PostfixConfiguration.Parse(main, master);
        RuleContext context = new(EffectiveConfiguration.Of(configuration, new Lint().Range.Newest), new MainDefinitions(configuration.Main), ProfileCatalogue.Default);
        TextEdit? made = edit(Assert.Single(context.InForce(name))).SingleOrDefault();
        if (made is null)
            return (null, null);
        string text = string.Concat(made.File.Text.AsSpan(0, made.Start), made.Replacement, made.File.Text.AsSpan(made.End));
        return ReferenceEquals(made.File, configuration.Files[0]) ? (text, master) : (main, text);
    }
}
