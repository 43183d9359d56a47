using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RcptVerify.Configuration;
using Xunit;
using static RcptVerify.Tests.Configuration.Configured;

namespace RcptVerify.Tests.Configuration;

/// <summary>Files as they should not be: every one is an error in the result, none an exception.</summary>
public sealed class ConfigurationFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"rcptverify-{Guid.NewGuid():N}.toml");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_good_file_is_read() => Assert.Equal(TimeSpan.FromSeconds(3), Options(Load("[policy]\nanswer_within = 3\n"u8)).Policy.AnswerWithin);

    [Fact]
    public void An_empty_file_gives_the_defaults() => Assert.Equal(Dump(new RcptVerifyOptions()), Dump(Options(Load([]))));

    [Fact]
    public void A_byte_order_mark_is_skipped_and_not_counted() =>
        HasErrors(Load([0xEF, 0xBB, 0xBF, .. "x = 1"u8]), $"{_path}:1:1: unknown key \"x\" outside of all sections");

    [Fact]
    public void A_missing_file_is_an_error() => HasErrors(Load(_path), $"{_path}: no such file");

    [Fact]
    public void A_directory_is_an_error() => HasErrors(Load("/"), "/: is a directory, not a file");

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    public void An_impossible_name_is_an_error(string path) => Assert.Single(Load(path).Errors);

    [Fact]
    public void A_device_without_end_is_an_error() => HasErrors(Load("/dev/zero"), "/dev/zero: is larger than 1 MiB, which no configuration is");

    [Fact]
    public void One_byte_more_than_a_mebibyte_is_an_error()
    {
        Options(Load(Encoding.ASCII.GetBytes(new string('\n', ConfigurationLimits.MaxFileBytes))));
        HasErrors(
            Load(Encoding.ASCII.GetBytes(new string('\n', ConfigurationLimits.MaxFileBytes + 1))),
            $"{_path}: is larger than 1 MiB, which no configuration is");
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_told_with_their_place() =>
        HasErrors(Load([.. "# é\n# B"u8, 0xFC, .. "cher\n"u8]), $"{_path}:2:4: not UTF-8: byte 0xFC");

    [Fact]
    public void What_is_wrong_with_the_environment_is_told_beside_a_missing_file() => HasErrors(
        ConfigurationLoader.Load(_path, new Dictionary<string, string> { ["RCPTVERIFY__X"] = "" }, []),
        $"{_path}: no such file",
        "RCPTVERIFY__X: no configuration key has this name");

    [Theory]
    [InlineData("[")]
    [InlineData("a = [")]
    [InlineData("a.")]
    [InlineData("= ")]
    [InlineData("\"")]
    [InlineData("[[route]]\n")]
    [InlineData("{")]
    [InlineData("a=1\n")]
    [InlineData("a = { b = ")]
    [InlineData("\0")]
    public void A_file_full_of_one_mistake_is_told_in_time(string mistake)
    {
        string text = string.Concat(Enumerable.Repeat(mistake, ConfigurationLimits.MaxFileBytes / 8 / mistake.Length));
        Assert.InRange(Parse(text).Errors.Count, 1, ConfigurationLimits.MaxErrors + 1);
    }

    [Theory]
    [InlineData("\"\\")]
    [InlineData("\"\\u12")]
    [InlineData("\"\\U")]
    [InlineData("\"\"\"\\")]
    [InlineData("\"\\uD800\"")]
    [InlineData("\"\uD800")]
    [InlineData("'")]
    public void A_file_that_ends_inside_a_string_is_told_with_its_place(string value) =>
        Assert.StartsWith("c.toml:2:", Assert.Single(Parse($"[policy]\nsocket_group = {value}").Errors).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Bottomless_nesting_is_an_error() =>
        HasErrors(Parse("a = " + new string('[', 65)), "c.toml: lists or tables are nested more than 64 deep");

    [Fact]
    public void No_change_of_the_default_file_throws()
    {
        string file = ConfigurationDocuments.Uncommented(ConfigurationDocuments.DefaultFile());
        Gen<string> splice = Gen.OneOf(
            Gen.Elements(
                "\"", "'", "\"\"\"", "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\n", "\r", "\0", "#", "\\", "\\u0000", "\\U", "\uD800", "😀",
                "-", "1e9", "é"),
            ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
        Gen<string> changed = Gen.ListOf(Gen.Zip(Gen.Choose(0, file.Length), Gen.Zip(Gen.Choose(0, 40), splice)))
            .Select(changes => changes.Aggregate(file, Change));
        Prop.ForAll(changed.ToArbitrary(), text =>
        {
            ConfigurationResult result = Parse(text);
            return result.Options is null != (result.Errors.Count == 0)
                && result.Errors.All(error => error.Line >= 1 && error.Column >= 1 && !error.Message.Any(char.IsControl));
        }).QuickCheckThrowOnFailure();
    }

    private static string Change(string text, (int At, (int Length, string New) With) change)
    {
        int at = Math.Min(change.At, text.Length);
        return text[..at] + change.With.New + text[Math.Min(at + change.With.Length, text.Length)..];
    }

    private static ConfigurationResult Load(string path) => ConfigurationLoader.Load(path, new Dictionary<string, string>(), []);

    private ConfigurationResult Load(ReadOnlySpan<byte> bytes)
    {
        File.WriteAllBytes(_path, bytes);
        return Load(_path);
    }
}
