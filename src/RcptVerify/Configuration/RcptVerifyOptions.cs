namespace RcptVerify.Configuration;

/// <summary>The whole configuration. <c>new()</c> is what an empty file gives.</summary>
public sealed record RcptVerifyOptions
{
    /// <summary>The <c>[policy]</c> section.</summary>
    public PolicyOptions Policy { get; init; } = new();

    /// <summary>The <c>[milter]</c> section.</summary>
    public MilterOptions Milter { get; init; } = new();

    /// <summary>The <c>[socketmap]</c> section.</summary>
    public SocketmapOptions Socketmap { get; init; } = new();

    /// <summary>The <c>[admin]</c> section.</summary>
    public AdminOptions Admin { get; init; } = new();

    /// <summary>The <c>[reply]</c> section.</summary>
    public ReplyOptions Reply { get; init; } = new();

    /// <summary>The <c>[cache]</c> section.</summary>
    public CacheOptions Cache { get; init; } = new();

    /// <summary>The <c>[probe]</c> section.</summary>
    public ProbeOptions Probe { get; init; } = new();

    /// <summary>The <c>[log]</c> section.</summary>
    public LogOptions Log { get; init; } = new();

    /// <summary>The <c>[[route]]</c> blocks in the file's order, then those of the environment and the command line.</summary>
    public IReadOnlyList<RouteOptions> Routes { get; init; } = [];
}
