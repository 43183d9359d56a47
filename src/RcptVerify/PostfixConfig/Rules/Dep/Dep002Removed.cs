using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Dep;

/// <summary>Restrictions and parameters that earlier releases had and this one has no more.</summary>
internal sealed class Dep002Removed : PostfixRule
{
    private static readonly (string Name, string Instead)[] Restrictions =
    [
        ("check_relay_domains", "reject_unauth_destination"),
        ("reject_maps_rbl", "reject_rbl_client, with the list's domain behind it"),
        ("permit_naked_ip_address", "permit_mynetworks or permit_sasl_authenticated"),
    ];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (context.Postfix.IsAtLeast(3, 9))
        {
            foreach (EffectiveService service in context.Services.Where(service => service.Daemon == Daemon.Smtpd))
            {
                foreach ((string name, string instead) in Restrictions)
                {
                    foreach (Restriction restriction in RestrictionLists.Named(service, name))
                    {
                        yield return Of(
                            Severity.Error,
                            $"the restriction \"{name}\" has been removed: whoever comes to it gets 451 4.3.5 Server configuration error",
                            restriction.Source,
                            service,
                            restriction.Word) with
                        { Effective = "mail is put off", Fix = $"instead: {instead}" };
                    }
                }
            }
        }

        foreach (string name in context.ParameterNames.Where(name => IsGone(name, context.Postfix) && !context.IsReferredTo(name)))
        {
            foreach (WrittenValue written in context.WrittenAs(name))
            {
                yield return Of(Severity.Error, $"the parameter \"{written.Name}\" has been removed: the line has no effect", written) with
                {
                    Effective = "no effect",
                    Fix = "delete the line",
                };
            }
        }
    }

    /// <summary>Whether a parameter was there before and is not any more. Some that are gone still count as another one's default.</summary>
    private static bool IsGone(string name, PostfixVersion version) => Deprecation.Find(name) is null
        && PostfixDefaults.Find(name) is ParameterHistory history
        && history.At(version, OpenSslVersion.Assumed) is null
        && history.Entries.All(entry => entry.Since <= version);
}
