using System.Globalization;
using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Dane;

/// <summary>Settings by which names come from elsewhere than from DNSSEC: Postfix then does without DANE.</summary>
internal sealed class Dane002Prerequisites : PostfixRule
{
    private static readonly string[] Searches = ["res_defnames", "res_dnsrch"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (EffectiveService service in DaneClients.Of(context))
        {
            EffectiveValue lookup = service[$"{service.Prefix}_host_lookup"];
            if (!lookup.Words.Contains("dns", StringComparer.OrdinalIgnoreCase))
                yield return Lost("hosts are not looked up in the DNS", lookup, service, $"{lookup.Name} = dns");
            EffectiveValue ignore = service["ignore_mx_lookup_error"];
            if (ignore.IsYes)
                yield return Lost("errors of MX lookups are ignored", ignore, service, $"{ignore.Name} = no");
            EffectiveValue options = service[$"{service.Prefix}_dns_resolver_options"];
            string[] searches = [.. options.Words.Where(word => Searches.Contains(word, StringComparer.OrdinalIgnoreCase))];
            if (searches.Length > 0)
                yield return Lost($"the resolver completes names by itself ({string.Join(", ", searches)})", options, service, "delete the word");
            if (IsChrooted(context, service))
            {
                string path = service.Parameters.Text("queue_directory").TrimEnd('/') + "/etc/resolv.conf";
                if (context.Files.Exists(path) == false)
                {
                    yield return Of(Severity.Error, "the service runs chrooted and has no etc/resolv.conf there: DANE gets no trusted answer", service) with
                    {
                        Effective = DaneClients.Loss(service),
                        Fix = "n in the chroot column of master.cf, or a copy of resolv.conf below the queue directory",
                    };
                }
            }
        }
    }

    private Finding Lost(string what, EffectiveValue value, EffectiveService service, string fix) =>
        Of(Severity.Error, $"{what}: Postfix does without DANE", value, service) with { Effective = DaneClients.Loss(service), Fix = fix };

    /// <summary>The default is y before 3.0 and at compatibility_level 0.</summary>
    private static bool IsChrooted(RuleContext context, EffectiveService service) => context.HasMasterCf && service.Service.Chroot switch
    {
        "y" => true,
        "-" => !context.Postfix.IsAtLeast(3, 0) || (int.TryParse(
            context.Main.Text("compatibility_level").Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level < 1),
        _ => false,
    };
}
