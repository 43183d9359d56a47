using System.Globalization;

namespace RcptVerify.Telemetry;

/// <summary>A number and what it counts, as people say it.</summary>
internal static class Counted
{
    /// <summary>"1 route", "2 routes".</summary>
    public static string Routes(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "route" : "routes")}");
}
