namespace RcptVerify.TestKit;

/// <summary>Counts what the calling thread allocates.</summary>
public static class AllocatedBytes
{
    private const int Rounds = 5;

    /// <summary>
    /// The least that <paramref name="action"/> allocated in several rounds. A garbage collection between two readings adds what
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
}
