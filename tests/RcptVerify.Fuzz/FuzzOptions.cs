using System.Globalization;

namespace RcptVerify.Fuzz;

/// <summary>The command line: which targets, from which seed on, and for how long.</summary>
/// <param name="Targets">Names of targets; none means all.</param>
/// <param name="Seed">Seed of the first iteration; the next one has the next seed.</param>
/// <param name="Iterations">At most so many a target.</param>
/// <param name="Time">At most so long a target.</param>
internal sealed record FuzzOptions(IReadOnlyList<string> Targets, int Seed, long Iterations, TimeSpan Time)
{
    public const string Usage = "usage: RcptVerify.Fuzz [TARGET]... [--seed N] [--iterations N | --seconds N]";

    private const long DefaultIterations = 100_000;

    /// <summary>Null when the command line is not understood.</summary>
    public static FuzzOptions? Parse(string[] args)
    {
        List<string> targets = [];
        int seed = 1;
        int? iterations = null;
        int? seconds = null;
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                targets.Add(args[i]);
                continue;
            }

            if (i + 1 >= args.Length || !int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int value))
                return null;
            switch (args[i++])
            {
                case "--seed": seed = value; break;
                case "--iterations": iterations = value; break;
                case "--seconds": seconds = value; break;
                default: return null;
            }
        }

        return new(
            targets,
            seed,
            iterations ?? (seconds is null ? DefaultIterations : long.MaxValue),
            seconds is { } limit ? TimeSpan.FromSeconds(limit) : TimeSpan.MaxValue);
    }
}
