using System.Globalization;
using RcptVerify.Simulation;
using Spectre.Console;

namespace RcptVerify.Cli;

/// <summary>The demo's questions. Every figure in its table is measured while it runs.</summary>
internal static class DemoRun
{
    private static readonly (string Recipient, string Expected, string Why)[] Steps =
    [
        ("alice@example.com", "DUNNO", "never seen: Exchange is tried with a random address, then asked, and accepts"),
        ("alice@example.com", "DUNNO", "out of the cache"),
        ("Alice@EXAMPLE.com", "DUNNO", "the same recipient"),
        ("nobody@example.com", "550", "never seen: Exchange is asked, and refuses"),
        ("nobody@example.com", "550", "out of the cache"),
        ("postmaster@example.com", "DUNNO", "always accepted, never asked about"),
        ("somebody@elsewhere.example", "DUNNO", "no route for this domain: not our business"),
    ];

    private static readonly (string Recipient, string Expected, string Why)[] StepsInTrouble =
    [
        ("bob@example.com", "DEFER_IF_PERMIT", "Exchange answers 4xx now: nobody is refused on doubt"),
        ("alice@example.com", "DUNNO", "known good stays good meanwhile"),
        ("nobody@example.com", "550", "known bad stays bad meanwhile"),
    ];

    /// <summary>Asks, prints the table, and says whether every answer was the expected one.</summary>
    public static async Task<bool> AskAllAsync(string door, ExchangeSimulator exchange, CancellationToken cancellationToken)
    {
        Table table = new Table().AddColumns("recipient", "Postfix is told", "took", "RCPTs at Exchange", "why");
        table.Columns[2].RightAligned();
        table.Columns[3].RightAligned();
        await using PolicyClient client = await PolicyClient.ConnectAsync(door, cancellationToken);
        bool asExpected = await AskAsync(Steps, client, exchange, table, cancellationToken);
        exchange.SwitchTo("tempfail");
        asExpected &= await AskAsync(StepsInTrouble, client, exchange, table, cancellationToken);
        AnsiConsole.Write(table);
        return asExpected;
    }

    private static async Task<bool> AskAsync(
        (string Recipient, string Expected, string Why)[] steps, PolicyClient client, ExchangeSimulator exchange, Table table, CancellationToken cancellationToken)
    {
        bool asExpected = true;
        foreach ((string recipient, string expected, string why) in steps)
        {
            long before = exchange.Counters.Rcpt;
            long started = TimeProvider.System.GetTimestamp();
            string action = await client.AskAsync(recipient, cancellationToken);
            TimeSpan took = TimeProvider.System.GetElapsedTime(started);
            bool right = action.StartsWith(expected, StringComparison.Ordinal);
            asExpected &= right;
            table.AddRow(
                Markup.Escape(recipient),
                Markup.Escape(action.Length > 24 ? action[..21] + "..." : action),
                string.Create(CultureInfo.InvariantCulture, $"{took.TotalMilliseconds:0.000} ms"),
                (exchange.Counters.Rcpt - before).ToString(CultureInfo.InvariantCulture),
                Markup.Escape(right ? why : $"EXPECTED {expected}"));
        }

        return asExpected;
    }
}
