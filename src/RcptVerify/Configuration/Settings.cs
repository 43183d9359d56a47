namespace RcptVerify.Configuration;

/// <summary>A key as somebody set it.</summary>
/// <param name="Origin">Where the key stands.</param>
/// <param name="Raw">The value as written; null when its syntax is broken, which has been reported.</param>
/// <param name="Read">The value as understood; null when it is none, which has been reported.</param>
internal sealed record Setting(Origin Origin, RawValue? Raw, ReadValue? Read);

/// <summary>The keys set in one place: all sections together, or one route.</summary>
internal sealed class SettingScope(Origin origin)
{
    private readonly Dictionary<Key, Setting> _settings = [];

    /// <summary>Where the scope begins, for errors about keys that are missing.</summary>
    public Origin Origin { get; } = origin;

    /// <summary>Everything that was set.</summary>
    public IReadOnlyDictionary<Key, Setting> All => _settings;

    /// <summary>What was set for a key; null where its default counts.</summary>
    public Setting? Find(Key key) => _settings.GetValueOrDefault(key);

    /// <summary>Reads and keeps a value. A later source replaces an earlier one; the same source setting a key twice is an error.</summary>
    public void Set(Key key, Origin keyOrigin, RawValue? raw, ErrorList errors)
    {
        if (_settings.TryGetValue(key, out Setting? earlier) && earlier.Origin.Source == keyOrigin.Source)
            errors.Add(keyOrigin, $"\"{key.Name}\" is already set at {earlier.Origin}");
        else
            _settings[key] = new Setting(keyOrigin, raw, raw is null ? null : key.Read(raw, errors));
    }
}

/// <summary>All that the sources have set.</summary>
internal sealed class SettingStore
{
    private readonly List<SettingScope> _routes = [];

    /// <summary>The keys of all sections but routes.</summary>
    public SettingScope Sections { get; } = new(default);

    /// <summary>The routes, in the order in which they were written.</summary>
    public IReadOnlyList<SettingScope> Routes => _routes;

    /// <summary>Begins a route.</summary>
    public SettingScope AddRoute(Origin origin)
    {
        var route = new SettingScope(origin);
        _routes.Add(route);
        return route;
    }
}

/// <summary>Answers what holds: in a route its own keys first, then the sections', then the defaults.</summary>
internal sealed class SettingReader(SettingScope sections, SettingScope? route = null)
{
    /// <summary>The value that holds; the default also in place of a value that could not be read.</summary>
    public T Get<T>(Key<T> key) => Find(key) is { Read: { } read } ? (T)read.Value! : key.DefaultValue;

    /// <summary>What was set for a key; null where its default holds.</summary>
    public Setting? Find(Key key) => route?.Find(key) ?? sections.Find(key);

    /// <summary>Whether the route itself set the key; for a reader of the sections, whether they did.</summary>
    public bool IsOwn(Key key) => (route ?? sections).Find(key) is not null;
}
