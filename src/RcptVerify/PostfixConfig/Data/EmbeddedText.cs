using System.Reflection;

namespace RcptVerify.PostfixConfig.Data;

/// <summary>Texts that lie in the program.</summary>
internal static class EmbeddedText
{
    private const string Prefix = "PostfixConfig/";

    private static readonly Assembly Here = typeof(EmbeddedText).Assembly;

    /// <summary>The whole text.</summary>
    /// <param name="name">Below the Data folder, with <c>/</c>.</param>
    public static string Read(string name)
    {
        using Stream stream = Here.GetManifestResourceStream(Prefix + name) ?? throw new InvalidOperationException($"not embedded: {name}");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The names below a folder.</summary>
    public static IEnumerable<string> Names(string folder) => Here.GetManifestResourceNames()
        .Where(name => name.StartsWith($"{Prefix}{folder}/", StringComparison.Ordinal))
        .Select(name => name[Prefix.Length..]);
}
