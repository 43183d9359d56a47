using RcptVerify.PostfixConfig.Rules.Files;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>Files with texts; what is not named does not exist.</summary>
internal sealed class FakeFiles : IConfigurationFiles
{
    private readonly Dictionary<string, (string Text, bool ReadableByAll)> _files = [];

    public FakeFiles With(string path, string text = "", bool readableByAll = false)
    {
        _files[path] = (text, readableByAll);
        return this;
    }

    public bool? Exists(string path) => _files.ContainsKey(path);

    public string? Read(string path) => _files.TryGetValue(path, out var file) ? file.Text : null;

    public bool? IsReadableByAll(string path) => _files.TryGetValue(path, out var file) ? file.ReadableByAll : null;
}
