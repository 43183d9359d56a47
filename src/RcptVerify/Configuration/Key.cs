namespace RcptVerify.Configuration;

/// <summary>
/// One configuration key: all that the reader, the error messages, the environment, the commented default file, the reference page
/// and the approved schema know about it.
/// </summary>
internal abstract class Key(string section, string name, string defaultText, string doc, bool inRoute)
{
    /// <summary>The section it stands in: <c>cache</c>; <c>route</c> for the keys of a route alone.</summary>
    public string Section { get; } = section;

    /// <summary>Its name: <c>positive_expire_time</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The default as an environment variable would say it: no quotes, lists with commas.</summary>
    public string DefaultText { get; } = defaultText;

    /// <summary>One line for the reader of the reference.</summary>
    public string Doc { get; } = doc;

    /// <summary>The version that brought it.</summary>
    public string Since { get; init; } = "0.1";

    /// <summary>Whether a route may repeat it for itself.</summary>
    public bool InRoute { get; } = inRoute;

    /// <summary>What the value must be.</summary>
    public abstract string TypeDescription { get; }

    /// <summary>Whether the value, or each of a list, may be a string.</summary>
    public abstract bool TakesText { get; }

    /// <summary>The default in TOML.</summary>
    public abstract string DefaultToml { get; }

    /// <summary>The environment variable that overrides it; in a route, N counts the routes from 0.</summary>
    public string EnvironmentName => Section == SectionNames.Route
        ? $"RCPTVERIFY__ROUTE__N__{Name.ToUpperInvariant()}"
        : $"RCPTVERIFY__{Section.ToUpperInvariant()}__{Name.ToUpperInvariant()}";

    /// <summary>Reads a value; null, with the reason among the errors, when it is not what the key wants.</summary>
    public abstract ReadValue? Read(RawValue raw, ErrorList errors);

    /// <summary>The name, as in <c>[section] name</c>.</summary>
    public override string ToString() => $"[{Section}] {Name}";
}

/// <summary>A value that was read: a box, so that null can be a value.</summary>
/// <param name="Value">The value, of its key's type.</param>
internal sealed record ReadValue(object? Value);

/// <inheritdoc cref="Key"/>
/// <typeparam name="T">The type the options hold.</typeparam>
internal sealed class Key<T>(string section, string name, KeyType<T> type, string defaultText, string doc, bool inRoute = false)
    : Key(section, name, defaultText, doc, inRoute)
{
    private readonly Lazy<T> _defaultValue = new(() => ReadDefault(type, defaultText));

    /// <summary>The default.</summary>
    public T DefaultValue => _defaultValue.Value;

    public override string TypeDescription => type.Description;

    public override bool TakesText => type.TakesText;

    public override string DefaultToml => type.ToToml(DefaultText);

    public override ReadValue? Read(RawValue raw, ErrorList errors) => type.TryRead(raw, errors, out T value) ? new ReadValue(value) : null;

    private static T ReadDefault(KeyType<T> type, string text)
    {
        var errors = new ErrorList();
        return type.TryRead(RawValue.Untyped(Origin.Whole("default"), text), errors, out T value)
            ? value
            : throw new InvalidOperationException(errors.InOrder()[0].ToString());
    }
}
