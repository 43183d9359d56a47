namespace RcptVerify.PostfixConfig.Versions;

/// <summary>A parameter through the releases.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Entries">Ascending. An entry of a patch release is followed by one of the next branch where that differs again.</param>
internal sealed record ParameterHistory(string Name, ParameterType Type, IReadOnlyList<DefaultEntry> Entries)
{
    /// <summary>The first release that has it.</summary>
    public PostfixVersion Since => Entries[0].Since;

    /// <summary>The entry that holds; null when the parameter does not exist there.</summary>
    public DefaultEntry? At(PostfixVersion version, OpenSslVersion openSsl)
    {
        DefaultEntry? last = null;
        foreach (DefaultEntry entry in Entries)
        {
            if (entry.Since <= version && (entry.OpenSsl is null || openSsl >= entry.OpenSsl))
                last = entry;
        }

        return last is { Exists: true } ? last : null;
    }

    /// <summary>Reads a line of the embedded table.</summary>
    public static ParameterHistory Parse(string line)
    {
        string[] fields = line.Split('\t');
        ParameterType type = fields[1] switch
        {
            "b" => ParameterType.Boolean,
            "i" => ParameterType.Integer,
            "t" => ParameterType.Time,
            _ => ParameterType.Text,
        };
        return new ParameterHistory(fields[0], type, [.. fields.Skip(2).Select(Entry)]);
    }

    private static DefaultEntry Entry(string field)
    {
        int sign = field.AsSpan().IndexOfAny('=', '-', '~');
        string[] versions = field[..sign].Split('@');
        OpenSslVersion? openSsl = versions.Length > 1 && OpenSslVersion.TryParse(versions[1], out OpenSslVersion parsed) ? parsed : null;
        return new DefaultEntry(PostfixVersion.Numbers(versions[0]), openSsl, field[sign] != '-', field[sign] == '=' ? field[(sign + 1)..] : null);
    }
}
