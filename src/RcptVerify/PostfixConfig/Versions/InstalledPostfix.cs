using System.Diagnostics;

namespace RcptVerify.PostfixConfig.Versions;

/// <summary>The Postfix of this machine. Asked only when its own configuration is validated.</summary>
internal static class InstalledPostfix
{
    /// <summary>Where its configuration lies.</summary>
    public const string Folder = "/etc/postfix";

    private static readonly string[] Programs = ["/usr/sbin/postconf", "/usr/local/sbin/postconf"];

    /// <summary>Longer does <c>postconf</c> not take, milliseconds.</summary>
    private const int PatienceMilliseconds = 2000;

    /// <summary>Its version; null when there is none, or it does not say.</summary>
    public static PostfixVersion? Version()
    {
        string? program = Programs.FirstOrDefault(File.Exists);
        if (program is null)
            return null;
        using Process? process = Process.Start(new ProcessStartInfo(program, ["-d", "-h", "mail_version"]) { RedirectStandardOutput = true, RedirectStandardError = true });
        if (process is null || !process.WaitForExit(PatienceMilliseconds))
            return null;
        return PostfixVersion.TryParse(process.StandardOutput.ReadToEnd().Trim(), out PostfixVersion version) ? version : null;
    }

    /// <summary>Whether a folder is the machine's own configuration.</summary>
    public static bool Owns(string? folder) =>
        folder is not null && Path.GetFullPath(folder).TrimEnd('/') == Folder;
}
