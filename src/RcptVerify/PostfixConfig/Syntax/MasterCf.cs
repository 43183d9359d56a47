namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>A master.cf as text says it.</summary>
/// <param name="Entries">Every service line, in order, duplicates too.</param>
/// <param name="Errors">What master(8) or the daemon would not take.</param>
internal sealed record MasterCf(IReadOnlyList<MasterService> Entries, IReadOnlyList<SyntaxError> Errors)
{
    private static readonly string[] Types = ["inet", "unix", "unix-dgram", "fifo", "pass"];

    /// <summary>The services that hold: of entries with the same identity the last, in the order of the first.</summary>
    public IReadOnlyList<MasterService> Services => field ??= Merge(Entries);

    /// <summary>Reads a text.</summary>
    public static MasterCf Parse(SourceFile file) => Parse(LogicalLines.Of(file));

    /// <summary>Reads logical lines.</summary>
    public static MasterCf Parse(IReadOnlyList<LogicalLine> lines)
    {
        List<MasterService> entries = [];
        List<SyntaxError> errors = [];
        foreach (LogicalLine line in lines)
        {
            List<MasterWord> words = MasterWord.Split(line, errors);
            if (Blank.Is(line.Text[0]))
                errors.Add(new SyntaxError(SyntaxErrorKind.LeadingWhiteSpace, line.PositionAt(0), Blank.Trim(line.Text)));
            else if (words.Count < 8)
                errors.Add(new SyntaxError(SyntaxErrorKind.FieldCount, line.PositionAt(0), Blank.Trim(line.Text)));
            else
                entries.Add(Service(line, words, errors));
        }

        return new MasterCf(entries, errors);
    }

    /// <summary>Whether a logical line is a service as <c>postconf -M</c> prints it, and no parameter.</summary>
    public static bool LooksLikeService(LogicalLine line)
    {
        string[] words = line.Text.Split([' ', '\t', '\r', '\n'], 9, StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 8 && Types.Contains(words[1]) && words[0] != "=";
    }

    private static MasterService Service(LogicalLine line, List<MasterWord> words, List<SyntaxError> errors)
    {
        CheckFields(line, words, errors);
        List<ServiceOverride> overrides = [];
        ReadOverrides(line, words, overrides, errors);
        return new MasterService
        {
            Name = words[0].Text,
            Type = words[1].Text,
            Private = words[2].Text,
            Unprivileged = words[3].Text,
            Chroot = words[4].Text,
            Wakeup = words[5].Text,
            MaxProcesses = words[6].Text,
            Command = words[7].Text[(words[7].Text.LastIndexOf('/') + 1)..],
            Arguments = [.. words.Skip(8).Select(word => word.Text)],
            Overrides = overrides,
            Line = line,
        };
    }

    private static void CheckFields(LogicalLine line, List<MasterWord> words, List<SyntaxError> errors)
    {
        if (!Types.Contains(words[1].Text))
            errors.Add(new SyntaxError(SyntaxErrorKind.ServiceType, line.PositionAt(words[1].Offset), words[1].Text));
        for (int at = 2; at < 7; at++)
        {
            string text = words[at].Text;
            string number = at == 5 ? text.TrimEnd('?') : text;
            bool fits = text == "-" || (at < 5 ? text is "y" or "n" : int.TryParse(number, out int value) && value >= 0);
            if (!fits || (at == 2 && words[1].Text == "inet" && text == "y"))
                errors.Add(new SyntaxError(SyntaxErrorKind.FieldValue, line.PositionAt(words[at].Offset), text));
        }
    }

    /// <summary>Options end at the first word that is none, getopt(3): what pipe(8) and spawn(8) take behind them is not ours.</summary>
    private static void ReadOverrides(LogicalLine line, List<MasterWord> words, List<ServiceOverride> overrides, List<SyntaxError> errors)
    {
        for (int at = 8; at < words.Count && words[at].Text.StartsWith('-') && words[at].Text != "-"; at++)
        {
            MasterWord word = words[at];
            if (!word.Text.StartsWith("-o", StringComparison.Ordinal))
            {
                if (word.Text.Length == 2 && "cimnrst".Contains(word.Text[1]))
                    at++;
                continue;
            }

            MasterWord? argument = word.Text.Length > 2
                ? new MasterWord(word.Text[2..], word.Offset + 2)
                : ++at < words.Count ? words[at] : null;
            if (argument?.Override(line) is ServiceOverride entry)
            {
                overrides.Add(entry);
            }
            else
            {
                errors.Add(new SyntaxError(SyntaxErrorKind.OverrideForm, line.PositionAt((argument ?? word).Offset), (argument ?? word).Text));
            }
        }
    }

    private static List<MasterService> Merge(IReadOnlyList<MasterService> entries)
    {
        List<MasterService> services = [];
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        foreach (MasterService entry in entries)
        {
            if (places.TryGetValue(entry.CanonicalId, out int place))
            {
                services[place] = entry;
            }
            else
            {
                places[entry.CanonicalId] = services.Count;
                services.Add(entry);
            }
        }

        return services;
    }
}
