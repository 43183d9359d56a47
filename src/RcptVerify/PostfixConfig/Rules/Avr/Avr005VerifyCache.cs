using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tables;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>address_verify_map: a table that cannot keep what verification learns, or keeps it badly.</summary>
internal sealed class Avr005VerifyCache : PostfixRule
{
    private const string Map = "address_verify_map";

    private static readonly string[] ReadOnly = ["cdb", "texthash", "regexp", "pcre", "cidr", "static", "inline", "mysql", "pgsql", "sqlite", "ldap", "tcp", "socketmap"];
    private static readonly string[] InFiles = ["hash", "btree", "lmdb", "dbm", "sdbm"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        EffectiveValue main = context.Main[Map];
        if (!main.IsSet && main.IsEmpty && Verification.IsUsed(context))
            yield return Empty(context, main);
        foreach (EffectiveValue value in context.InForce(Map).Where(Counts).Select(context.Evaluate))
        {
            if (value.IsEmpty)
                yield return Empty(context, value);
            else if (TableReferences.In(value.Text) is [TableReference table, ..])
            {
                foreach (Finding finding in Judge(context, value, table))
                    yield return finding;
            }
        }
    }

    /// <summary>Only verify(8) opens it.</summary>
    private static bool Counts(WrittenValue written) => written.Service is null || written.Service.Service.Command == "verify";

    private Finding Empty(RuleContext context, EffectiveValue value) =>
        Of(Severity.Notice, "what verification learns is kept in memory: each reload or restart forgets it, and everything is probed anew", value) with
        {
            Effective = "in memory",
            Fix = Advice(context),
        };

    private IEnumerable<Finding> Judge(RuleContext context, EffectiveValue value, TableReference table)
    {
        (int, int) word = (table.Offset, table.Length);
        string fix = Advice(context);
        if (table.Type == "internal")
        {
            yield return Empty(context, value);
            yield break;
        }

        if (ReadOnly.Contains(table.Type))
        {
            yield return Of(Severity.Error, $"a table of type {table.Type} cannot be written: no result is kept, mail is deferred", value, word: word) with { Fix = fix };
            yield break;
        }

        if (table.Type == "hash")
        {
            yield return Of(Severity.Warning, "hash is the wrong type for a cache that many write to: entries that expire leave holes, and the file grows and breaks", value, word: word)
                with
            { Fix = fix };
        }

        if (table.IsProxied)
        {
            if (!context.Main["proxy_write_maps"].Words.Contains(value.Text))
            {
                yield return Of(Severity.Error, "proxy_write_maps does not list the table: proxymap(8) refuses to write it", value, word: word) with
                {
                    Effective = "no result is kept",
                    Fix = "proxy_write_maps = $smtp_sasl_auth_cache_name $lmtp_sasl_auth_cache_name $address_verify_map",
                };
            }
        }
        else if (InFiles.Contains(table.Type) && context.Main.Text("data_directory") is { Length: > 0 } folder
            && !table.Name.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            yield return Of(Severity.Warning, "the file is not in data_directory: verify(8) may not write elsewhere, unless the folder is its own", value, word: word) with
            {
                Effective = $"redirected to {folder} with a warning, or not kept",
                Fix = fix,
            };
        }
    }

    /// <summary>A cache that works with the release and its platform.</summary>
    private static string Advice(RuleContext context) => !context.Target.Platform.HasBerkeleyDb ? $"{Map} = lmdb:$data_directory/verify_cache"
        : context.Postfix.IsAtLeast(2, 7) ? "delete the line: the default is such a table"
        : $"{Map} = btree:$data_directory/verify_cache";
}
