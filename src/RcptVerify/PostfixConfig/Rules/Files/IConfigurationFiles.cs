namespace RcptVerify.PostfixConfig.Rules.Files;

/// <summary>The files a configuration names: certificates, parameters, tables. They are often another machine's.</summary>
internal interface IConfigurationFiles
{
    /// <summary>Whether a path exists; null when it cannot be known.</summary>
    bool? Exists(string path);

    /// <summary>Its text; null when it cannot be known, is no text, or is larger than a certificate or table may be.</summary>
    string? Read(string path);

    /// <summary>Whether others than owner and group may read it; null when it cannot be known.</summary>
    bool? IsReadableByAll(string path);
}
