using RcptVerify.Simulation;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary><c>simulate --known ADDRESS|@FILE</c>: reads it, and tells every entry that is none.</summary>
internal static class KnownOption
{
    /// <summary>Complaints printed at most; the rest is counted. A wrong file is not told line by line.</summary>
    private const int MaxTroubles = 20;

    /// <summary>Reads all entries.</summary>
    /// <param name="known">What the options say.</param>
    /// <param name="recipients">Addresses and patterns.</param>
    /// <param name="troubles">What is wrong, an entry each, with file and line.</param>
    /// <returns>Whether nothing is wrong.</returns>
    public static bool TryRead(string[] known, out List<string> recipients, out List<string> troubles)
    {
        recipients = [];
        troubles = [];
        int bad = 0;
        foreach (string item in known)
        {
            if (item is not ['@', .. string file])
            {
                Take(item, "--known", recipients, troubles, ref bad);
                continue;
            }

            try
            {
                int number = 0;
                foreach (string line in File.ReadLines(file))
                {
                    number++;
                    string entry = line.Trim();
                    if (entry.Length > 0 && entry[0] != '#')
                        Take(entry, $"{LogEscape.Sentence(file)}:{number}", recipients, troubles, ref bad);
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                troubles.Add($"--known {LogEscape.Sentence(item)}: {SystemWords.OfReading(e, file)}");
            }
        }

        if (bad > MaxTroubles)
            troubles.Add($"{bad - MaxTroubles} more entries are no addresses");
        return troubles.Count == 0;
    }

    private static void Take(string entry, string place, List<string> recipients, List<string> troubles, ref int bad)
    {
        if (KnownRecipients.IsEntry(entry))
            recipients.Add(entry);
        else if (++bad <= MaxTroubles)
            troubles.Add($"{place}: '{LogEscape.Sentence(entry)}' is no address, and no pattern such as user*@example.com or @example.com");
    }
}
