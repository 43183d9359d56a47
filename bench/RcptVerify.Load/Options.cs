using System.Globalization;

namespace RcptVerify.Load;

/// <summary>Command line of the form <c>--name value -x value</c>; every option takes a value, unread ones are errors.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public static Options Parse(ReadOnlySpan<string> args)
    {
        var options = new Options();
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith('-') || i + 1 == args.Length)
            {
                throw new LoadException(ExitCode.Usage, $"expected an option and its value at {args[i]}");
            }

            options._values[args[i].TrimStart('-')] = args[i + 1];
        }

        return options;
    }

    public string Text(string name, string? fallback = null) =>
        _values.Remove(name, out string? value) ? value
        : fallback ?? throw new LoadException(ExitCode.Usage, $"--{name} is missing");

    public int Number(string name, int fallback, int minimum, int maximum)
    {
        string text = Text(name, fallback.ToString(CultureInfo.InvariantCulture));
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= minimum && value <= maximum
            ? value
            : throw new LoadException(ExitCode.Usage, $"--{name} is {text}, must be {minimum} to {maximum}");
    }

    /// <summary>To be called when all options are read: what is left over was misspelt.</summary>
    public void NothingElse()
    {
        if (_values.Count > 0)
        {
            throw new LoadException(ExitCode.Usage, $"unknown option {_values.Keys.First()}");
        }
    }
}
