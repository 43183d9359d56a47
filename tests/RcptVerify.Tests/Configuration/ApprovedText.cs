using Xunit;

namespace RcptVerify.Tests.Configuration;

/// <summary>Compares a text with a file of the repository; with RCPTVERIFY_APPROVE=1 in the environment, writes it instead.</summary>
internal static class ApprovedText
{
    private static bool IsApproving => Environment.GetEnvironmentVariable("RCPTVERIFY_APPROVE") == "1";

    public static string PathOf(string relative)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "RcptVerify.sln")))
            folder = Path.GetDirectoryName(folder);
        return Path.Combine(folder ?? throw new DirectoryNotFoundException("RcptVerify.sln is not above the test program."), relative);
    }

    public static void Matches(string relative, string text)
    {
        if (IsApproving)
            File.WriteAllText(PathOf(relative), text);
        Assert.Equal(text, File.ReadAllText(PathOf(relative)));
    }

    /// <summary>As <see cref="Matches"/>, for the part of a file between two lines.</summary>
    public static void MatchesBetween(string relative, string begin, string end, string text)
    {
        string file = File.ReadAllText(PathOf(relative));
        int start = file.IndexOf(begin, StringComparison.Ordinal) + begin.Length + 1;
        int stop = file.IndexOf(end, StringComparison.Ordinal);
        Assert.InRange(start, begin.Length + 1, stop);
        if (IsApproving)
            File.WriteAllText(PathOf(relative), file[..start] + text + file[stop..]);
        else
            Assert.Equal(text, file[start..stop]);
    }
}
