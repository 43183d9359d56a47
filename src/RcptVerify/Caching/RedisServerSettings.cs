namespace RcptVerify.Caching;

/// <summary>Which Redis, and whom to trust there. The files count with <c>ssl=true</c> only, and are read at each connection.</summary>
/// <param name="ConnectionString">StackExchange.Redis' notation, validated. It may hold a password: never told.</param>
public sealed record RedisServerSettings(string ConnectionString)
{
    /// <summary>PEM file of the authorities trusted instead of the system's; empty: the system's.</summary>
    public string CaFile { get; init; } = "";

    /// <summary>PEM file of our own certificate, its intermediate ones behind it; empty: none.</summary>
    public string CertFile { get; init; } = "";

    /// <summary>PEM file of its private key, without a passphrase; empty: it is in <see cref="CertFile"/>.</summary>
    public string KeyFile { get; init; } = "";
}
