namespace RcptVerify.Configuration;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>
    /// The candidate with the fewest edits (insert, delete, replace, swap of neighbours), case ignored;
    /// null when even the nearest needs more than a third of its letters changed, or all of the word's. Of equals, the first.
    /// </summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        string? nearest = null;
        int best = word.Length;
        string lower = word.ToLowerInvariant();
        foreach (string candidate in candidates)
        {
            int bound = Math.Min(best - 1, Math.Max(1, candidate.Length / 3));
            if (Math.Abs(candidate.Length - word.Length) > bound)
                continue;
            int distance = Distance(lower, candidate.ToLowerInvariant(), bound);
            if (distance <= bound)
                (nearest, best) = (candidate, distance);
        }
        return nearest;
    }

    /// <summary><c>, did you mean "…"?</c>, or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> candidates) =>
        Nearest(word, candidates) is { } nearest ? $", did you mean \"{nearest}\"?" : "";

    /// <summary>Optimal string alignment, of which only what may stay within a bound is worked out. Beyond the bound, any number that is.</summary>
    private static int Distance(string left, string right, int bound)
    {
        int beyond = bound + 1;
        // The three last rows are enough; in each, cells further than the bound from the diagonal are beyond it.
        int[] beforeLast = new int[right.Length + 1];
        int[] last = [.. Enumerable.Range(0, right.Length + 1)];
        int[] row = new int[right.Length + 1];
        for (int i = 1; i <= left.Length; i++)
        {
            int from = Math.Max(1, i - bound);
            int to = Math.Min(right.Length, i + bound);
            row[from - 1] = from == 1 ? i : beyond;
            int least = row[from - 1];
            for (int j = from; j <= to; j++)
            {
                int replace = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                int distance = Math.Min(replace, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                    distance = Math.Min(distance, beforeLast[j - 2] + 1);
                row[j] = distance;
                least = Math.Min(least, distance);
            }

            // No later row has less than this one.
            if (least > bound)
                return beyond;
            if (to < right.Length)
                row[to + 1] = beyond;
            (beforeLast, last, row) = (last, row, beforeLast);
        }
        return last[right.Length];
    }
}
