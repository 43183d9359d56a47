namespace RcptVerify.PostfixConfig.Rules.Files;

/// <summary>Nothing is known of any file: the configuration is of another machine, or came from standard input.</summary>
internal sealed class NoFiles : IConfigurationFiles
{
    /// <summary>The one.</summary>
    public static readonly NoFiles Instance = new();

    /// <inheritdoc/>
    public bool? Exists(string path) => null;

    /// <inheritdoc/>
    public string? Read(string path) => null;

    /// <inheritdoc/>
    public bool? IsReadableByAll(string path) => null;
}
