namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Next hops on this machine.</summary>
internal static class LoopbackHost
{
    /// <summary>Whether a next hop, <c>[127.0.0.1]:10025</c>, <c>localhost</c>, is this machine.</summary>
    public static bool Is(string hop)
    {
        string host = hop.TrimStart('[');
        return host.StartsWith("127.", StringComparison.Ordinal)
            || host.StartsWith("::1]", StringComparison.Ordinal)
            || host.StartsWith("IPv6:::1]", StringComparison.OrdinalIgnoreCase)
            || host == "localhost"
            || host.StartsWith("localhost]", StringComparison.OrdinalIgnoreCase)
            || host.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase);
    }
}
