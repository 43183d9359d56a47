namespace RcptVerify.PostfixConfig.Rules.Files;

/// <summary>A certificate or a private key in a file.</summary>
/// <param name="IsKey">Whether it is a key.</param>
/// <param name="PublicKey">The public key of it, see <see cref="PublicKeys"/>; null when it is not known, as of an encrypted key.</param>
internal sealed record PemPart(bool IsKey, string? PublicKey)
{
    /// <summary>Whether they certainly do not belong together.</summary>
    public bool Contradicts(PemPart other) => PublicKey is not null && other.PublicKey is not null && PublicKey != other.PublicKey;
}
