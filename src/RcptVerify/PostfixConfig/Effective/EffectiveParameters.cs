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
    private const string Classes = "smtpd_restriction_classes";

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
            _restrictions[name] = list = SharesRestrictions(name) ? main!.Restrictions(name) : RestrictionLists.Read(this, name);
        return list;
    }

    /// <summary>Whether a list is main.cf's, without classes, in which a service could differ.</summary>
    private bool SharesRestrictions(string name) =>
        main is not null && ReferenceEquals(this[name], main[name]) && this[Classes].IsEmpty && main[Classes].IsEmpty;

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

    private string? Raw(string name) => name switch
    {
        "stress" => stress ? "yes" : "",
        "process_name" when service is not null => service.Command,
        "service_name" when service is not null => service.Name,
        _ => service?.Find(name)?.Value ?? configuration.Main.Find(name)?.Value ?? PostfixDefaults.Of(name, target),
    };
}
