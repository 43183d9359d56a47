using System.Globalization;
using System.Text;
using RcptVerify.Caching;
using RcptVerify.Hosting;
using RcptVerify.Tests.Verification.Scripted;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Hosting;

/// <summary>What an import says of the lines that it leaves out.</summary>
public sealed class ImportReasonTests : IAsyncDisposable
{
    private const string Good = """{"address":"user@example.com","status":"deliverable","updated":"2026-03-01T12:00:00Z","target":"rcpt"}""";
    private readonly Microsoft.Extensions.Time.Testing.FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly TieredVerdictCache _store;

    public ImportReasonTests() => _store = new(new MemoryVerdictStore(1000, _time), [], _time);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_line_with_the_four_fields_that_are_needed_is_taken()
    {
        ImportCounts counts = await ImportAsync(Good);
        Assert.Equal((1, 0), (counts.Taken, counts.LeftOut.Count));
    }

    [Theory]
    [InlineData("\"address\":\"user@example.com\",", "", "it has no \"address\"")]
    [InlineData("\"updated\":\"2026-03-01T12:00:00Z\",", "", "it has no \"updated\"")]
    [InlineData("\"status\":\"deliverable\",", "", "its \"status\" is not deliverable, undeliverable or unknown")]
    [InlineData("user@example.com", "user", "its address is none")]
    [InlineData("\"rcpt\"", "\"vrfy\"", "its \"target\" is none")]
    [InlineData("2026-", "2036-", "its \"updated\" lies in the future")]
    [InlineData("\"2026-03-01T12:00:00Z\"", "5", "it is no JSON object, or one of its fields is of another type than in an export")]
    [InlineData("{", "", "it is no JSON object, or one of its fields is of another type than in an export")]
    public async Task An_unreadable_line_is_told_with_the_reason(string part, string instead, string why)
    {
        ImportCounts counts = await ImportAsync(Good, Good.Replace(part, instead, StringComparison.Ordinal));
        Assert.Equal((1, 1), (counts.Taken, counts.Unreadable));
        Assert.Equal([new LeftOutLine(2, why)], counts.LeftOut);
    }

    [Fact]
    public async Task A_line_that_does_not_fit_the_routes_is_told_with_the_reason()
    {
        ImportCounts counts = await ImportAsync(
            Good.Replace(",\"target\":\"rcpt\"", "", StringComparison.Ordinal),
            Good.Replace("}", ",\"server\":\"ex9:25\"}", StringComparison.Ordinal),
            Good.Replace("example.com", "elsewhere.example", StringComparison.Ordinal));
        Assert.Equal((0, 1, 1, 1, 0), (counts.Taken, counts.NoTarget, counts.OtherServer, counts.NoRoute, counts.Unreadable));
        Assert.Equal(
            [
                new LeftOutLine(1, "it has no \"target\", the stage at which the server said so"),
                new LeftOutLine(2, "its route does not ask ex9:25 at rcpt"),
                new LeftOutLine(3, "no [[route]] for the domain elsewhere.example"),
            ],
            counts.LeftOut);
    }

    [Fact]
    public async Task Ten_unreadable_lines_are_told_however_many_do_not_fit()
    {
        string foreign = Good.Replace("example.com", "elsewhere.example", StringComparison.Ordinal);
        ImportCounts counts = await ImportAsync([.. Enumerable.Repeat(foreign, 50), .. Enumerable.Range(0, 50).Select(i => i.ToString(CultureInfo.InvariantCulture))]);
        Assert.Equal([.. Enumerable.Range(1, 10), .. Enumerable.Range(51, 10)], counts.LeftOut.Select(line => (int)line.Line));
    }

    private async Task<ImportCounts> ImportAsync(params string[] lines)
    {
        RouteTable routes = new([TestRoute.Create()]);
        CacheImport import = new(_store, routes, _ => null, _time, postfix: false, negatives: true, byHand: false);
        foreach (string line in lines)
            import.Take(Encoding.UTF8.GetBytes(line));
        await import.FlushAsync();
        return import.Counts;
    }
}
