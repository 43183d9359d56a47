namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A service of master.cf, master(5). Fields hold what is written, <c>-</c> for the default.</summary>
internal sealed record MasterService
{
    private const int ManyOverrides = 16;

    private IReadOnlyList<ServiceOverride>? _indexed;

    /// <summary>Its name: a service or port, <c>host:port</c>, or a name below the queue directory.</summary>
    public required string Name { get; init; }

    /// <summary>inet, unix, unix-dgram, fifo or pass.</summary>
    public required string Type { get; init; }

    /// <summary>The third field.</summary>
    public required string Private { get; init; }

    /// <summary>The fourth field.</summary>
    public required string Unprivileged { get; init; }

    /// <summary>The fifth field.</summary>
    public required string Chroot { get; init; }

    /// <summary>The sixth field, seconds, perhaps with <c>?</c>.</summary>
    public required string Wakeup { get; init; }

    /// <summary>The seventh field.</summary>
    public required string MaxProcesses { get; init; }

    /// <summary>The program: smtpd, smtp, lmtp …</summary>
    public required string Command { get; init; }

    /// <summary>Its arguments as words, options too; a braced group is one word.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Its <c>-o</c>, in order; the last of a name wins.</summary>
    public required IReadOnlyList<ServiceOverride> Overrides { get; init; }

    /// <summary>Where it stands; null for a service that is assumed because there is no master.cf.</summary>
    public required LogicalLine? Line { get; init; }

    /// <summary>Where it stands; null for an assumed one.</summary>
    public SourcePosition? Position => Line?.PositionAt(0);

    /// <summary>As master.cf writes it: <c>587/inet</c>.</summary>
    public string Id => $"{Name}/{Type}";

    /// <summary>The identity two entries share that are the same service for master(8): port names are resolved.</summary>
    public string CanonicalId => $"{(Type == "inet" ? ServicePort.Canonical(Name) : Name)}/{Type}";

    /// <summary>The <c>-o</c> that holds; null when there is none.</summary>
    public ServiceOverride? Find(string name) => Index is Dictionary<string, ServiceOverride> index
        ? index.GetValueOrDefault(name)
        : Overrides.LastOrDefault(entry => entry.Name == name);

    /// <summary>The last option of each name, where there are too many to look through; else null.</summary>
    private Dictionary<string, ServiceOverride>? Index
    {
        get
        {
            if (Overrides.Count < ManyOverrides)
                return null;
            if (field is not null && ReferenceEquals(_indexed, Overrides))
                return field;
            Dictionary<string, ServiceOverride> index = new(StringComparer.Ordinal);
            foreach (ServiceOverride entry in Overrides)
                index[entry.Name] = entry;
            _indexed = Overrides;
            return field = index;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Id;
}
