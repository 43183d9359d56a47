namespace RcptVerify.TestKit;

/// <summary>Counts what is allocated.</summary>
public static class AllocatedBytes
{
    private const int Rounds = 5;
    private const int MostRounds = 8;

    /// <summary>
    /// The least that <paramref name="action"/> allocated on the calling thread in several rounds. A garbage collection between two readings adds what
    /// is left of the thread's allocation buffer, some kilobytes; what the action itself allocates is there in every round.
    /// </summary>
    /// <param name="action">Run five times.</param>
    public static long Least(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        long least = long.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    /// <summary>
    /// The least that one of many actions allocated in the whole process, over a few rounds of them: the test runner's own threads
    /// allocate too, now and then. For tests that run alone.
    /// </summary>
    /// <param name="actions">How many make a round.</param>
    /// <param name="round">Runs them; until less than a byte each was allocated, eight times at the most.</param>
    public static async Task<double> LeastOfProcessAsync(int actions, Func<Task> round)
    {
        ArgumentNullException.ThrowIfNull(round);
        double least = double.MaxValue;
        for (int i = 0; i < MostRounds && least >= 1; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await round();
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)actions);
        }

        return least;
    }
}
