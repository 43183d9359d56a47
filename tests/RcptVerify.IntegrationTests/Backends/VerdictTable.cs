using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>The rows of <c>verdicts.txt</c>: what <c>target = auto</c> makes of each mail server.</summary>
internal static class VerdictTable
{
    private static readonly Lazy<IReadOnlyList<VerdictRow>> Parsed = new(Read);

    /// <summary>All rows.</summary>
    public static IReadOnlyList<VerdictRow> Rows => Parsed.Value;

    /// <summary>Rows as theory data.</summary>
    public static TheoryData<string, bool> Of(IEnumerable<string> backends)
    {
        HashSet<string> wanted = [.. backends];
        TheoryData<string, bool> data = [];
        foreach (VerdictRow row in Rows.Where(row => wanted.Contains(row.Backend)))
            data.Add(row.Backend, row.WithSecret);
        return data;
    }

    /// <summary>The row of a backend.</summary>
    public static VerdictRow Find(string backend, bool withSecret) => Rows.Single(row => row.Backend == backend && row.WithSecret == withSecret);

    private static List<VerdictRow> Read()
    {
        List<VerdictRow> rows = [];
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "verdicts.txt")))
        {
            if (line.StartsWith('#') || line.Length == 0)
                continue;
            string[] cells = [.. line.Split('|').Select(cell => cell.Trim())];
            rows.Add(new VerdictRow(cells[0], cells[1] == "yes", cells[2], cells[3], int.Parse(cells[4], System.Globalization.CultureInfo.InvariantCulture)));
        }

        return rows;
    }
}

/// <summary>One row.</summary>
/// <param name="Backend">The simulator's behaviour, or the real mail server.</param>
/// <param name="WithSecret">Whether the route has an <c>eod_secret</c>.</param>
/// <param name="Known">The verdict on a user who exists, in the words of <see cref="VerdictWords"/>.</param>
/// <param name="Nobody">The verdict on one who does not.</param>
/// <param name="Messages">Messages that the existing user has received from the probe.</param>
internal sealed record VerdictRow(string Backend, bool WithSecret, string Known, string Nobody, int Messages);
