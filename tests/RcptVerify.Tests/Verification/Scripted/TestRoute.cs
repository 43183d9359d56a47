using RcptVerify.Verification;

namespace RcptVerify.Tests.Verification.Scripted;

/// <summary>Routes for tests: <c>example.com</c> on two servers, unless a test says otherwise.</summary>
internal static class TestRoute
{
    public const string Server = "ex1.corp.example:25";
    public const string OtherServer = "ex2.corp.example:25";

    public static Route Create(
        string[]? domains = null,
        string[]? alwaysAccept = null,
        string[]? hosts = null,
        bool caseSensitive = false,
        VerdictTimes? times = null,
        ReplySettings? reply = null,
        ProbeTarget target = ProbeTarget.Rcpt,
        string delimiters = "",
        TimeSpan senderTtl = default,
        ClientLimit? clientLimit = null,
        string canary = "") =>
        new(
            domains ?? ["example.com"],
            [.. (hosts ?? ["ex1.corp.example", "ex2.corp.example"]).Select(host => new ServerEndpoint(host, 25))],
            alwaysAccept ?? [])
        {
            CaseSensitive = caseSensitive,
            Canary = canary,
            ClientLimit = clientLimit,
            RecipientDelimiter = System.Text.Encoding.ASCII.GetBytes(delimiters),
            Times = times ?? new(),
            Reply = reply ?? ReplySettings.Default,
            Target = target,
            Probe = new ProbeSettings { Helo = "mx1.example.com", Sender = "double-bounce@mx1.example.com", SenderTtl = senderTtl },
        };
}
