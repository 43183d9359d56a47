using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tables;

namespace RcptVerify.PostfixConfig.Rules.Dep;

/// <summary>hash: and btree: tables where Berkeley DB is gone, or is about to go.</summary>
internal sealed class Dep004BerkeleyDb : PostfixRule
{
    private const string Migration = "non_bdb_migration_level";
    /// <summary>Files of aliases have a form of their own, aliases(5), and a program of their own.</summary>
    private static readonly string[] Aliases = ["alias_maps", "alias_database"];

    private static readonly string[] Types = ["default_database_type", "default_cache_db_type"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        bool lacks = !context.Target.Platform.HasBerkeleyDb;
        EffectiveValue migration = context.Main[Migration];
        bool migrates = context.Main.Exists(Migration) && migration.Text.StartsWith("enable", StringComparison.OrdinalIgnoreCase);
        if (!lacks && !migrates && !IsLeaving(context))
            yield break;
        (Severity severity, string message) = (lacks, migrates) switch
        {
            (true, false) => (Severity.Error, "this platform's Postfix has no Berkeley DB: the table cannot be opened, mail that needs it is deferred"),
            (_, true) => (Severity.Warning, "the table is redirected to another type by the migration aid, which is meant for the time of the change only"),
            _ => (Severity.Warning, "the default types say that Berkeley DB is being left: this table still needs it"),
        };
        foreach (WrittenValue written in context.Written)
        {
            if (written.Entry is not null ? !ReferenceEquals(context.Configuration.Main.Find(written.Name), written.Entry) : !ReferenceEquals(written.Service!.Service.Find(written.Name), written.Override))
                continue;
            EffectiveValue value = context.Evaluate(written);
            if (Types.Contains(written.Name) && value.Text is "hash" or "btree")
            {
                yield return Of(severity, message, written) with { Effective = value.ToString(), Fix = $"{written.Name} = lmdb" };
                continue;
            }

            // What a reference brings in is found where it is written.
            foreach (TableReference table in TableReferences.In(written.Raw).Where(table => table.IsBerkeleyDb))
            {
                yield return Of(severity, message, written, (table.Offset, table.Length)) with
                {
                    Effective = table.Text,
                    Fix = $"lmdb:{table.Name}{(table.Name.StartsWith('/') ? $", then: {(Aliases.Contains(written.Name) ? "postalias" : "postmap")} lmdb:{table.Name}" : "")}",
                };
            }
        }
    }

    /// <summary>Whether somebody has set a default type that is not Berkeley DB's.</summary>
    private static bool IsLeaving(RuleContext context) =>
        Types.Select(name => context.Main[name]).Any(type => type.IsSet && type.Text is "lmdb" or "cdb");
}
