using System.Globalization;

namespace RcptVerify.TestKit.Processes;

/// <summary>
/// How long each thread of a process has been ready to run while the kernel gave its processor to others: the second figure of
/// <c>/proc/PID/task/TID/schedstat</c> (Linux, Documentation/scheduler/sched-stats). A wait is added when it ends; one that still lasts
/// is not in it. Nothing where the kernel does not count.
/// </summary>
public sealed class ThreadWaits
{
    private readonly Dictionary<string, (string Name, TimeSpan Waited)> _threads = [];

    private ThreadWaits()
    {
    }

    /// <summary>When it was read, a timestamp of <see cref="TimeProvider.System"/>.</summary>
    public long At { get; } = TimeProvider.System.GetTimestamp();

    /// <summary>Reads the counters of all threads.</summary>
    /// <param name="processId">The process; one that has ended has no threads.</param>
    public static ThreadWaits Read(int processId)
    {
        ThreadWaits waits = new();
        try
        {
            foreach (string task in Directory.GetDirectories($"/proc/{processId}/task"))
                waits.Add(task);
        }
        catch (DirectoryNotFoundException)
        {
            // It has ended.
        }

        return waits;
    }

    /// <summary>How long the threads of a name have waited since an earlier reading.</summary>
    /// <param name="earlier">The earlier reading.</param>
    /// <param name="thread">The thread's name.</param>
    public TimeSpan WaitedSince(ThreadWaits earlier, string thread)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        TimeSpan sum = TimeSpan.Zero;
        foreach ((string id, (string name, TimeSpan waited)) in _threads)
        {
            if (name == thread)
                sum += waited - (earlier._threads.TryGetValue(id, out (string Name, TimeSpan Waited) before) ? before.Waited : TimeSpan.Zero);
        }

        return sum;
    }

    private void Add(string task)
    {
        try
        {
            string[] figures = File.ReadAllText(Path.Combine(task, "schedstat")).Split(' ');
            long nanoseconds = long.Parse(figures[1], CultureInfo.InvariantCulture);
            _threads[Path.GetFileName(task)] = (File.ReadAllText(Path.Combine(task, "comm")).TrimEnd(), TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick));
        }
        catch (IOException)
        {
            // The thread has ended.
        }
    }
}
