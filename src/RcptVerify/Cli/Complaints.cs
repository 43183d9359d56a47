using RcptVerify.Configuration;

namespace RcptVerify.Cli;

/// <summary>Says on standard error what is wrong.</summary>
internal static class Complaints
{
    /// <summary>Prints a message and returns <paramref name="exitCode"/>.</summary>
    public static int Print(string message, int exitCode)
    {
        Console.Error.WriteLine("rcptverify: " + message);
        return exitCode;
    }

    /// <summary>Prints what is wrong with the configuration.</summary>
    public static int Print(IReadOnlyList<ConfigurationError> errors)
    {
        foreach (ConfigurationError error in errors)
            Console.Error.WriteLine(error.ToString());
        return ExitCode.Config;
    }
}
