using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Tables;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>Tables of routing and of recipients that are not there, and transports that master.cf does not have.</summary>
internal sealed class Avr003MissingTable : PostfixRule
{
    /// <summary>More names are not spelt out in one finding.</summary>
    private const int MaxNames = 5;

    private static readonly string[] TransportMaps =
    [
        "transport_maps", "address_verify_transport_maps", "sender_dependent_default_transport_maps",
        "address_verify_sender_dependent_default_transport_maps",
    ];

    private static readonly string[] OtherMaps =
    [
        "relay_domains", "relay_recipient_maps", "virtual_alias_maps", "virtual_alias_domains", "virtual_mailbox_maps",
        "virtual_mailbox_domains", "sender_dependent_relayhost_maps", "address_verify_sender_dependent_relayhost_maps",
    ];

    private static readonly string[] Transports =
    [
        "default_transport", "relay_transport", "local_transport", "virtual_transport", "mailbox_transport", "fallback_transport",
        "content_filter", "address_verify_default_transport", "address_verify_relay_transport", "address_verify_local_transport",
        "address_verify_virtual_transport",
    ];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        HashSet<string> services = new(
            context.Configuration.Services.Where(service => service.Type == "unix").Select(service => service.Name), StringComparer.Ordinal);
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (string name in TransportMaps.Concat(OtherMaps))
        {
            // Without files to look at, only what stands in the value itself.
            bool CanBeJudged(TableReference table) => context.Files is not NoFiles || table.Type == "static";
            bool routes = TransportMaps.Contains(name);
            foreach (EffectiveValue value in context.InForce(name).Select(context.Evaluate))
            {
                foreach (TableReference table in TableReferences.In(value.Text).Where(CanBeJudged).Where(table => seen.Add($"{routes} {table.Text}")))
                {
                    Finding? finding = Missing(context, value, table) ?? (routes && context.HasMasterCf ? Unserved(context, value, table, services) : null);
                    if (finding is not null)
                        yield return finding;
                }
            }
        }

        if (!context.HasMasterCf)
            yield break;
        foreach (EffectiveValue value in Transports.SelectMany(context.InForce).Select(context.Evaluate))
        {
            if (TransportTable.NameOf(value.Text) is string transport && !services.Contains(transport))
            {
                yield return Of(Severity.Error, $"master.cf has no transport \"{transport}\": mail for it stays in the queue", value) with
                {
                    Effective = "mail is deferred",
                    Fix = $"add a line \"{transport} unix … smtp\" to master.cf, or name a transport that is there",
                };
            }
        }
    }

    private Finding? Missing(RuleContext context, EffectiveValue value, TableReference table)
    {
        if (table.File is not string file || context.Files.Exists(file) != false)
            return null;
        bool hasSource = table.IsIndexed && context.Files.Exists(table.Name) == true;
        return Of(
            Severity.Error,
            hasSource ? "only the table's source is there, not the table: mail that needs it is deferred" : "the table is not there: mail that needs it is deferred",
            value,
            word: (table.Offset, table.Length)) with
        {
            Effective = "lookups fail",
            Fix = !table.IsIndexed ? $"create {file}" : hasSource ? $"postmap {table.Text}" : $"write the entries to {table.Name}, then: postmap {table.Text}",
        };
    }

    private Finding? Unserved(RuleContext context, EffectiveValue value, TableReference table, HashSet<string> services)
    {
        if (table.Type == "static")
        {
            return table.Name.Contains(':', StringComparison.Ordinal) && TransportTable.NameOf(table.Name) is string only && !services.Contains(only)
                ? Of(Severity.Error, $"master.cf has no transport \"{only}\": mail for it stays in the queue", value, word: (table.Offset, table.Length)) with
                {
                    Effective = "mail is deferred",
                    Fix = $"add a line \"{only} unix … smtp\" to master.cf, or name a transport that is there",
                }
                : null;
        }

        if (table.Type is not ("hash" or "btree" or "lmdb" or "cdb" or "dbm" or "sdbm" or "texthash" or "regexp" or "pcre")
            || context.Files.Read(table.Name) is not string text)
        {
            return null;
        }

        string[] missing = [.. TransportTable.TransportsOf(text).Where(name => !services.Contains(name)).Take(MaxNames + 1)];
        if (missing.Length == 0)
            return null;
        string names = string.Join(", ", missing.Take(MaxNames)) + (missing.Length > MaxNames ? " …" : "");
        return Of(
            Severity.Error,
            $"the table names transports that master.cf does not have ({names}): mail for their destinations stays in the queue",
            value,
            word: (table.Offset, table.Length)) with
        {
            Effective = "mail is deferred",
            Fix = "add the transports to master.cf, or correct the table",
        };
    }
}
