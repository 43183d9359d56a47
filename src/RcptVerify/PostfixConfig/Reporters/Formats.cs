namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>The formats <c>--format</c> names.</summary>
internal static class Formats
{
    /// <summary>The names.</summary>
    public static readonly string[] Names = ["text", "json", "sarif", "checkstyle", "github"];

    /// <summary>The reporter of a format; null for a name that is none.</summary>
    /// <param name="name">The format.</param>
    /// <param name="hasColour">Whether text may have colour.</param>
    /// <param name="version">The program's version.</param>
    public static IReporter? Find(string name, bool hasColour, string version) => name switch
    {
        "text" => new TextReporter(hasColour),
        "json" => new JsonReporter(version),
        "sarif" => new SarifReporter(version),
        "checkstyle" => new CheckstyleReporter(version),
        "github" => new GithubReporter(),
        _ => null,
    };
}
