namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A main.cf as text says it: every definition in order, the last of each name wins.</summary>
internal sealed class MainCf
{
    private readonly Dictionary<string, MainCfEntry> _last;
    private readonly HashSet<string> _repeated = new(StringComparer.Ordinal);

    private MainCf(List<MainCfEntry> entries, List<SyntaxError> errors)
    {
        Entries = entries;
        _last = new Dictionary<string, MainCfEntry>(entries.Count, StringComparer.Ordinal);
        Errors = errors;
        foreach (MainCfEntry entry in entries)
        {
            if (_last.TryAdd(entry.Name, entry))
                continue;
            _repeated.Add(entry.Name);
            _last[entry.Name] = entry;
        }
    }

    /// <summary>Every definition, in order, duplicates too.</summary>
    public IReadOnlyList<MainCfEntry> Entries { get; }

    /// <summary>Lines that are no definition. Postfix would not start with them.</summary>
    public IReadOnlyList<SyntaxError> Errors { get; }

    /// <summary>The definition that holds; null when the name is not set.</summary>
    public MainCfEntry? Find(string name) => _last.GetValueOrDefault(name);

    /// <summary>Whether the name is defined, and no more than once.</summary>
    public bool IsOnce(string name) => _last.ContainsKey(name) && !_repeated.Contains(name);

    /// <summary>Reads a text.</summary>
    public static MainCf Parse(SourceFile file) => Parse(LogicalLines.Of(file));

    /// <summary>Reads logical lines, which may be of several files.</summary>
    public static MainCf Parse(IReadOnlyList<LogicalLine> lines)
    {
        List<MainCfEntry> entries = new(lines.Count);
        List<SyntaxError> errors = [];
        foreach (LogicalLine line in lines)
        {
            string text = line.Text;
            int equals = text.IndexOf('=');
            int nameEnd = NameEnd(text);
            if (Blank.Is(text[0]))
                errors.Add(new SyntaxError(SyntaxErrorKind.LeadingWhiteSpace, line.PositionAt(0), Blank.Trim(text)));
            else if (nameEnd == 0)
                errors.Add(new SyntaxError(SyntaxErrorKind.MissingName, line.PositionAt(0), text));
            else if (equals < 0 || !text.AsSpan(nameEnd, equals - nameEnd).Trim(Blank.Signs).IsEmpty)
                errors.Add(new SyntaxError(SyntaxErrorKind.MissingEquals, line.PositionAt(nameEnd < 0 ? text.Length : nameEnd), text));
            else
                entries.Add(Entry(line, text[..nameEnd], equals + 1, entries.Count));
        }

        return new MainCf(entries, errors);
    }

    /// <summary>Where a name ends; -1 when the text is nothing else.</summary>
    private static int NameEnd(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] is ' ' or '\t' or '\r' or '\v' or '\f' or '=')
                return at;
        }

        return -1;
    }

    private static MainCfEntry Entry(LogicalLine line, string name, int from, int number)
    {
        int start = from;
        while (start < line.Text.Length && Blank.Is(line.Text[start]))
            start++;
        return new MainCfEntry(name, line.Text.AsSpan(start).TrimEnd(Blank.Signs).ToString(), line, start, number);
    }
}
