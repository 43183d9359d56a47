namespace RcptVerify.Hosting;

/// <summary>
/// Whether mail should be sent this way: what <c>/readyz</c> says. A store file that cannot be used is no reason against it: then
/// memory goes on alone.
/// </summary>
/// <param name="isStoreOpening">True until the store file has been opened, or could not be.</param>
/// <param name="isStoreInTrouble">Whether the store file cannot be used now.</param>
internal sealed class Readiness(Func<bool> isStoreOpening, Func<bool> isStoreInTrouble)
{
    private volatile bool _bound;
    private volatile bool _draining;

    /// <summary>All sockets are open to those whom they are for.</summary>
    public void SocketsAreOpen() => _bound = true;

    /// <summary>The process is ending.</summary>
    public void Drain() => _draining = true;

    /// <summary>Whether it is ready now.</summary>
    /// <param name="why">A line that says so, or what is missing.</param>
    public bool IsReady(out string why)
    {
        string? missing = this switch
        {
            { _draining: true } => "stopping: what is under way is answered, nothing new is taken",
            { _bound: false } => "the sockets are not open yet",
            _ when isStoreOpening() => "the store file is being opened",
            _ => null,
        };
        why = missing is not null ? "not ready: " + missing
            : isStoreInTrouble() ? "ready, from memory alone: the store file cannot be used now, the log says why"
            : "ready";
        return missing is null;
    }
}
