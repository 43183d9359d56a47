using System.Collections;
using RcptVerify.Configuration;

namespace RcptVerify.Hosting;

/// <summary>Where a configuration comes from: file, environment, command line; read again at each <see cref="Load()"/>.</summary>
/// <param name="path">The file; null for none.</param>
/// <param name="routes">Routes of the command line.</param>
internal sealed class ConfigurationSource(string? path, IReadOnlyList<string> routes)
{
    /// <summary>Its name in messages.</summary>
    public string Name => path ?? "(command line and environment)";

    public ConfigurationResult Load() => Load(routes);

    /// <summary>As <see cref="Load()"/>, with other routes from the command line.</summary>
    public ConfigurationResult Load(IReadOnlyList<string> commandLineRoutes)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        return ConfigurationLoader.Load(path, environment, commandLineRoutes);
    }
}
