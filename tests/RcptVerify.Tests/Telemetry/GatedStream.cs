namespace RcptVerify.Tests.Telemetry;

/// <summary>A log output that can be stuck: a write waits until the test opens the gate.</summary>
internal sealed class GatedStream(bool open) : MemoryStream
{
    private readonly Lock _lock = new();

    public ManualResetEventSlim Gate { get; } = new(open);

    public ManualResetEventSlim Entered { get; } = new();

    /// <summary>Where set, a write fails with this.</summary>
    public Exception? Failure { get; set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Entered.Set();
        Gate.Wait();
        if (Failure is { } failure)
            throw failure;
        lock (_lock)
            base.Write(buffer, offset, count);
    }

    public string Text()
    {
        lock (_lock)
            return System.Text.Encoding.UTF8.GetString(ToArray());
    }

    protected override void Dispose(bool disposing)
    {
        Gate.Dispose();
        Entered.Dispose();
        base.Dispose(disposing);
    }
}
