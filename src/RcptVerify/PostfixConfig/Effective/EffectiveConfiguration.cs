using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>A configuration as one release of Postfix runs it.</summary>
internal sealed class EffectiveConfiguration
{
    private EffectiveConfiguration(PostfixConfiguration configuration, Target target, EffectiveParameters main, IReadOnlyList<EffectiveService> services)
    {
        Configuration = configuration;
        Target = target;
        Main = main;
        Services = services;
    }

    /// <summary>What was read.</summary>
    public PostfixConfiguration Configuration { get; }

    /// <summary>The release.</summary>
    public Target Target { get; }

    /// <summary>What main.cf and the defaults say to a daemon without options of its own.</summary>
    public EffectiveParameters Main { get; }

    /// <summary>Every service, in master.cf's order.</summary>
    public IReadOnlyList<EffectiveService> Services { get; }

    /// <summary>Evaluates a configuration.</summary>
    /// <param name="configuration">What was read.</param>
    /// <param name="target">The release.</param>
    /// <param name="role">What the user says the host is; null to guess.</param>
    /// <param name="stress">Whether master(8) gives <c>-o stress=yes</c> to servers, as it does while all their processes are busy.</param>
    public static EffectiveConfiguration Of(PostfixConfiguration configuration, Target target, ServiceRole? role = null, bool stress = false)
    {
        MasterService? proxy = configuration.Services.FirstOrDefault(service => DaemonOf(service) == Daemon.TlsProxy);
        EffectiveParameters main = new(configuration, null, target, stress: false);
        EffectiveParameters proxyParameters = new(configuration, proxy, target, stress: false, main);
        return new EffectiveConfiguration(
            configuration,
            target,
            main,
            [.. configuration.Services.Select(service => Service(configuration, service, main, proxyParameters, target, role, stress))]);
    }

    private static EffectiveService Service(
        PostfixConfiguration configuration,
        MasterService service,
        EffectiveParameters main,
        EffectiveParameters proxy,
        Target target,
        ServiceRole? role,
        bool stress)
    {
        Daemon daemon = DaemonOf(service);
        EffectiveParameters parameters = new(configuration, service, target, stress && daemon is (Daemon.Smtpd or Daemon.Postscreen), main);
        return new EffectiveService
        {
            Service = service,
            Daemon = daemon,
            Role = ServiceRoles.Of(service, daemon, parameters, role),
            Parameters = parameters,
            UnderStress = new EffectiveParameters(configuration, service, target, stress: true, main),
            Tls = daemon switch
            {
                Daemon.Smtpd => TlsEvaluation.OfServer(parameters, target),
                Daemon.Postscreen => TlsEvaluation.OfPostscreen(parameters, proxy, target),
                Daemon.Smtp => TlsEvaluation.OfClient(parameters, "smtp", target),
                Daemon.Lmtp => TlsEvaluation.OfClient(parameters, "lmtp", target),
                _ => null,
            },
        };
    }

    /// <summary>Whether somebody wrote a value that may differ while servers are busy, STRESS_README.</summary>
    public static bool SpeaksOfStress(PostfixConfiguration configuration) =>
        configuration.Main.Entries.Any(entry => NamesStress(entry.Value))
        || configuration.Services.Any(service => service.Overrides.Any(over => NamesStress(over.Value)));

    private static bool NamesStress(string value) =>
        value.Contains('$', StringComparison.Ordinal) && value.Contains("stress", StringComparison.Ordinal);

    private static Daemon DaemonOf(MasterService service) => service.Command switch
    {
        "smtpd" => Daemon.Smtpd,
        "postscreen" => Daemon.Postscreen,
        "tlsproxy" => Daemon.TlsProxy,
        "smtp" => Daemon.Smtp,
        "lmtp" => Daemon.Lmtp,
        _ => Daemon.Other,
    };
}
