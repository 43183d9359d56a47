using System.CommandLine;

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

    public static Option<bool> Json() => new("--json") { Description = "Print the answer as JSON." };
}
