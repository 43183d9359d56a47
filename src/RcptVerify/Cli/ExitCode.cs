namespace RcptVerify.Cli;

/// <summary>Exit codes, a part of the interface.</summary>
internal static class ExitCode
{
    /// <summary>Fine.</summary>
    public const int Ok = 0;

    /// <summary>The answer is "no": undeliverable.</summary>
    public const int No = 1;

    /// <summary>Usage, or unreadable input.</summary>
    public const int Usage = 2;

    /// <summary>A defect of ours.</summary>
    public const int Internal = 3;

    /// <summary>EX_TEMPFAIL of sysexits(3): the verdict is unknown.</summary>
    public const int Tempfail = 75;

    /// <summary>EX_CONFIG of sysexits(3): our own configuration is wrong.</summary>
    public const int Config = 78;
}
