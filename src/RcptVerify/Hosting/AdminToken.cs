using System.Security.Cryptography;
using System.Text;

namespace RcptVerify.Hosting;

/// <summary>What opens the cache to those who come over TCP. May be replaced while requests are answered.</summary>
internal sealed class AdminToken
{
    private const string Scheme = "Bearer ";
    private volatile byte[]? _hash;

    /// <summary>Creates it.</summary>
    /// <param name="token">The token; empty: nobody comes in.</param>
    public AdminToken(string token) => Replace(token);

    /// <summary>From now on another token holds, and the one before no longer.</summary>
    /// <param name="token">As above.</param>
    public void Replace(string token) => _hash = token.Length == 0 ? null : Hash(token);

    /// <summary>Judges an Authorization header, RFC 6750 section 2.1, in a time that tells nothing of the token.</summary>
    public AdminTokenAnswer Judge(string authorization)
    {
        if (_hash is not { } hash)
            return AdminTokenAnswer.NoneSet;
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return AdminTokenAnswer.Missing;
        return CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..]), hash) ? AdminTokenAnswer.Right : AdminTokenAnswer.Wrong;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

/// <summary>What a token is worth.</summary>
internal enum AdminTokenAnswer : byte
{
    /// <summary>It opens the cache.</summary>
    Right,

    /// <summary>None was sent.</summary>
    Missing,

    /// <summary>It is another one.</summary>
    Wrong,

    /// <summary>No token opens anything.</summary>
    NoneSet,
}
