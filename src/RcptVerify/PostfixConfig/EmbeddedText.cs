using System.Reflection;

namespace RcptVerify.PostfixConfig;

/// <summary>Texts that the program carries in itself: the rules' pages as <c>rules/NAME.md</c>, the Data folder as <c>PostfixConfig/…</c>.</summary>
internal static class EmbeddedText
{
    private static readonly Assembly Program = typeof(EmbeddedText).Assembly;

    /// <summary>The names that begin like this; no text is read for it.</summary>
    public static IEnumerable<string> Names(string prefix) =>
        Program.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>One text whole.</summary>
    /// <exception cref="InvalidDataException">There is none of this name: a fault of the build.</exception>
    public static string Read(string name)
    {
        using Stream stream = Program.GetManifestResourceStream(name) ?? throw new InvalidDataException($"{name} is not embedded");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
