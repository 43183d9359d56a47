using System.Buffers;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>The source of a transport(5) table, as far as its transports' names go.</summary>
internal static class TransportTable
{
    /// <summary>A longer word is no name of a service.</summary>
    public const int MaxName = 64;

    private static readonly SearchValues<char> NameSigns =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");

    /// <summary>The transports that entries name, each once, in order.</summary>
    /// <param name="text">Lines <c>pattern transport:nexthop</c>; patterns may be regular expressions, which end at white space too.</param>
    public static IReadOnlyList<string> TransportsOf(string text)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        List<string> names = [];
        using StringReader lines = new(text);
        while (lines.ReadLine() is { } line)
        {
            // A line that begins with white space continues the one before it; its first line has the transport nearly always.
            if (line.Length == 0 || line[0] == '#' || char.IsWhiteSpace(line[0]))
                continue;
            string[] words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1 && NameOf(words[1]) is string name && seen.Add(name))
                names.Add(name);
        }

        return names;
    }

    /// <summary>The transport of <c>transport:nexthop</c>; null where there is none, or only a nexthop, or a word that cannot be one.</summary>
    public static string? NameOf(string value)
    {
        int colon = value.IndexOf(':', StringComparison.Ordinal);
        string name = colon < 0 ? value : value[..colon];
        return name.Length is > 0 and <= MaxName && name.AsSpan().IndexOfAnyExcept(NameSigns) < 0 ? name : null;
    }
}
