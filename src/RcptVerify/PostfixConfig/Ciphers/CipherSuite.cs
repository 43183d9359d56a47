using System.Globalization;

namespace RcptVerify.PostfixConfig.Ciphers;

/// <summary>A cipher suite of TLS 1.2 and before, with the properties that cipher strings select by. Words are those of <c>openssl ciphers -V</c>.</summary>
/// <param name="Id">Its number on the wire.</param>
/// <param name="Name">OpenSSL's name.</param>
/// <param name="FirstProtocol">SSLv3, TLSv1 or TLSv1.2.</param>
/// <param name="KeyExchange">RSA, DH, ECDH, PSK, RSAPSK, DHEPSK, ECDHEPSK, SRP.</param>
/// <param name="Authentication">RSA, DSS, ECDSA, PSK, SRP, None.</param>
/// <param name="Encryption">AESGCM, AES, CHACHA20/POLY1305, None …</param>
/// <param name="Bits">Strength of the encryption.</param>
/// <param name="Mac">AEAD, SHA1, SHA256, SHA384, MD5.</param>
/// <param name="Strength">H, M or L for HIGH, MEDIUM, neither.</param>
/// <param name="IsDefault">False for what OpenSSL leaves out of DEFAULT.</param>
/// <param name="IsFips">Whether FIPS selects it.</param>
internal sealed record CipherSuite(
    int Id, string Name, string FirstProtocol, string KeyExchange, string Authentication, string Encryption, int Bits, string Mac, char Strength,
    bool IsDefault, bool IsFips)
{
    /// <summary>The encryption with its bits, as <see cref="CipherPattern.Encryption"/> has it.</summary>
    public string EncryptionAndBits { get; } = string.Create(CultureInfo.InvariantCulture, $"{Encryption}{Bits}");

    /// <summary>Whether it needs no certificate and authenticates nobody.</summary>
    public bool IsAnonymous => Authentication == "None";

    /// <summary>Whether it encrypts nothing.</summary>
    public bool IsNull => Encryption == "None";

    /// <summary>Whether its key exchange keeps past sessions safe when the key is stolen.</summary>
    public bool IsForwardSecret => KeyExchange is "DH" or "ECDH" or "DHEPSK" or "ECDHEPSK";

    /// <summary>Whether its encryption authenticates too: GCM, CCM, ChaCha20-Poly1305.</summary>
    public bool IsAead => Mac == "AEAD";

    /// <summary>Whether Postfix can ever use it: it has no shared keys and no SRP.</summary>
    public bool IsUsable => KeyExchange is "RSA" or "DH" or "ECDH";

    /// <summary>Reads a line of the embedded table.</summary>
    public static CipherSuite Parse(string line)
    {
        string[] field = line.Split('\t');
        return new CipherSuite(
            int.Parse(field[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture), field[1], field[2], field[3], field[4], field[5],
            int.Parse(field[6], CultureInfo.InvariantCulture), field[7], field[8][0], field[9] == "y", field[10] == "y");
    }
}
