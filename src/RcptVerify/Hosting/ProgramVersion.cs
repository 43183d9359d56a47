using System.Reflection;

namespace RcptVerify.Hosting;

/// <summary>The program's version, from its assembly.</summary>
internal static class ProgramVersion
{
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
