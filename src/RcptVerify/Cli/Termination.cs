using System.Runtime.InteropServices;

namespace RcptVerify.Cli;

/// <summary>Waits for Ctrl-C or SIGTERM, for commands that run without the host.</summary>
internal static class Termination
{
    public static async Task WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Ask(PosixSignalContext context)
        {
            context.Cancel = true;
            asked.TrySetResult();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ask);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ask);
        using CancellationTokenRegistration cancelled = cancellationToken.Register(() => asked.TrySetResult());
        await asked.Task;
    }
}
