using RcptVerify.PostfixConfig.Tls;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>Finds what TLS a service really does: smtpd_setup and postscreen for servers, smtp_tls_policy.c for clients.</summary>
internal static class TlsEvaluation
{
    private static readonly string[] Certificates =
        ["smtpd_tls_chain_files", "smtpd_tls_cert_file", "smtpd_tls_dcert_file", "smtpd_tls_eccert_file"];

    /// <summary>smtpd(8).</summary>
    public static ServiceTls OfServer(EffectiveParameters parameters, Target target) => Server(parameters, parameters, "smtpd", target);

    /// <summary>postscreen(8): its own level, and the lists of tlsproxy(8).</summary>
    public static ServiceTls OfPostscreen(EffectiveParameters parameters, EffectiveParameters proxy, Target target) =>
        Server(parameters, proxy, "postscreen", target);

    /// <summary>smtp(8) and lmtp(8).</summary>
    /// <param name="parameters">As the daemon sees them.</param>
    /// <param name="name"><c>smtp</c> or <c>lmtp</c>.</param>
    /// <param name="target">The release.</param>
    public static ServiceTls OfClient(EffectiveParameters parameters, string name, Target target)
    {
        (TlsLevel asked, EffectiveValue decides) = ClientLevel(parameters, name, target);
        TlsLevel level = asked;
        bool canDane = parameters.Text($"{name}_dns_support_level").Equals("dnssec", StringComparison.OrdinalIgnoreCase) && parameters[$"{name}_host_lookup"].Words.Contains("dns");
        // dane-only without its prerequisites defers the mail: it is enforced all the same.
        if (asked == TlsLevel.Dane && !canDane)
            level = TlsLevel.May;
        string[] mandatory = asked > TlsLevel.Encrypt ? ["eNULL", "aNULL"] : ["eNULL"];
        return new ServiceTls
        {
            Level = level,
            Asked = asked,
            LevelValue = decides,
            IsWrapped = parameters.IsYes($"{name}_tls_wrappermode"),
            HasCertificate = true,
            HasPolicyTable = !parameters[$"{name}_tls_policy_maps"].IsEmpty || !parameters[$"{name}_tls_per_site"].IsEmpty,
            AuthOnly = false,
            Opportunistic = Lists(parameters, $"{name}_tls", false, [], target),
            Mandatory = Lists(parameters, $"{name}_tls", true, mandatory, target),
        };
    }

    private static (TlsLevel, EffectiveValue) ClientLevel(EffectiveParameters parameters, string name, Target target)
    {
        EffectiveValue level = parameters[$"{name}_tls_security_level"];
        if (!level.IsEmpty)
        {
            TlsLevel parsed = TlsLevels.Parse(level.Text);
            bool tooNew = parsed is TlsLevel.Dane or TlsLevel.DaneOnly && !target.Postfix.IsAtLeast(2, 11);
            return (tooNew ? TlsLevel.Invalid : parsed, level);
        }

        EffectiveValue enforce = parameters[$"{name}_enforce_tls"];
        EffectiveValue use = parameters[$"{name}_use_tls"];
        return enforce.IsYes ? (parameters.IsYes($"{name}_tls_enforce_peername") ? TlsLevel.Verify : TlsLevel.Encrypt, enforce)
            : use.IsYes ? (TlsLevel.May, use)
            : (TlsLevel.None, level);
    }

    private static ServiceTls Server(EffectiveParameters parameters, EffectiveParameters lists, string name, Target target)
    {
        bool wrapped = name == "smtpd" && parameters.IsYes("smtpd_tls_wrappermode");
        (TlsLevel asked, EffectiveValue decides) = ServerLevel(parameters, name, wrapped);
        string prefix = name == "smtpd" ? "smtpd_tls" : "tlsproxy_tls";
        bool enforced = asked >= TlsLevel.Encrypt;
        bool asks = parameters.IsYes("smtpd_tls_ask_ccert") || (enforced && parameters.IsYes("smtpd_tls_req_ccert"));
        string[] always = asks ? ["aNULL"] : [];
        bool certificate = Certificates.Any(file => parameters.Exists(file) && !parameters[file].IsEmpty);
        return new ServiceTls
        {
            Level = asked > TlsLevel.Encrypt ? TlsLevel.Encrypt : asked,
            Asked = asked,
            LevelValue = decides,
            IsWrapped = wrapped,
            HasCertificate = certificate,
            HasPolicyTable = false,
            AuthOnly = enforced || parameters.IsYes("smtpd_tls_auth_only"),
            Opportunistic = Lists(lists, prefix, false, always, target),
            Mandatory = Lists(lists, prefix, true, always, target),
        };
    }

    private static (TlsLevel, EffectiveValue) ServerLevel(EffectiveParameters parameters, string name, bool wrapped)
    {
        EffectiveValue level = parameters[$"{name}_tls_security_level"];
        if (wrapped)
            return (TlsLevel.Encrypt, parameters["smtpd_tls_wrappermode"]);
        if (!level.IsEmpty)
            return (TlsLevels.Parse(level.Text), level);
        EffectiveValue enforce = parameters[$"{name}_enforce_tls"];
        EffectiveValue use = parameters[$"{name}_use_tls"];
        return enforce.IsYes ? (TlsLevel.Encrypt, enforce) : use.IsYes ? (TlsLevel.May, use) : (TlsLevel.None, level);
    }

    private static TlsLists Lists(EffectiveParameters parameters, string prefix, bool mandatory, string[] always, Target target)
    {
        EffectiveValue protocols = parameters[mandatory ? $"{prefix}_mandatory_protocols" : $"{prefix}_protocols"];
        return new TlsLists(
            mandatory, protocols, TlsProtocolSet.Parse(protocols.Text, target), CipherSelection.Of(parameters, prefix, mandatory, always, target));
    }
}
