using RcptVerify.PostfixConfig.Rules.Dep;
using RcptVerify.PostfixConfig.Rules.Syn;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>
/// What main.cf defines, and what of it is the same for every release. Made once for all of them: a file of ten megabytes has hundreds
/// of thousands of definitions.
/// </summary>
/// <param name="main">The file.</param>
internal sealed class MainDefinitions(MainCf main)
{
    /// <summary>Every definition, in order, overridden ones too.</summary>
    public IReadOnlyList<WrittenValue> All { get; } =
        [.. main.Entries.Select(entry => new WrittenValue(entry.Name, entry.Value, null, entry, null))];

    /// <summary>Those of names that some release knows or warns of. Postfix reads no others, unless one of these refers to them.</summary>
    public IReadOnlyList<WrittenValue> OfPostfix => field ??= [.. All.Where(written => IsOfPostfix(written.Name))];

    /// <summary>The names of <see cref="OfPostfix"/>, each once, as they are defined first.</summary>
    public IReadOnlyList<string> ParameterNames => field ??= [.. OfPostfix.Select(written => written.Name).Distinct(StringComparer.Ordinal)];

    /// <summary>Those of all other names, where no value of main.cf refers to them.</summary>
    public IReadOnlyList<WrittenValue> Foreign => field ??=
        [.. All.Where(written => !IsOfPostfix(written.Name) && !ReferredTo.Contains(written.Name))];

    /// <summary>Those with a dollar sign.</summary>
    public IReadOnlyList<WrittenValue> Expanded => field ??= [.. All.Where(written => written.Raw.Contains('$', StringComparison.Ordinal))];

    /// <summary>Those that may have a remark behind the value, see <see cref="Remark"/>.</summary>
    public IReadOnlyList<WrittenValue> Remarked => field ??= [.. All.Where(written => Remark.MayBeIn(written.Raw))];

    /// <summary>Those whose name has a character that only looks like white space.</summary>
    public IReadOnlyList<WrittenValue> Feigned => field ??= [.. All.Where(written => Blank.HasFeigned(written.Name))];

    /// <summary>Those that hold and have a dollar sign.</summary>
    public IReadOnlyList<WrittenValue> ExpandedInForce => field ??= [.. Expanded.Where(written => ReferenceEquals(InForce(written.Name), written))];

    /// <summary>Those that a later one of the same name overrides.</summary>
    public IReadOnlyList<WrittenValue> Overridden => field ??= [.. Repeated.Where(written => !ReferenceEquals(InForce(written.Name), written))];

    /// <summary>The names that values refer to, see <see cref="NameReferences"/>.</summary>
    public HashSet<string> ReferredTo => field ??= NameReferences.Gather(Expanded);

    /// <summary>Where values may refer to a name: in no other than these.</summary>
    public ReferenceIndex Referring => field ??= new ReferenceIndex(Expanded);

    /// <summary>Tables of databases whose settings stand in main.cf.</summary>
    public HashSet<string> DatabaseTables => field ??= GatherTables();

    private IEnumerable<WrittenValue> Repeated => All.Where(written => !main.IsOnce(written.Name));

    private Dictionary<string, List<WrittenValue>> Several => field ??= WrittenValue.ByName(Repeated);

    /// <summary>The definitions of one name, in order.</summary>
    public IReadOnlyList<WrittenValue> Named(string name) =>
        main.Find(name) is not MainCfEntry last ? [] : main.IsOnce(name) ? [All[last.Number]] : Several[name];

    /// <summary>The definition of a name that holds; null for none.</summary>
    public WrittenValue? InForce(string name) => main.Find(name) is MainCfEntry last ? All[last.Number] : null;

    private HashSet<string> GatherTables()
    {
        HashSet<string> tables = new(StringComparer.Ordinal);
        foreach (WrittenValue written in All)
        {
            if (written.Raw.Contains(':', StringComparison.Ordinal))
                Syn.DatabaseTables.Gather(written.Raw, tables);
        }

        return tables;
    }

    private static bool IsOfPostfix(string name) => PostfixDefaults.Knows(name) || Deprecation.Find(name) is not null;
}
