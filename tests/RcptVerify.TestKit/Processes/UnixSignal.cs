using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RcptVerify.TestKit.Processes;

/// <summary>The signals a daemon gets from its administrator (signal(7), Linux numbers on x64 and arm64).</summary>
public enum UnixSignal
{
    /// <summary>Read the configuration again.</summary>
    Hangup = 1,

    /// <summary>Die at once, nothing is tidied up.</summary>
    Kill = 9,

    /// <summary>Finish and exit.</summary>
    Terminate = 15,

    /// <summary>Go on after <see cref="Stop"/>.</summary>
    Continue = 18,

    /// <summary>Stand still, sockets open.</summary>
    Stop = 19,
}

/// <summary>kill(2), which .NET does not offer.</summary>
internal static class UnixSignals
{
    private const int NoSuchProcess = 3;

    /// <summary>Sends a signal to one process.</summary>
    /// <returns>False: there is no such process any more.</returns>
    public static bool Send(int processId, UnixSignal signal)
    {
        if (Kill(processId, (int)signal) == 0)
        {
            return true;
        }

        int error = Marshal.GetLastPInvokeError();
        return error == NoSuchProcess ? false : throw new Win32Exception(error);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}
