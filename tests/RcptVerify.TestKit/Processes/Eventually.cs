using System.Net;
using System.Net.Sockets;

namespace RcptVerify.TestKit.Processes;

/// <summary>Waits for something another process does, with a deadline.</summary>
public static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until <paramref name="condition"/> holds.</summary>
    /// <param name="condition">Looked at every 20 ms.</param>
    /// <param name="what">What is waited for, for the message: "Postfix answers on port 25".</param>
    /// <param name="within">The deadline.</param>
    /// <param name="detail">What to show when it did not come, such as a log.</param>
    /// <param name="stillPossible">False ends the waiting at once: the process that should do it is gone.</param>
    /// <exception cref="TimeoutException">It did not hold in time, or cannot any more.</exception>
    public static Task HoldsAsync(
        Func<bool> condition, string what, TimeSpan within, Func<string>? detail = null, Func<bool>? stillPossible = null) =>
        HoldsAsync(() => Task.FromResult(condition()), what, within, detail, stillPossible);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, string, TimeSpan, Func{string}, Func{bool})"/>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition, string what, TimeSpan within, Func<string>? detail = null, Func<bool>? stillPossible = null)
    {
        long started = TimeProvider.System.GetTimestamp();
        using PeriodicTimer timer = new(Interval, TimeProvider.System);
        while (!await condition())
        {
            TimeSpan waited = TimeProvider.System.GetElapsedTime(started);
            if (waited > within || stillPossible?.Invoke() == false)
            {
                throw new TimeoutException($"Waited {waited.TotalSeconds:0.0} s in vain for {what}\n{detail?.Invoke()}");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until somebody accepts connections there.</summary>
    /// <exception cref="TimeoutException">Nobody did in time, or nobody can any more.</exception>
    public static Task ListensAsync(
        EndPoint endpoint, TimeSpan within, Func<string>? detail = null, Func<bool>? stillPossible = null) =>
        HoldsAsync(() => AcceptsAsync(endpoint), $"a listener on {endpoint}", within, detail, stillPossible);

    private static async Task<bool> AcceptsAsync(EndPoint endpoint)
    {
        bool unix = endpoint is UnixDomainSocketEndPoint;
        using Socket socket = new(
            unix ? AddressFamily.Unix : AddressFamily.InterNetwork,
            SocketType.Stream,
            unix ? ProtocolType.Unspecified : ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endpoint);
            return true;
        }
        catch (SocketException)
        {
            // Not there yet is the answer asked for.
            return false;
        }
    }
}
