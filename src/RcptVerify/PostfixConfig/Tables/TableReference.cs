namespace RcptVerify.PostfixConfig.Tables;

/// <summary>A lookup table as a value names it: <c>proxy:hash:/etc/postfix/transport</c>.</summary>
/// <param name="Type">hash, btree, lmdb, pcre …, without proxy.</param>
/// <param name="Name">What follows the type: a path mostly.</param>
/// <param name="IsProxied">Whether it is opened by proxymap(8).</param>
/// <param name="Offset">Where the reference begins in the value.</param>
/// <param name="Length">How long it is there.</param>
internal sealed record TableReference(string Type, string Name, bool IsProxied, int Offset, int Length)
{
    /// <summary>Whether it is a Berkeley DB file, which builds of newer distributions cannot open.</summary>
    public bool IsBerkeleyDb => Type is "hash" or "btree";

    /// <summary>Whether postmap(1) makes it from a source of the same name.</summary>
    public bool IsIndexed => Suffix is not null;

    /// <summary>The file that Postfix opens; null when the table is none, or not named by an absolute path.</summary>
    public string? File => !Name.StartsWith('/') ? null : Suffix is string suffix ? Name + suffix : IsPlainFile ? Name : null;

    /// <summary>Without proxy, as postmap(1) takes it.</summary>
    public string Text => $"{Type}:{Name}";

    private string? Suffix => Type switch
    {
        "hash" or "btree" => ".db",
        "lmdb" => ".lmdb",
        "cdb" => ".cdb",
        "dbm" or "sdbm" => ".pag",
        _ => null,
    };

    private bool IsPlainFile => Type is "texthash" or "regexp" or "pcre" or "cidr" or "mysql" or "pgsql" or "sqlite" or "ldap" or "memcache";
}
