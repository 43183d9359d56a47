namespace RcptVerify.Configuration;

/// <summary>How much is logged.</summary>
public enum LogVerbosity
{
    /// <summary>Refusals, unknowns and probes.</summary>
    Info,

    /// <summary>Each acceptance out of the cache too.</summary>
    Debug,

    /// <summary>Trouble only.</summary>
    Warning,
}

/// <summary>The <c>[log]</c> section.</summary>
public sealed record LogOptions
{
    /// <summary>How much is logged. Default info.</summary>
    public LogVerbosity Level { get; init; } = Keys.Logging.Level.DefaultValue;
}
