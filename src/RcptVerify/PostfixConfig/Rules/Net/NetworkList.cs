using System.Net;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Net;

/// <summary>A value of mynetworks, judged word by word.</summary>
internal sealed class NetworkList
{
    /// <summary>Shorter prefixes of public IPv4 space are more than one organisation's, mostly.</summary>
    private const int ShortestV4 = 16;

    /// <summary>A provider gets a /32 of IPv6.</summary>
    private const int ShortestV6 = 32;

    private static readonly LongTexts<NetworkList> Lists = new(text => new NetworkList(text));

    private readonly List<NetworkFault> _faults = [];

    private NetworkList(string text)
    {
        foreach (Word word in RestrictionLists.Words(text))
            Add(word);
    }

    /// <summary>What is wrong with it, in order.</summary>
    public IReadOnlyList<NetworkFault> Faults => _faults;

    /// <summary>Whether the list may hold more than is seen here (files and tables), or must be written anew anyway.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether 127.0.0.1 is in it.</summary>
    public bool TrustsV4Loopback { get; private set; }

    /// <summary>Whether ::1 is in it.</summary>
    public bool TrustsV6Loopback { get; private set; }

    /// <summary>Reads a value.</summary>
    public static NetworkList Of(string text) => Lists.Of(text);

    private void Add(Word word)
    {
        string plain = word.Text.TrimStart('!');
        bool excludes = plain.Length != word.Text.Length;
        if (NetworkPattern.TryParse(plain) is not NetworkPattern pattern)
        {
            IsOpen |= plain.AsSpan().ContainsAny('/', ':');
            return;
        }

        if (!excludes && pattern.Error is null)
        {
            TrustsV4Loopback |= !pattern.IsV6 && pattern.Holds(IPAddress.Loopback);
            TrustsV6Loopback |= pattern.IsV6 && pattern.Holds(IPAddress.IPv6Loopback);
        }

        if (Judge(word, pattern, excludes) is NetworkFault fault)
        {
            IsOpen |= fault.Severity == Severity.Error;
            _faults.Add(fault);
        }
    }

    private static NetworkFault? Judge(Word word, NetworkPattern pattern, bool excludes)
    {
        if (pattern.Error is string error)
            return new NetworkFault(word, Severity.Error, error, "");
        if (excludes || pattern.IsPrivate)
            return null;
        if (pattern.Prefix == 0)
            return new NetworkFault(word, Severity.Error, "everybody may relay: this is an open relay", "name your own networks only");
        return pattern.Prefix < (pattern.IsV6 ? ShortestV6 : ShortestV4)
            ? new NetworkFault(word, Severity.Warning, "a very large part of the internet may relay without logging in", "name your own networks only")
            : null;
    }
}
