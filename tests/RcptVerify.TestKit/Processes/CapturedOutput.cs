using System.Text.RegularExpressions;

namespace RcptVerify.TestKit.Processes;

/// <summary>The lines a process has written so far, standard output and standard error together.</summary>
public sealed class CapturedOutput
{
    private readonly List<string> _lines = [];

    /// <summary>How many lines have come: the place from which <see cref="WaitForAsync"/> may be told to look.</summary>
    public int Count
    {
        get
        {
            lock (_lines)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Everything so far.</summary>
    public string Text
    {
        get
        {
            lock (_lines)
            {
                return string.Join('\n', _lines);
            }
        }
    }

    /// <summary>Waits for a line, from the past as well.</summary>
    /// <param name="pattern">A regular expression found anywhere in the line.</param>
    /// <param name="within">The deadline.</param>
    /// <param name="from">The first line looked at; 0 is the very first.</param>
    /// <returns>The line.</returns>
    /// <exception cref="TimeoutException">No such line came; the message holds all that did.</exception>
    public async Task<string> WaitForAsync(string pattern, TimeSpan within, int from = 0)
    {
        Regex regex = new(pattern, RegexOptions.CultureInvariant);
        string? found = null;
        await Eventually.HoldsAsync(() => (found = Find(regex, from)) is not null, $"a line like /{pattern}/", within, () => Text);
        return found!;
    }

    internal void Add(string? line)
    {
        if (line is not null)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }

    private string? Find(Regex regex, int from)
    {
        lock (_lines)
        {
            return _lines.Skip(from).FirstOrDefault(line => regex.IsMatch(line));
        }
    }
}
