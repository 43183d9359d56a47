using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed class EventIdsTests
{
    private static readonly (string Name, int Id)[] All =
    [
        .. typeof(EventIds).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral)
            .Select(field => (field.Name, (int)field.GetRawConstantValue()!)).OrderBy(e => e.Item2),
    ];

    private static readonly (string Name, int Id)[] Used =
    [
        .. typeof(Log).GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)
            .Select(method => (method.Name, Attribute: method.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(method => method.Attribute is not null)
            .Select(method => (method.Name, method.Attribute!.EventId)),
    ];

    [Fact]
    public void No_id_is_used_twice()
    {
        Assert.NotEmpty(All);
        Assert.Equal(All.Length, All.Select(e => e.Id).Distinct().Count());
        Assert.Equal(Used.Length, Used.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public void Every_message_goes_by_the_name_of_its_id()
    {
        Assert.NotEmpty(Used);
        Assert.All(Used, message => Assert.Contains(message, All));
    }

    [Fact]
    public void Ids_are_in_their_ranges() => Assert.All(All, e => Assert.Contains(e.Id / 1000, (int[])[1, 2, 3, 4, 5]));

    /// <summary>Operators filter by these: <c>RCPTVERIFY_APPROVE=1</c> writes the file anew, and the change shows in review.</summary>
    [Fact]
    public void Ids_and_names_are_the_approved_ones()
    {
        string path = Path.Combine(SourceFolder(), "Approved", "event-ids.txt");
        string[] actual = [.. All.Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Id} {e.Name}"))];
        if (Environment.GetEnvironmentVariable("RCPTVERIFY_APPROVE") == "1")
            File.WriteAllLines(path, actual);
        Assert.Equal(File.ReadAllLines(path), actual);
    }

    private static string SourceFolder()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "RcptVerify.sln")))
                return Path.Combine(folder.FullName, "tests", "RcptVerify.Tests");
        }

        throw new DirectoryNotFoundException("the tests do not run inside the source tree");
    }
}
