using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>Guesses roles, and reads them.</summary>
internal static class ServiceRoles
{
    private static readonly Row[] Names =
    [
        new(ServiceRole.Mx, "mx"), new(ServiceRole.Submission, "submission"), new(ServiceRole.Client, "client"), new(ServiceRole.NullClient, "null-client"),
    ];

    /// <summary>The roles that may be named, for help and errors.</summary>
    public static string All => string.Join("|", Names.Select(row => row.Name));

    /// <summary>The role of a name; null when it is none that a user may name.</summary>
    public static ServiceRole? Parse(string text) =>
        Names.FirstOrDefault(row => row.Name == text) is Row row ? row.Role : null;

    /// <summary>The name of a role that a user may name; empty for others.</summary>
    public static string Text(ServiceRole role) => Names.FirstOrDefault(row => row.Role == role)?.Name ?? "";

    /// <summary>A service's role.</summary>
    /// <param name="service">The service.</param>
    /// <param name="daemon">Its program.</param>
    /// <param name="parameters">As it sees them.</param>
    /// <param name="said">What the user says the host is; null to guess. The well-known ports keep their own meaning.</param>
    public static ServiceRole Of(MasterService service, Daemon daemon, EffectiveParameters parameters, ServiceRole? said)
    {
        if (daemon is Daemon.Smtp or Daemon.Lmtp)
            return said == ServiceRole.NullClient || IsNullClient(parameters) ? ServiceRole.NullClient : ServiceRole.Client;
        if (daemon is Daemon.Other || service.Type is not ("inet" or "pass"))
            return ServiceRole.None;
        if (IsLoopback(service, parameters))
            return ServiceRole.Internal;
        int? port = service.Type == "pass" ? 25 : ServicePort.Of(service.Name);
        if (port is 587 or 465 || parameters.IsYes("smtpd_tls_wrappermode"))
            return ServiceRole.Submission;
        if (said is ServiceRole.Mx or ServiceRole.Submission)
            return said.Value;
        return port == 25 || !parameters.IsYes("smtpd_sasl_auth_enable") ? ServiceRole.Mx : ServiceRole.Submission;
    }

    /// <summary>Whether a server listens on loopback addresses only.</summary>
    public static bool IsLoopback(MasterService service, EffectiveParameters parameters)
    {
        if (service.Type != "inet")
            return false;
        if (ServicePort.Host(service.Name) is string host)
            return IsLoopbackName(host);
        IReadOnlyList<string> interfaces = parameters["inet_interfaces"].Words;
        return interfaces.Count > 0 && interfaces.All(IsLoopbackName);
    }

    private static bool IsNullClient(EffectiveParameters parameters) =>
        parameters["inet_interfaces"].Words is ["loopback-only"] && parameters["mydestination"].IsEmpty;

    private static bool IsLoopbackName(string host) =>
        host is "localhost" or "loopback-only" or "::1" or "[::1]" || host.StartsWith("127.", StringComparison.Ordinal);

    private sealed record Row(ServiceRole Role, string Name);
}
