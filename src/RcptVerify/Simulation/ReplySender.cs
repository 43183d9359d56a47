using System.IO.Pipelines;

namespace RcptVerify.Simulation;

/// <summary>Writes replies in their manner. Ordinary ones only gather in the pipe: the caller flushes when the input runs dry.</summary>
internal sealed class ReplySender(SimulationContext context, PipeWriter output)
{
    private int _unflushed;

    /// <summary>Writes an ordinary reply; false when this one takes time: <see cref="SendAsync"/> then.</summary>
    public bool TryWrite(Reply reply, TimeSpan hold)
    {
        if (hold > TimeSpan.Zero || reply.Manner != ReplyManner.Whole || _unflushed > SimulationLimits.MaxUnflushedOctets)
            return false;

        Write(reply.Octets.Span);
        Describe(reply);
        return true;
    }

    /// <summary>
    /// Writes a reply, held back for <paramref name="hold"/>; what was gathered before is flushed first. False when the client is gone.
    /// </summary>
    public async ValueTask<bool> SendAsync(Reply reply, TimeSpan hold)
    {
        if (!await FlushAsync())
            return false;
        if (hold > TimeSpan.Zero)
            await Task.Delay(hold, context.Options.TimeProvider, context.Stopping);

        Describe(reply);
        switch (reply.Manner)
        {
            case ReplyManner.OneOctetASecond:
                return await DripAsync(reply.Octets);
            case ReplyManner.ForEver:
                return await FloodAsync(reply.Octets);
            default:
                Write(reply.Octets.Span);
                return true;
        }
    }

    /// <summary>False when the client is gone.</summary>
    public async ValueTask<bool> FlushAsync()
    {
        if (_unflushed == 0)
            return true;

        _unflushed = 0;
        FlushResult result = await output.FlushAsync();
        return !result.IsCompleted;
    }

    private async ValueTask<bool> DripAsync(ReadOnlyMemory<byte> octets)
    {
        for (int i = 0; i < octets.Length; i++)
        {
            if (i > 0)
                await Task.Delay(TimeSpan.FromSeconds(1), context.Options.TimeProvider, context.Stopping);
            Write(octets.Span.Slice(i, 1));
            if (!await FlushAsync())
                return false;
        }

        return true;
    }

    private async ValueTask<bool> FloodAsync(ReadOnlyMemory<byte> octets)
    {
        while (true)
        {
            while (_unflushed < SimulationLimits.MaxUnflushedOctets)
                Write(octets.Span);
            if (!await FlushAsync())
                return false;

            // A client that reads as fast as we write would keep this thread from the other connections.
            await Task.Yield();
        }
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(output.GetSpan(octets.Length));
        output.Advance(octets.Length);
        _unflushed += octets.Length;
    }

    private void Describe(Reply reply) => context.Options.Transcript?.Invoke(TranscriptText.Describe("<- ", reply.Octets.Span));
}
