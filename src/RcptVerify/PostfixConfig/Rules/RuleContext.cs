using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>What a rule may look at: a configuration as one release runs it, and what the user gave beside it.</summary>
/// <param name="effective">The configuration.</param>
/// <param name="profile">The guideline to measure by.</param>
internal sealed class RuleContext(EffectiveConfiguration effective, Profile profile)
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
    public IReadOnlyList<WrittenValue> Written => field ??=
    [
        .. Configuration.Main.Entries.Select(entry => new WrittenValue(entry.Name, entry.Value, null, entry, null)),
        .. effective.Services.SelectMany(service =>
            service.Service.Overrides.Select(over => new WrittenValue(over.Name, over.Value, service, null, over))),
    ];

    /// <summary>The definitions of one parameter, in the order of <see cref="Written"/>.</summary>
    public IReadOnlyList<WrittenValue> WrittenAs(string name) => ByName.GetValueOrDefault(name) ?? [];

    /// <summary>The names that written values refer to, see <see cref="NameReferences"/>.</summary>
    public HashSet<string> ReferredTo => field ??= NameReferences.Gather(Written);

    /// <summary>Where written values may refer to a name: in no other than these.</summary>
    public ReferenceIndex Referring => field ??= new ReferenceIndex(Written);

    private Dictionary<string, List<WrittenValue>> ByName => field ??= Index(Written);

    /// <summary>The definitions of one parameter that hold: main.cf's last, and each service's last <c>-o</c>.</summary>
    public IEnumerable<WrittenValue> InForce(string name) => WrittenAs(name).Where(value => value.Entry is not null
        ? ReferenceEquals(Configuration.Main.Find(name), value.Entry)
        : ReferenceEquals(value.Service!.Service.Find(name), value.Override));

    /// <summary>A written value as its daemon sees it; for one in main.cf as a daemon without options does.</summary>
    public EffectiveValue Evaluate(WrittenValue value) => value.Service is null ? Main[value.Name] : value.Service[value.Name];

    private static Dictionary<string, List<WrittenValue>> Index(IReadOnlyList<WrittenValue> all)
    {
        Dictionary<string, List<WrittenValue>> index = new(StringComparer.Ordinal);
        foreach (WrittenValue written in all)
        {
            if (!index.TryGetValue(written.Name, out List<WrittenValue>? same))
                index[written.Name] = same = [];
            same.Add(written);
        }

        return index;
    }
}
