namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>What is assumed where no master.cf is given: the services of a stock one that speak SMTP or LMTP.</summary>
internal static class StockServices
{
    /// <summary>One server, three clients.</summary>
    public static readonly IReadOnlyList<MasterService> All =
    [
        Service("smtp", "inet", "n", "smtpd"),
        Service("smtp", "unix", "-", "smtp"),
        Service("relay", "unix", "-", "smtp"),
        Service("lmtp", "unix", "-", "lmtp"),
    ];

    private static MasterService Service(string name, string type, string isPrivate, string command) => new()
    {
        Name = name,
        Type = type,
        Private = isPrivate,
        Unprivileged = "-",
        Chroot = "-",
        Wakeup = "-",
        MaxProcesses = "-",
        Command = command,
        Arguments = [],
        Overrides = [],
        Line = null,
    };
}
