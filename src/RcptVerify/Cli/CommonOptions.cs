using System.CommandLine;
using System.Globalization;
using RcptVerify.Configuration;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    /// <summary>Read when it exists and no other file is named.</summary>
    public const string DefaultConfigFile = "/etc/rcptverify/rcptverify.toml";

    public static Option<string?> Config() => new("--config", "-c")
    {
        Description = $"Configuration file. Default: {DefaultConfigFile} where it exists.",
        HelpName = "FILE",
        DefaultValueFactory = _ => File.Exists(DefaultConfigFile) ? DefaultConfigFile : null,
    };

    /// <summary>Takes only some words.</summary>
    /// <param name="option">The option.</param>
    /// <param name="words">The words.</param>
    public static void OnlyAmong(Option option, params string[] words)
    {
        option.Validators.Add(result =>
        {
            foreach (string word in result.Tokens.Select(token => token.Value).Where(word => !words.Contains(word)))
                result.AddError($"{option.Name} {LogEscape.Text(word)}: expected {string.Join(", ", words)}{Spelling.Hint(word, words)}");
        });
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="least">The least number taken.</param>
    /// <param name="fallback">What holds where it is not given.</param>
    public static Option<int> Number(string name, string description, int least, int fallback) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => fallback,
        CustomParser = result =>
        {
            string word = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least)
                return number;
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} {LogEscape.Text(word)}: expected a whole number from {least} to {int.MaxValue}"));
            return fallback;
        },
    };

    /// <summary>What is wrong with an address.</summary>
    /// <param name="problem">Not none.</param>
    public static string Describe(AddressProblem problem) => problem switch
    {
        AddressProblem.NoDomain => "an address needs a local part, an @ and a domain",
        AddressProblem.TooLong => $"longer than {RecipientAddress.MaxBytes} bytes",
        AddressProblem.BadDomain => "its domain is neither a host name nor an address literal",
        _ => "it has a byte that SMTP cannot carry",
    };

    public static Option<bool> Json() => new("--json") { Description = "Print the answer as JSON." };
}
