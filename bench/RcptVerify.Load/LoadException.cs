namespace RcptVerify.Load;

/// <summary>What the process says about how a run ended.</summary>
internal static class ExitCode
{
    public const int SystemError = 1;
    public const int Usage = 2;
    public const int Closed = 3;
    public const int NoAnswer = 4;
    public const int WrongAnswer = 5;
}

/// <summary>Ends the run: a measurement with a fault in it is worth nothing.</summary>
internal sealed class LoadException(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
