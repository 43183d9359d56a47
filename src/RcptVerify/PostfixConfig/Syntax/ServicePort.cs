namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>The port of an inet service's name. Names as services(5) of common systems has them.</summary>
internal static class ServicePort
{
    private static readonly Dictionary<string, int> Known = new(StringComparer.Ordinal)
    {
        ["smtp"] = 25,
        ["mail"] = 25,
        ["smtps"] = 465,
        ["submissions"] = 465,
        ["urd"] = 465,
        ["ssmtp"] = 465,
        ["submission"] = 587,
        ["msa"] = 587,
        ["qmqp"] = 628,
        ["lmtp"] = 24,
    };

    /// <summary>The port; null when it is a name nobody here knows.</summary>
    /// <param name="name"><c>smtp</c>, <c>587</c>, <c>127.0.0.1:10025</c>, <c>[::1]:smtp</c>.</param>
    public static int? Of(string name)
    {
        string port = name[(name.LastIndexOf(':') + 1)..];
        if (Known.TryGetValue(port, out int known))
            return known;
        return ushort.TryParse(port, out ushort number) ? number : null;
    }

    /// <summary>The host before the port, without brackets; null when the service listens on inet_interfaces.</summary>
    public static string? Host(string name)
    {
        int colon = name.LastIndexOf(':');
        return colon < 0 ? null : name[..colon].Trim('[', ']');
    }

    /// <summary>The name with the port as a number.</summary>
    public static string Canonical(string name) =>
        Of(name) is int port ? (Host(name) is string host ? $"{host}:{port}" : $"{port}") : name;
}
