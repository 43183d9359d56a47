using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Probing;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Cli;

/// <summary><c>calibrate</c>: finds the earliest stage at which a server tells known from unknown recipients.</summary>
internal static class CalibrateCommand
{
    public static Command Create()
    {
        Option<string> server = new("--server") { Description = "The server to measure.", HelpName = "HOST:PORT", Required = true };
        Option<string> knownGood = new("--known-good") { Description = "An address that exists there.", HelpName = "ADDRESS", Required = true };
        Option<string> secret = new("--eod-secret")
        {
            Description = "Allows the end of data. Without Exchange's transport rule for this secret, the known-good user receives a message.",
            HelpName = "S",
            DefaultValueFactory = _ => "",
        };
        Option<bool> json = CommonOptions.Json();
        Command command = new("calibrate", "Find the SMTP stage at which a server tells known from unknown recipients.") { server, knownGood, secret, json };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(server)!, parsed.GetValue(knownGood)!, parsed.GetValue(secret)!, parsed.GetValue(json)));
        return command;
    }

    private static async Task<int> RunAsync(string server, string knownGood, string secret, bool json)
    {
        RecipientAddress? address = RecipientAddress.Parse(knownGood, caseSensitive: false, out _);
        if (address is null)
            return Complaints.Print($"--known-good {LogEscape.Text(knownGood)}: not a mail address", ExitCode.Usage);
        string domain = System.Text.Encoding.ASCII.GetString(address.Domain.Span);
        ConfigurationResult loaded = ConfigurationLoader.Load(null, AsVariables(domain, server, secret, knownGood), []);
        if (loaded.Options is null)
            return Complain(loaded.Errors);

        Route route = RouteTableFactory.Create(loaded.Options.Routes[0] with { Target = ProbeTarget.Auto });
        SmtpTranscript transcript = new();
        CalibrationFinding finding;
        await using (SmtpProber prober = new(TimeProvider.System, new SmtpPoolLimits(), NullLogger<SmtpProber>.Instance, transcript))
            finding = await prober.CalibrateAsync(route.Servers[0], route, address.Domain);

        Console.Out.WriteLine(json ? ToJson(finding, transcript.Lines) : ToText(finding, transcript.Lines, domain, route));
        return finding.Result switch
        {
            CalibrationResult.Tells => ExitCode.Ok,
            CalibrationResult.AcceptAll => ExitCode.No,
            _ => ExitCode.Tempfail,
        };
    }

    /// <summary>Nobody wrote the variables that the values went by.</summary>
    private static int Complain(IReadOnlyList<ConfigurationError> errors)
    {
        foreach (ConfigurationError error in errors)
        {
            string option = error.Source switch
            {
                "RCPTVERIFY__ROUTE__0__SERVERS" => "--server",
                "RCPTVERIFY__ROUTE__0__EOD_SECRET" => "--eod-secret",
                _ => "--known-good",
            };
            Complaints.Print($"{option}: {error.Message}", ExitCode.Usage);
        }

        return ExitCode.Usage;
    }

    /// <summary>The values go the way of every other configuration, and so through its checks.</summary>
    private static Dictionary<string, string> AsVariables(string domain, string server, string secret, string knownGood) => new()
    {
        ["RCPTVERIFY__ROUTE__0__DOMAINS"] = domain,
        ["RCPTVERIFY__ROUTE__0__SERVERS"] = server,
        ["RCPTVERIFY__ROUTE__0__EOD_SECRET"] = secret,
        ["RCPTVERIFY__ROUTE__0__CANARY"] = knownGood,
        ["RCPTVERIFY__ROUTE__0__MAX_CONNECTIONS"] = "1", // a transcript of two sessions at a time is hard to read
    };

    /// <summary>The dialogue, what it proves, and the route to paste where there is one. The secret is in none of them.</summary>
    internal static string ToText(CalibrationFinding finding, IReadOnlyList<string> transcript, string domain, Route route)
    {
        ProbeReply reply = finding.Evidence.Reply;
        string text = $"{string.Join('\n', transcript)}\n\n{Describe(finding, reply, route.Canary)}";
        return finding.Result != CalibrationResult.Tells ? text : $"""
            {text}

            [[route]]
            domains = ["{domain}"]
            servers = ["{reply.Server}"]
            target = "{VerdictNames.Of(finding.Target)}"{(finding.Target == ProbeTarget.Eod ? "\neod_secret = \"…\"   # the one given here" : "")}
            canary = {Toml.Quote(route.Canary)}
            """;
    }

    private static string Describe(CalibrationFinding finding, ProbeReply reply, string knownGood)
    {
        string said = LogEscape.Text(reply.Code == 0 ? reply.Text : $"{reply.Code} {reply.Enhanced} {reply.Text}".Replace("  ", " ", StringComparison.Ordinal));
        return finding.Result switch
        {
            CalibrationResult.Tells => $"{reply.Server} refuses unknown users at {VerdictNames.Of(reply.Stage)}: {said}",
            CalibrationResult.AcceptAll => $"{reply.Server} accepts a random address at every stage tried, the last one {VerdictNames.Of(reply.Stage)}: {said}",
            CalibrationResult.Trouble => $"{reply.Server} could not be asked, at {VerdictNames.Of(reply.Stage)}: {said}",
            _ when finding.IsOfCanary && reply.Code is >= 500 and < 600 =>
                $"{LogEscape.Text(knownGood)}, said to exist, was refused by {reply.Server} at {VerdictNames.Of(reply.Stage)}: {said}\nIs that address right? Without one that exists, nothing is proved.",
            _ => $"{reply.Server} gave no answer that proves a stage, at {VerdictNames.Of(reply.Stage)}: {said}",
        };
    }

    internal static string ToJson(CalibrationFinding finding, IReadOnlyList<string> transcript) => JsonSerializer.Serialize(
        new CalibrationAnswer(
            finding.Result switch
            {
                CalibrationResult.Tells => "tells",
                CalibrationResult.AcceptAll => "accept_all",
                CalibrationResult.Inconclusive => "inconclusive",
                _ => "trouble",
            },
            finding.Result == CalibrationResult.Tells ? VerdictNames.Of(finding.Target) : null,
            finding.Evidence.Reply.Server,
            VerdictNames.Of(finding.Evidence.Reply.Stage),
            finding.Evidence.Reply.Code,
            finding.Evidence.Reply.Enhanced,
            finding.Evidence.Reply.Text,
            transcript),
        CliJson.Default.CalibrationAnswer);
}
