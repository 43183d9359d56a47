using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Crt;

/// <summary>Certificates named in two ways, keys without certificates, and two files that cannot be replaced in one step.</summary>
internal sealed class Crt002ChainAndLegacyFiles : PostfixRule
{
    private static readonly (string Certificate, string Key)[] Pairs =
        [("_tls_cert_file", "_tls_key_file"), ("_tls_dcert_file", "_tls_dkey_file"), ("_tls_eccert_file", "_tls_eckey_file")];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        bool hasChains = context.Postfix.IsAtLeast(3, 4);
        foreach (EffectiveService service in context.Services)
        {
            if (service.Daemon is Daemon.Postscreen || service.Tls is not { Level: > TlsLevel.None })
                continue;
            EffectiveValue chain = service[service.Prefix + "_tls_chain_files"];
            bool usesChain = hasChains && !chain.IsEmpty;
            foreach ((string certificateName, string keyName) in Pairs)
            {
                EffectiveValue certificate = service[service.Prefix + certificateName];
                EffectiveValue key = service[service.Prefix + keyName];
                if (usesChain)
                {
                    foreach (EffectiveValue ignored in ((EffectiveValue[])[certificate, key]).Where(value => value is { IsSet: true, IsEmpty: false }))
                    {
                        yield return Of(Severity.Warning, $"ignored, because {chain.Name} names the certificates", ignored, service) with
                        {
                            Effective = chain.ToString(),
                            Fix = "delete the line",
                        };
                    }
                }
                else if (certificate.IsEmpty && key is { IsSet: true, IsEmpty: false })
                {
                    yield return Of(Severity.Warning, $"a key without its certificate: {certificate.Name} is empty", key, service) with
                    {
                        Fix = $"{certificate.Name}, or delete the line",
                    };
                }
                else if (hasChains && certificate is { IsSet: true, IsEmpty: false } && !key.IsEmpty && key.Text != certificate.Text && certificate.Text != "none")
                {
                    yield return Of(Severity.Notice, "key and certificate are two files, which cannot be replaced in one step", certificate, service) with
                    {
                        Fix = $"{chain.Name} = one file: key, certificate, intermediate certificates",
                    };
                }
            }
        }
    }
}
