namespace RcptVerify.PostfixConfig.Rules.Opp;

/// <summary>Where transports deliver to, as far as values and transport tables say: <c>content_filter = scan:[127.0.0.1]:10025</c>.</summary>
internal sealed class TransportHops
{
    private static readonly string[] TextTables = ["hash", "btree", "lmdb", "cdb", "dbm", "texthash"];

    /// <summary>For each transport whether all of its hops are this machine.</summary>
    private readonly Dictionary<string, bool> _isLocal = new(StringComparer.Ordinal);

    /// <summary>Gathers the hops of a configuration.</summary>
    public TransportHops(RuleContext context)
    {
        foreach (WrittenValue written in context.Written)
        {
            if (written.Raw.Contains(':', StringComparison.Ordinal))
                Add(written.Raw);
        }

        foreach (string table in context.Main["transport_maps"].Words)
        {
            int colon = table.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && TextTables.Contains(table[..colon]) && context.Files.Read(table[(colon + 1)..]) is string text)
                Add(text);
        }
    }

    /// <summary>Whether something names hops of a transport, and all of them are this machine.</summary>
    public bool StayHere(string transport) => _isLocal.GetValueOrDefault(transport);

    private void Add(string text)
    {
        foreach (string word in text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = word.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0)
                continue;
            string transport = word[..colon];
            _isLocal[transport] = _isLocal.GetValueOrDefault(transport, true) && LoopbackHost.Is(word[(colon + 1)..]);
        }
    }
}
