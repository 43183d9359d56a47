using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>
/// A list stricter than the one that is read, and read by no service: mandatory where all are at <c>may</c>, opportunistic where TLS
/// is mandatory for all. One that says the same as the list in use deceives nobody: it is not found where both are written, and a notice
/// where the one in use is a default and the writer must have thought of the other. So is a grade that is higher by its name only.
/// </summary>
internal sealed class Pro009UnreadList : PostfixRule
{
    private static readonly string[] Grades = ["null", "export", "low", "medium", "high"];

    private static readonly (string Prefix, Daemon Daemon)[] Programs = [("smtpd", Daemon.Smtpd), ("smtp", Daemon.Smtp), ("lmtp", Daemon.Lmtp)];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach ((string prefix, Daemon daemon) in Programs)
        {
            // Without a master.cf nobody knows whether there is a submission service.
            if (daemon == Daemon.Smtpd && !context.HasMasterCf)
                continue;
            EffectiveService[] services =
                [.. context.Services.Where(service => service.Daemon == daemon || (daemon == Daemon.Smtpd && service.Daemon == Daemon.Postscreen))];
            foreach (string name in Names(prefix))
            {
                foreach (WrittenValue written in context.InForce(name))
                {
                    if (services.Length > 0 && Unread(context, written, services) is Finding finding)
                        yield return finding;
                }
            }
        }
    }

    private static string[] Names(string prefix) =>
    [
        $"{prefix}_tls_mandatory_protocols", $"{prefix}_tls_mandatory_ciphers", $"{prefix}_tls_mandatory_exclude_ciphers",
        $"{prefix}_tls_protocols", $"{prefix}_tls_ciphers",
    ];

    private Finding? Unread(RuleContext context, WrittenValue written, EffectiveService[] services)
    {
        bool mandatory = written.Name.Contains("_mandatory_", StringComparison.Ordinal);
        EffectiveService[] holders = [.. services.Where(service => service.Tls is not null && Holds(context, written, service, mandatory))];
        bool isUnread = holders.Length > 0 && holders.All(service => mandatory
            ? service.Tls is { UsesMandatory: false, Level: TlsLevel.None or TlsLevel.May }
            : service.Tls is { UsesOpportunistic: false, Level: >= TlsLevel.Encrypt });
        bool isStricter = holders.Any(service => IsStricter(context, written.Name, service.Tls!, mandatory));
        bool isMeant = isStricter || holders.Any(service =>
            SaysTheSameAsADefault(context, written.Name, service, mandatory) || IsHigherInName(written.Name, service.Tls!, mandatory));
        if (!isUnread || !isMeant || written.Raw.Length == 0 || IsReferredTo(context, written))
            return null;
        string other = mandatory ? written.Name.Replace("_mandatory_", "_", StringComparison.Ordinal)
            : written.Name.Replace("_tls_", "_tls_mandatory_", StringComparison.Ordinal);
        string message = mandatory
            ? "no service reads this list: TLS is mandatory for none of them"
            : "no service reads this list: TLS is mandatory for all of them";
        bool isGoodElsewhere = written.Name.EndsWith("protocols", StringComparison.Ordinal)
            && (!mandatory || Get(holders[0].Tls!.Mandatory, written.Name) is EffectiveValue value && AllowsTls12(value.Text, context));
        return Of(isStricter ? Severity.Warning : Severity.Notice, message, written) with
        {
            Services = [.. holders.Select(service => service.Id)],
            Effective = $"{other} = {Get(mandatory ? holders[0].Tls!.Opportunistic : holders[0].Tls!.Mandatory, other)?.Text}",
            Fix = !isStricter ? "delete the line" : isGoodElsewhere ? $"{other} = {Elsewhere(context, context.Evaluate(written).Text)}" : "",
        };
    }

    /// <summary>Whether a service's list is this definition.</summary>
    private static bool Holds(RuleContext context, WrittenValue written, EffectiveService service, bool mandatory)
    {
        if (Get(mandatory ? service.Tls!.Mandatory : service.Tls!.Opportunistic, written.Name) is not EffectiveValue value)
            return false;
        EffectiveValue root = ValueRoots.Of(value, context, service);
        return written.Entry is not null ? ReferenceEquals(root.Entry, written.Entry) : ReferenceEquals(root.Override, written.Override);
    }

    private static EffectiveValue? Get(TlsLists lists, string name) =>
        name.EndsWith("protocols", StringComparison.Ordinal) ? lists.ProtocolsValue
        : name.EndsWith("exclude_ciphers", StringComparison.Ordinal)
            ? lists.Ciphers.Exclusions.LastOrDefault(value => value.Name.EndsWith(name[name.IndexOf("_tls_", StringComparison.Ordinal)..], StringComparison.Ordinal))
        : lists.Ciphers.Grade;

    private static bool IsStricter(RuleContext context, string name, ServiceTls tls, bool mandatory)
    {
        (TlsLists unread, TlsLists read) = mandatory ? (tls.Mandatory, tls.Opportunistic) : (tls.Opportunistic, tls.Mandatory);
        if (name.EndsWith("protocols", StringComparison.Ordinal))
        {
            return unread.Protocols.IsValid && read.Protocols.IsValid && unread.Protocols.Enabled != read.Protocols.Enabled
                && (unread.Protocols.Enabled & ~read.Protocols.Enabled) == TlsProtocols.None;
        }

        if (!name.EndsWith("exclude_ciphers", StringComparison.Ordinal))
            return IsNarrower(context, unread.Ciphers, read.Ciphers);
        HashSet<string> excluded = [.. read.Ciphers.Exclusions.SelectMany(value => ListWords.Of(value.Text)).Select(word => word.Text)];
        return ListWords.Of(Get(unread, name)?.Text ?? "").Any(word => !excluded.Contains(word.Text));
    }

    /// <summary>Whether a grade was raised, whatever it selects.</summary>
    private static bool IsHigherInName(string name, ServiceTls tls, bool mandatory) => !name.EndsWith("exclude_ciphers", StringComparison.Ordinal)
        && name.EndsWith("_ciphers", StringComparison.Ordinal)
        && (Rank(tls.Mandatory.Ciphers.Grade.Text) - Rank(tls.Opportunistic.Ciphers.Grade.Text)) * (mandatory ? 1 : -1) > 0;

    /// <summary>Whether a list of protocols does what the default in use does.</summary>
    private static bool SaysTheSameAsADefault(RuleContext context, string name, EffectiveService service, bool mandatory)
    {
        (TlsLists unread, TlsLists read) = mandatory ? (service.Tls!.Mandatory, service.Tls!.Opportunistic) : (service.Tls!.Opportunistic, service.Tls!.Mandatory);
        return name.EndsWith("protocols", StringComparison.Ordinal) && unread.Protocols.IsValid
            && unread.Protocols.Enabled == read.Protocols.Enabled && !ValueRoots.Of(read.ProtocolsValue, context, service).IsSet;
    }

    /// <summary>Whether a grade selects less than another one: high and medium are one set unless a list is replaced, or OpenSSL is old.</summary>
    private static bool IsNarrower(RuleContext context, CipherSelection unread, CipherSelection read)
    {
        if (CipherSuites.Of(context.Target.OpenSsl) is not IReadOnlyList<CipherSuite> known || unread.List is null || read.List is null)
            return Rank(unread.Grade.Text) > Rank(read.Grade.Text);
        HashSet<int> less = Ids(unread.List.Text);
        return less.Count > 0 && less.IsProperSubsetOf(Ids(read.List.Text));

        HashSet<int> Ids(string list) => [.. (CipherString.Evaluate(list, known) ?? []).Select(suite => suite.Id)];
    }

    private static int Rank(string grade) => Array.FindIndex(Grades, known => known.Equals(grade, StringComparison.OrdinalIgnoreCase));

    private static bool AllowsTls12(string list, RuleContext context) => TlsProtocolSet.Parse(list, context.Target).Enabled.HasFlag(TlsProtocols.TlsV12);

    /// <summary>The list as it may stand in the other parameter: one that leaves out TLS 1.2 or 1.3, or lets SSL in, must not be carried on.</summary>
    private static string Elsewhere(RuleContext context, string list)
    {
        TlsProtocolSet set = TlsProtocolSet.Parse(list, context.Target);
        string floor = ProtocolAdvice.FloorTls12(context.Postfix);
        TlsProtocols wanted = TlsProtocolSet.Parse(floor, context.Target).Enabled;
        bool isGood = set.IsValid && (wanted & ~set.Enabled) == TlsProtocols.None
            && (set.Enabled & (TlsProtocols.SslV2 | TlsProtocols.SslV3)) == TlsProtocols.None;
        return isGood ? list : floor;
    }

    /// <summary>Whether another value is made of this one.</summary>
    private static bool IsReferredTo(RuleContext context, WrittenValue written) => context.WithReference.Any(value =>
        value.Name != written.Name && value.Raw.Contains(written.Name, StringComparison.Ordinal));
}
