using RcptVerify.Cli;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.Tests.Cli;

public sealed class ValidateOptionsTests
{
    [Theory]
    [InlineData("", "--platform \"\": wanted is one of debian, ubuntu, ")]
    [InlineData("rhel", "--platform rhel: wanted is one of ")]
    public void An_unknown_platform_is_answered_with_the_known_ones(string platform, string begins)
    {
        List<string> errors = [];
        Assert.Null(ValidateOptions.Of(new(null, null, platform, "MX", "rfc9325", "text", "warning", "notice", null, null, null, null), errors));
        Assert.StartsWith(begins, Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_no_least_severity_to_print()
    {
        List<string> errors = [];
        Assert.Null(ValidateOptions.Of(new(null, null, null, null, "rfc9325", "text", "none", "none", null, null, null, null), errors));
        Assert.Equal(["--min-level none: wanted is notice|warning|error"], errors);
    }

    [Theory]
    [InlineData("_25._tcp.mx.example.com. IN TLSA 3 1 1 00\n", true)]
    [InlineData("", false)]
    [InlineData(";; no answer\nmx.example.com. IN A 192.0.2.1\n", false)]
    public void A_file_without_TLSA_records_is_no_praise_of_them(string text, bool isUnderstood)
    {
        using TempFolder folder = new();
        folder.Write("tlsa", text);
        List<string> errors = [];
        ValidateWords words = new(null, null, null, null, "rfc9325", "text", "warning", "notice", null, null, folder.Combine("tlsa"), null);

        Assert.Equal(isUnderstood, ValidateOptions.Of(words, errors) is not null);
        Assert.Equal(isUnderstood ? 0 : 1, errors.Count(error => error.Contains("no TLSA record", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("rubbish\n", new[] { 2 })]
    [InlineData("_25._tcp.mx IN TSLA 3 1 1 00\n_25._tcp.mx IN TLSA three 1 1 00\n_25._tcp.mx IN TLSA 3 1\n", new[] { 2, 3, 4 })]
    [InlineData("$TTL 1h ; an hour\nmx IN A 192.0.2.1\n  300 IN TLSA 3 1 1 (\n 00\n 11 )\nx TYPE65280 \\# 0\n", new int[0])]
    public void Lines_of_TLSA_records_that_are_none_are_named(string text, int[] lines)
    {
        using TempFolder folder = new();
        folder.Write("tlsa", "_25._tcp.mx.example.com. IN TLSA 3 1 1 00\n" + text);
        string path = folder.Combine("tlsa");
        List<string> errors = [];
        ValidateWords words = new(null, null, null, null, "rfc9325", "text", "warning", "notice", null, null, path, null);

        Assert.Equal(lines.Length == 0, ValidateOptions.Of(words, errors) is not null);
        Assert.Equal(lines.Select(line => $"--tlsa {path}:{line}: neither a TLSA record nor another line of a zone file"), errors);
    }
}
