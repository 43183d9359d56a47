namespace RcptVerify.Cli;

/// <summary>How text is laid out for whoever reads it.</summary>
/// <param name="Width">Columns a line may have.</param>
/// <param name="IsBold">Whether headings are bold.</param>
internal sealed record TerminalStyle(int Width, bool IsBold)
{
    private const int PlainWidth = 80;
    private const int MinWidth = 40;
    private const int MaxWidth = 100;

    /// <summary>For files and pipes: the same everywhere.</summary>
    public static readonly TerminalStyle Plain = new(PlainWidth, IsBold: false);

    /// <summary>What standard output is.</summary>
    public static TerminalStyle OfOutput()
    {
        if (Console.IsOutputRedirected || Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb")
            return Plain;
        // A terminal that does not tell says 0.
        int width = Console.WindowWidth;
        return new TerminalStyle(width <= 0 ? PlainWidth : Math.Clamp(width, MinWidth, MaxWidth), IsBold: true);
    }

    /// <summary>A heading, on a line of its own.</summary>
    public string Heading(string text) => IsBold ? $"\e[1m{text}\e[0m" : text;
}
