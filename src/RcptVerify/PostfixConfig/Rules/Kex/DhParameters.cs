using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>A file of Diffie-Hellman parameters that a server uses.</summary>
/// <param name="Value">The parameter that names it.</param>
/// <param name="Bits">The prime's length by the file or, unread, by the file's name; null when neither says it.</param>
/// <param name="IsRead">Whether the length is the file's own.</param>
internal sealed record DhParameters(EffectiveValue Value, int? Bits, bool IsRead)
{
    /// <summary>What is no longer too short, and what Postfix's own group has since 3.1.</summary>
    public const int Enough = 2048;

    /// <summary>What is needlessly long.</summary>
    public const int Most = 4096;

    /// <summary>The parameter: its name is of a time when there were two lengths.</summary>
    public const string Parameter = "smtpd_tls_dh1024_param_file";

    private const int MaxLength = 256 * 1024;
    private static readonly int[] UsualLengths = [512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192];

    /// <summary>The file of a service; null when it names none.</summary>
    public static DhParameters? Of(RuleContext context, EffectiveService service)
    {
        EffectiveValue value = service[Parameter];
        if (!value.IsSet || value.IsEmpty || (context.Postfix.IsAtLeast(3, 7) && value.Text.Equals("auto", StringComparison.OrdinalIgnoreCase)))
            return null;
        return context.Files.Read(value.Text) is string text && BitsOf(text) is int bits
            ? new DhParameters(value, bits, true)
            : new DhParameters(value, BitsOfName(value.Text), false);
    }

    /// <summary>The prime's length in a PEM file as <c>openssl dhparam</c> writes it; null when there is none.</summary>
    public static int? BitsOf(string text)
    {
        ReadOnlySpan<char> rest = text.AsSpan(0, Math.Min(text.Length, MaxLength));
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            if (rest[fields.Label].EndsWith("DH PARAMETERS", StringComparison.Ordinal))
                return BitsOf(rest[fields.Base64Data], fields.DecodedDataLength);
            rest = rest[fields.Location.End..];
        }

        return null;
    }

    private static int? BitsOf(ReadOnlySpan<char> base64, int length)
    {
        byte[] data = new byte[length];
        if (!Convert.TryFromBase64Chars(base64, data, out int written))
            return null;
        try
        {
            BigInteger prime = new AsnReader(data.AsMemory(0, written), AsnEncodingRules.BER).ReadSequence().ReadInteger();
            return prime.Sign > 0 ? (int)prime.GetBitLength() : null;
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    /// <summary>A usual length that stands in the file's name as a number of its own: dh_1024.pem, dhparams2048.</summary>
    private static int? BitsOfName(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        for (int at = 0; at < name.Length; at++)
        {
            int end = at;
            while (end < name.Length && char.IsAsciiDigit(name[end]))
                end++;
            if (end > at && int.TryParse(name.AsSpan(at, end - at), out int number) && UsualLengths.Contains(number))
                return number;
            at = end;
        }

        return null;
    }
}
