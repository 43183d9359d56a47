using System.Runtime.CompilerServices;
using RcptVerify.PostfixConfig.Expansion;
using RcptVerify.PostfixConfig.Restrictions;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>Every parameter as one daemon sees it: its own <c>-o</c>, else main.cf, else the release's default.</summary>
/// <param name="configuration">What was read.</param>
/// <param name="service">The service; null for what main.cf says to any.</param>
/// <param name="target">The release.</param>
/// <param name="stress">Whether master(8) says that the server is overloaded, STRESS_README.</param>
/// <param name="main">What main.cf says to any, if it is known: plain values are the same for a service without an <c>-o</c>.</param>
internal sealed class EffectiveParameters(
    PostfixConfiguration configuration, MasterService? service, Target target, bool stress, EffectiveParameters? main = null)
{
    /// <summary>Values of main.cf that refer to no other are the same for all services and releases.</summary>
    private static readonly ConditionalWeakTable<MainCfEntry, EffectiveValue> Plain = [];

    private readonly ExpansionBudget _budget = new();
    private Dictionary<string, EffectiveValue>? _values;
    private Dictionary<string, IReadOnlyList<Restriction>>? _restrictions;

    /// <summary>A parameter, of any name.</summary>
    public EffectiveValue this[string name]
    {
        get
        {
            _values ??= new Dictionary<string, EffectiveValue>(StringComparer.Ordinal);
            if (!_values.TryGetValue(name, out EffectiveValue? value))
                _values[name] = value = Evaluate(name);
            return value;
        }
    }

    /// <summary>The text of a parameter, empty when there is none.</summary>
    public string Text(string name) => this[name].Text;

    /// <summary>Whether a parameter is <c>yes</c>.</summary>
    public bool IsYes(string name) => this[name].IsYes;

    /// <summary>Whether the target has a parameter of that name.</summary>
    public bool Exists(string name) => PostfixDefaults.Exists(name, target.Postfix);

    /// <summary>Expands a text as if it were a value of this daemon.</summary>
    public ExpandedValue Expand(string text) => ParameterExpander.Expand(text, Raw, _budget);

    /// <summary>A list of restrictions, read once.</summary>
    public IReadOnlyList<Restriction> Restrictions(string name)
    {
        _restrictions ??= new Dictionary<string, IReadOnlyList<Restriction>>(StringComparer.Ordinal);
        if (!_restrictions.TryGetValue(name, out IReadOnlyList<Restriction>? list))
            _restrictions[name] = list = RestrictionLists.Read(this, name);
        return list;
    }

    private EffectiveValue Evaluate(string name)
    {
        ServiceOverride? over = service?.Find(name);
        if (over is null && main is not null)
        {
            EffectiveValue plain = main[name];
            if (!plain.Raw.Contains('$'))
                return plain;
        }

        MainCfEntry? entry = over is null ? configuration.Main.Find(name) : null;
        return entry?.Value.Contains('$') == false ? Plain.GetValue(entry, OfEntry) : Evaluate(name, over, entry);
    }

    private EffectiveValue Evaluate(string name, ServiceOverride? over, MainCfEntry? entry)
    {
        string? fallback = over is null && entry is null ? PostfixDefaults.Of(name, target) : null;
        string raw = over?.Value ?? entry?.Value ?? fallback ?? "";
        ExpandedValue expanded = Expand(raw);
        return new EffectiveValue
        {
            Name = name,
            Raw = raw,
            Text = expanded.Text,
            Error = expanded.Error,
            Undefined = expanded.Undefined,
            Origin = over is not null ? ValueOrigin.Service : entry is not null ? ValueOrigin.Main
                : fallback is not null ? ValueOrigin.Default : ValueOrigin.Absent,
            Entry = entry,
            Override = over,
        };
    }

    private static EffectiveValue OfEntry(MainCfEntry entry) =>
        new() { Name = entry.Name, Raw = entry.Value, Text = entry.Value, Origin = ValueOrigin.Main, Entry = entry };

    /// <summary>A parameter as written or by default, not expanded; null when there is none.</summary>
    public string? Raw(string name) => name switch
    {
        "stress" => stress ? "yes" : "",
        "process_name" when service is not null => service.Command,
        "service_name" when service is not null => service.Name,
        _ => service?.Find(name)?.Value ?? configuration.Main.Find(name)?.Value ?? PostfixDefaults.Of(name, target),
    };
}
