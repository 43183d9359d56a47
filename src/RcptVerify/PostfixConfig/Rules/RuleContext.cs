using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>What a rule may look at: a configuration as one release runs it, and what the user gave beside it.</summary>
/// <param name="effective">The configuration.</param>
/// <param name="definitions">What main.cf defines, shared by the releases.</param>
/// <param name="profile">The guideline to measure by.</param>
internal sealed class RuleContext(EffectiveConfiguration effective, MainDefinitions definitions, Profile profile)
{
    /// <summary>The configuration as the release runs it.</summary>
    public EffectiveConfiguration Effective => effective;

    /// <summary>What was read.</summary>
    public PostfixConfiguration Configuration => effective.Configuration;

    /// <summary>The release and library.</summary>
    public Target Target => effective.Target;

    /// <summary>The release.</summary>
    public PostfixVersion Postfix => effective.Target.Postfix;

    /// <summary>What main.cf and the defaults say to a daemon without options of its own.</summary>
    public EffectiveParameters Main => effective.Main;

    /// <summary>The guideline to measure by.</summary>
    public Profile Profile => profile;

    /// <summary>The files the configuration names, where they may be read.</summary>
    public IConfigurationFiles Files { get; init; } = NoFiles.Instance;

    /// <summary>What the user says the host is; null when nobody does and each service's role is a guess.</summary>
    public ServiceRole? SaidRole { get; init; }

    /// <summary>TLSA records, one a line, given with <c>--tlsa</c>; null for none.</summary>
    public SourceFile? TlsaRecords { get; init; }

    /// <summary>What certificates' dates are compared with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether a master.cf was given; if not, the services are those of a stock one and nobody's fault.</summary>
    public bool HasMasterCf => effective.Configuration.Master is not null;

    /// <summary>Every service.</summary>
    public IReadOnlyList<EffectiveService> Services => effective.Services;

    /// <summary>smtpd(8) and postscreen(8).</summary>
    public IEnumerable<EffectiveService> Servers => effective.Services.Where(service => service.IsServer);

    /// <summary>smtp(8) and lmtp(8).</summary>
    public IEnumerable<EffectiveService> Clients => effective.Services.Where(service => service.IsClient);

    /// <summary>Every definition in main.cf, then every <c>-o</c>, in order, overridden ones too.</summary>
    public IEnumerable<WrittenValue> Written => definitions.All.Concat(Options);

    /// <summary>
    /// The names in <see cref="Written"/> that may be Postfix's own parameters, each once; see <see cref="MainDefinitions.OfPostfix"/>.
    /// </summary>
    public IEnumerable<string> ParameterNames => definitions.ParameterNames.Union(OptionsByName.Keys);

    /// <summary>Those of <see cref="Written"/> that hold and have a dollar sign.</summary>
    public IEnumerable<WrittenValue> WithReference => definitions.ExpandedInForce.Concat(
        Options.Where(option => option.Raw.Contains('$', StringComparison.Ordinal) && IsInForce(option)));

    /// <summary>Every <c>-o</c>, in order, overridden ones too.</summary>
    public IReadOnlyList<WrittenValue> Options => field ??=
    [
        .. effective.Services.SelectMany(service =>
            service.Service.Overrides.Select(over => new WrittenValue(over.Name, over.Value, service, null, over))),
    ];

    /// <summary>What main.cf defines, whatever the release.</summary>
    public MainDefinitions Definitions => definitions;

    /// <summary>The definitions of one parameter, in the order of <see cref="Written"/>.</summary>
    public IReadOnlyList<WrittenValue> WrittenAs(string name)
    {
        IReadOnlyList<WrittenValue> inMain = definitions.Named(name);
        return OptionsByName.TryGetValue(name, out List<WrittenValue>? options) ? [.. inMain, .. options] : inMain;
    }

    /// <summary>Whether a written value refers to a name, see <see cref="NameReferences"/>.</summary>
    public bool IsReferredTo(string name) => definitions.ReferredTo.Contains(name) || ReferredToByOptions.Contains(name);

    /// <summary>Whether a written value takes that parameter's, see <see cref="ReferenceIndex"/>.</summary>
    public bool IsTaken(string name) => definitions.Referring.Any(name) || TakenByOptions.Any(name);

    private Dictionary<string, List<WrittenValue>> OptionsByName => field ??= WrittenValue.ByName(Options);

    private HashSet<string> ReferredToByOptions => field ??= NameReferences.Gather(Options);

    private ReferenceIndex TakenByOptions => field ??= new ReferenceIndex(Options);

    /// <summary>The definitions of one parameter that hold: main.cf's last, and each service's last <c>-o</c>.</summary>
    public IEnumerable<WrittenValue> InForce(string name)
    {
        if (definitions.InForce(name) is WrittenValue last)
            yield return last;
        foreach (WrittenValue option in OptionsByName.GetValueOrDefault(name) ?? [])
        {
            if (IsInForce(option))
                yield return option;
        }
    }

    private static bool IsInForce(WrittenValue option) => ReferenceEquals(option.Service!.Service.Find(option.Name), option.Override);

    /// <summary>A written value as its daemon sees it; for one in main.cf as a daemon without options does.</summary>
    public EffectiveValue Evaluate(WrittenValue value) => value.Service is null ? Main[value.Name] : value.Service[value.Name];
}
