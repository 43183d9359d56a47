using System.Globalization;
using System.Text.Json;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli.Cache;

/// <summary>Says what an import came to.</summary>
internal static class ImportReport
{
    /// <summary>One address: why it was not taken, in words.</summary>
    public static int OfOne(string address, (bool Done, string Body) import, bool json)
    {
        if (!import.Done)
            return Complaints.Print(LogEscape.Text(import.Body), ExitCode.Usage);
        if (json)
            Console.Out.WriteLine(import.Body);
        ImportCounts counts = JsonSerializer.Deserialize(import.Body, AdminJson.Default.ImportCounts)!;
        string name = LogEscape.Text(address);
        if (counts.Unreadable > 0)
            return Complaints.Print($"{name}: not an address", ExitCode.Usage);
        if (counts.NoRoute > 0)
            return Complaints.Print($"{name}: its domain has no [[route]], so that nothing was set", ExitCode.No);
        if (counts.Taken == 0)
            return Complaints.Print($"{name}: the cache has a newer verdict, so that nothing was set", ExitCode.No);
        Console.Error.WriteLine($"{name}: set");
        return ExitCode.Ok;
    }

    /// <summary>Many lines: how many were taken, and why the others were not.</summary>
    public static int Print((bool Done, string Body) import, string format, bool json)
    {
        string body = import.Body;
        if (!import.Done)
            return Complaints.Print(LogEscape.Text(body), ExitCode.Usage);
        ImportCounts counts = JsonSerializer.Deserialize(body, AdminJson.Default.ImportCounts)!;
        if (json)
            Console.Out.WriteLine(body);
        string noTarget = counts.NoTarget == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {counts.NoTarget} without a target");
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Taken} taken; left out: {counts.Known} known better, {counts.NotDeliverable} not deliverable, {counts.NoRoute} without a route, {counts.OtherServer} from another server, {counts.Expired} expired, {counts.Unreadable} unreadable{noTarget}"));
        foreach (LeftOutLine line in counts.LeftOut.OrderBy(one => one.Line))
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"line {line.Line} left out: {Shown.Plain(line.Why)}"));
        long explained = counts.Unreadable + counts.NoRoute + counts.OtherServer + counts.NoTarget;
        if (explained > counts.LeftOut.Count)
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"and {explained - counts.LeftOut.Count} more"));
        long rest = counts.NotDeliverable + counts.NoRoute + counts.OtherServer + counts.NoTarget + counts.Expired;
        if (counts.Taken + counts.Known > 0)
            return ExitCode.Ok;
        if (counts.Unreadable > 0 && rest == 0)
            return Complaints.Print($"no line reads as {format}: --format says what the file holds, json or postfix", ExitCode.Usage);
        return Complaints.Print(counts.Unreadable + rest == 0 ? "there was nothing to read" : "nothing was taken", ExitCode.No);
    }
}
