using RcptVerify.Endpoints;
using RcptVerify.TestKit;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>A milter door.</summary>
public abstract class MilterDoorTest : DoorTest<MilterConnectionHandler>
{
    /// <summary>The answer to a recipient nothing is said against.</summary>
    internal const string Go = "\0\0\0\u0001c";

    internal const string Progress = "\0\0\0\u0001p";

    internal MilterDoorSettings Settings { get; init; } = new();

    /// <summary>A connection that has come as far as MAIL FROM, as Postfix brings it there.</summary>
    internal async Task<(InMemoryConnection Connection, Task Served)> InTransactionAsync(
        string client = "192.0.2.10", string sender = "sender@example.net", params string[] mailMacros)
    {
        (InMemoryConnection connection, Task served) = Connect();
        await connection.SendAsync(MilterBytes.Join(
            MilterBytes.PostfixOffer, MilterBytes.Macros('C', "j", "mx1"), MilterBytes.Connect(client), MilterBytes.Macros('H')));
        await connection.SendAsync(Mail(sender, mailMacros));
        Assert.Equal(Answered(MilterBytes.Offer(6, 0, Settings.Rules.AtData ? 0x5172u : 0x5372u)), connection.ReadAvailable());
        return (connection, served);
    }

    internal static byte[] Mail(string sender = "sender@example.net", params string[] macros) =>
        MilterBytes.Join(MilterBytes.Macros('M', macros), MilterBytes.Frame('M', $"<{sender}>\0SIZE=1234\0"));

    internal static byte[] Rcpt(string recipient) =>
        MilterBytes.Join(MilterBytes.Macros('R', "i", "4F2", "{rcpt_mailer}", "relay"), MilterBytes.Frame('R', $"<{recipient}>\0NOTIFY=NEVER\0"));

    /// <summary>The answer that refuses.</summary>
    internal static string Reply(string text) => Answered(MilterBytes.Frame('y', text + "\0"));

    internal static string Refusal(string recipient) => Reply($"550 5.1.1 <{recipient}>: Recipient address rejected: User unknown");

    internal static string Tempfail(string recipient) =>
        Reply($"451 4.3.0 <{recipient}>: Recipient address rejected: Recipient cannot be verified at the moment, please try again later");

    internal static string Answered(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes);

    private protected override MilterConnectionHandler Create() => new(Verifier, Settings, Time, Log);
}
