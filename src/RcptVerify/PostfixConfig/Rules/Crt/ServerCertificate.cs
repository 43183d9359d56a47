using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>A file that a server takes certificates or keys from.</summary>
/// <param name="Value">The parameter that names it.</param>
/// <param name="Path">The file.</param>
/// <param name="IsKey">Whether the parameter is one for a key alone.</param>
internal sealed record ServerCertificate(EffectiveValue Value, string Path, bool IsKey)
{
    private static readonly (string Name, bool IsKey)[] Legacy =
    [
        ("smtpd_tls_cert_file", false), ("smtpd_tls_eccert_file", false), ("smtpd_tls_dcert_file", false),
        ("smtpd_tls_key_file", true), ("smtpd_tls_eckey_file", true), ("smtpd_tls_dkey_file", true),
    ];

    /// <summary>Where the path stands in the value; null for all of it.</summary>
    public (int, int)? Word => Value.Text.IndexOf(Path, StringComparison.Ordinal) is >= 0 and int at ? (at, Path.Length) : null;

    /// <summary>The file's own name.</summary>
    public string FileName => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>The files in use: the chains, else what the older parameters name.</summary>
    public static IReadOnlyList<ServerCertificate> Of(RuleContext context, EffectiveService service)
    {
        EffectiveValue chain = service["smtpd_tls_chain_files"];
        return context.Postfix.IsAtLeast(3, 4) && !chain.IsEmpty
            ? [.. chain.Words.Distinct(StringComparer.Ordinal).Select(path => new ServerCertificate(chain, path, false))]
            : [.. Legacy.Select(row => new ServerCertificate(service[row.Name], service.Parameters.Text(row.Name), row.IsKey))
                .Where(file => file.Path.Length > 0 && file.Path != "none" && file.Value.IsSet)];
    }
}
