namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>Tables of databases whose settings stand in main.cf: <c>ldap:people</c> has them as <c>people_server_host</c> and so on.</summary>
internal static class DatabaseTables
{
    private static readonly string[] Types = ["ldap:", "mysql:", "pgsql:", "sqlite:", "memcache:", "mongodb:"];

    /// <summary>Adds the names of such tables in a value. <c>ldap:/etc/…</c> has a file of its own, and is none.</summary>
    public static void Gather(string raw, HashSet<string> names)
    {
        if (!Types.Any(type => raw.Contains(type, StringComparison.Ordinal)))
            return;
        foreach (string word in raw.Split([',', ' ', '\t', '{', '}'], StringSplitOptions.RemoveEmptyEntries))
        {
            string rest = word.StartsWith("proxy:", StringComparison.Ordinal) ? word["proxy:".Length..] : word;
            string? type = Types.FirstOrDefault(type => rest.StartsWith(type, StringComparison.Ordinal));
            if (type is not null && rest.Length > type.Length && rest[type.Length] is not ('/' or '.'))
                names.Add(rest[type.Length..]);
        }
    }
}
