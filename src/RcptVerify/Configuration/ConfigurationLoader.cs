namespace RcptVerify.Configuration;

/// <summary>
/// Reads the configuration from its three sources: the file, environment variables over it, routes of the command line beside both.
/// </summary>
public static class ConfigurationLoader
{
    /// <summary>
    /// Reads a configuration file and the other sources. Whatever is wrong, the file's absence included, is an error in the result,
    /// never an exception.
    /// </summary>
    /// <param name="path">The TOML file, UTF-8, at most 1 MiB; null for none.</param>
    /// <param name="environment">All environment variables; those not beginning with <c>RCPTVERIFY__</c> are left alone.</param>
    /// <param name="routes">The values of <c>--route</c>, each <c>DOMAIN[,DOMAIN]=HOST:PORT[,HOST:PORT]</c>.</param>
    public static ConfigurationResult Load(string? path, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> routes)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(routes);
        var errors = new ErrorList();
        string text = path is null ? "" : ConfigurationFile.Read(path, errors) ?? "";
        return Parse(text, path ?? "", environment, routes, errors);
    }

    /// <summary>As <see cref="Load"/>, from a text in memory.</summary>
    /// <param name="text">TOML; a byte order mark at its beginning is skipped.</param>
    /// <param name="source">The name of the text in errors.</param>
    /// <param name="environment">All environment variables.</param>
    /// <param name="routes">The values of <c>--route</c>.</param>
    public static ConfigurationResult Parse(
        string text, string source, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> routes)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(routes);
        return Parse(text, source, environment, routes, new ErrorList());
    }

    private static ConfigurationResult Parse(
        string text, string source, IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> routes, ErrorList errors)
    {
        var store = new SettingStore();
        bool isToml = new TomlSettings(Shown.Plain(source), store, errors).Read(text);
        new EnvironmentSettings(store, errors).Read(environment);
        RouteArguments.Read(routes, store, errors);
        if (isToml)
            new OptionsRules(store, errors).Check();
        return new ConfigurationResult(errors.IsEmpty ? OptionsBinder.Bind(store) : null, errors.InOrder());
    }
}
