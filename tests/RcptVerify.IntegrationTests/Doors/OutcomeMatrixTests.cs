using System.Text;
using RcptVerify.TestKit.Smtp;
using Xunit;

namespace RcptVerify.IntegrationTests.Doors;

/// <summary>Holds every row of <c>outcomes.txt</c>, for each door and both stages, against a real Postfix.</summary>
[Collection(SharedDoors.Name)]
public sealed class OutcomeMatrixTests(DoorsFixture fixture)
{
    /// <summary>The doors.</summary>
    public static TheoryData<string> Doors { get; } = ["policy rcpt", "policy data", "milter rcpt", "milter data", "socketmap"];

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task Every_recipient_has_the_outcome_of_the_table(string door)
    {
        List<string> expected = [];
        List<string> actual = [];
        foreach (string[] row in Rows())
        {
            string outcome = door == "socketmap" && row[2].Length > 0 ? row[2] : row[1];
            expected.Add($"{row[0]} {outcome}");
            actual.Add($"{row[0]} {await OutcomeAsync(fixture.Ports[door], row[0])}");
        }

        Assert.InRange(expected.Count, 20, int.MaxValue);
        Assert.Equal(expected, actual);
    }

    private static IEnumerable<string[]> Rows() =>
        from line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "outcomes.txt"))
        where line.Length > 0 && line[0] != '#'
        select line.Split('|').Select(cell => cell.Trim()).ToArray();

    private static async Task<string> OutcomeAsync(int port, string row)
    {
        string recipient = row.StartsWith("utf8:", StringComparison.Ordinal) || row.StartsWith("probe:", StringComparison.Ordinal)
            ? row[(row.IndexOf(':', StringComparison.Ordinal) + 1)..]
            : row;
        recipient = recipient.Replace("LONG", new string('y', 330), StringComparison.Ordinal);
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(port);
        await client.EhloAsync();
        string sender = row.StartsWith("probe:", StringComparison.Ordinal) ? "probe@mx.mta.test" : "sender@client.test";
        await client.SendAsync($"MAIL FROM:<{sender}>{(row.StartsWith("utf8:", StringComparison.Ordinal) ? " SMTPUTF8" : "")}");
        SmtpAnswer answer = await client.RcptAsync(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(recipient)));
        if (answer.Code == 250)
            answer = await client.DataAsync("Subject: x\r\n\r\nHello\r\n");
        return answer switch
        {
            { Code: 250 } => "accepted",
            { Code: 550 } when answer.Text.StartsWith("5.1.1 ", StringComparison.Ordinal) => "refused",
            { Code: 550 } when answer.Text.StartsWith("5.0.0 <DATA>: ", StringComparison.Ordinal) => "refused",
            { Code: 554 } when answer.Text.EndsWith(": Relay access denied", StringComparison.Ordinal) => "denied",
            { Code: >= 400 and < 500 } when !answer.Text.Contains("onfiguration", StringComparison.Ordinal) => "deferred",
            _ => answer.ToString(),
        };
    }
}
