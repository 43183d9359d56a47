namespace RcptVerify.Configuration;

/// <summary>Collects the errors of one run, in the order in which sources were read and, inside one, of lines and columns.</summary>
internal sealed class ErrorList
{
    private readonly List<(int Stage, ConfigurationError Error)> _errors = [];
    private readonly Dictionary<string, int> _stages = new(StringComparer.Ordinal);

    /// <summary>Whether nothing was wrong so far.</summary>
    public bool IsEmpty => _errors.Count == 0;

    /// <summary>Announces a source, so that its errors come after those of the sources announced before.</summary>
    public void Announce(string source) => _stages.TryAdd(source, _stages.Count);

    /// <summary>Adds one error; a text from outside inside <paramref name="message"/> must have gone through <see cref="Shown"/>.</summary>
    public void Add(Origin origin, string message)
    {
        Announce(origin.Source);
        _errors.Add((_stages[origin.Source], new ConfigurationError(origin.Source, origin.Line, origin.Column, message)));
    }

    /// <summary>Takes away what a source's errors say of places behind one.</summary>
    /// <param name="last">The last place that counts.</param>
    public void DropBehind(Origin last) => _errors.RemoveAll(
        e => e.Error.Source == last.Source && (e.Error.Line, e.Error.Column).CompareTo((last.Line, last.Column)) > 0);

    /// <summary>The errors in order, cut after <see cref="ConfigurationLimits.MaxErrors"/> with a line that counts the rest.</summary>
    public IReadOnlyList<ConfigurationError> InOrder()
    {
        List<ConfigurationError> sorted =
            [.. _errors.OrderBy(e => e.Stage).ThenBy(e => e.Error.Line).ThenBy(e => e.Error.Column).Select(e => e.Error).Distinct()];
        int rest = sorted.Count - ConfigurationLimits.MaxErrors;
        if (rest <= 0)
            return sorted;
        ConfigurationError first = sorted[ConfigurationLimits.MaxErrors];
        return
        [
            .. sorted.Take(ConfigurationLimits.MaxErrors),
            first with { Message = string.Create(null, $"this and {rest - 1} more errors are not shown") },
        ];
    }
}
