using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Probing;
using RcptVerify.Telemetry;
using RcptVerify.Verification;

namespace RcptVerify.Cli;

/// <summary><c>probe</c>: one verification per address, without any cache.</summary>
internal static class ProbeCommand
{
    public static Command Create()
    {
        Argument<string[]> addresses = new("ADDRESS") { Description = "Recipients to ask about.", Arity = ArgumentArity.OneOrMore };
        Option<string?> config = CommonOptions.Config();
        Option<string?> server = new("--server") { Description = "Ask this server in place of the route's.", HelpName = "HOST:PORT" };
        Option<string?> target = new("--target") { Description = "Stage whose reply decides, in place of the route's: auto, rcpt, data, bdat, eod.", HelpName = "T" };
        Option<bool> json = CommonOptions.Json();
        Option<bool> transcript = new("--transcript") { Description = "Print the SMTP dialogue: '<-' received, ' ->' sent, '<**' refused." };
        Command command = new("probe", "Ask the mail server about recipients now, without the cache.") { addresses, config, server, target, json, transcript };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(addresses)!,
            new ConfigurationSource(parsed.GetValue(config), []),
            parsed.GetValue(server),
            parsed.GetValue(target),
            parsed.GetValue(json),
            parsed.GetValue(transcript) ? new SmtpTranscript() : null,
            cancel));
        return command;
    }

    private static async Task<int> RunAsync(
        string[] addresses, ConfigurationSource source, string? server, string? target, bool json, SmtpTranscript? transcript, CancellationToken cancellationToken)
    {
        foreach (string one in server?.Split(',') ?? [])
        {
            if (ServerAddress.Problem(one) is { } problem)
                return Complaints.Print($"--server {LogEscape.Text(one)}: {problem}", ExitCode.Usage);
        }

        ConfigurationResult loaded = source.Load(RoutesFor(addresses, server));
        if (loaded.Options is null)
            return Complaints.Print(loaded.Errors);
        ProbeTarget stage = default;
        if (target is not null && !TryTarget(target, out stage))
            return Complaints.Print($"--target {LogEscape.Text(target)}: expected auto, rcpt, data, bdat or eod", ExitCode.Usage);
        if (stage == ProbeTarget.Eod && loaded.Options.Routes.Any(route => route.EodSecret.Length == 0))
            return Complaints.Print("--target eod: every route needs an eod_secret, without which users would receive the probe", ExitCode.Usage);

        // One session: a transcript of two at a time is hard to read.
        RouteTable routes = new([.. loaded.Options.Routes.Select(
            route => RouteTableFactory.Create(route with { Target = target is null ? route.Target : stage, MaxConnections = 1 }))]);
        int exitCode = ExitCode.Ok;
        await using (SmtpProber prober = new(TimeProvider.System, new SmtpPoolLimits(), NullLogger<SmtpProber>.Instance, transcript))
        {
            foreach (string address in addresses)
                exitCode = Worse(exitCode, await ProbeAsync(address, routes, prober, json, cancellationToken));
        }

        foreach (string line in transcript?.Lines ?? [])
            Console.Out.WriteLine(line);
        return exitCode;
    }

    private static async Task<int> ProbeAsync(string text, RouteTable routes, SmtpProber prober, bool json, CancellationToken cancellationToken)
    {
        RecipientAddress? address = RecipientAddress.Parse(text, caseSensitive: false, out AddressProblem problem);
        if (address is null)
            return Complaints.Print($"{LogEscape.Text(text)}: {CommonOptions.Describe(problem)}", ExitCode.Usage);
        Route? route = routes.Find(address.Domain.Span);
        if (route is null)
            return Complaints.Print($"{LogEscape.Text(text)}: no route for this domain; say --server HOST:PORT, or add one to the configuration", ExitCode.Usage);

        long started = TimeProvider.System.GetTimestamp();
        ProbeOutcome outcome = await prober.ProbeAsync(address, route, new ProbeTicket(ProbePriority.Caller), cancellationToken);
        TimeSpan took = TimeProvider.System.GetElapsedTime(started);
        Console.Out.WriteLine(json ? ToJson(text, outcome, took) : ToText(text, outcome, took));
        return outcome.Status switch
        {
            VerdictStatus.Deliverable => ExitCode.Ok,
            VerdictStatus.Undeliverable => ExitCode.No,
            _ => ExitCode.Tempfail,
        };
    }

    private static bool TryTarget(string text, out ProbeTarget target)
    {
        target = Enum.GetValues<ProbeTarget>().FirstOrDefault(t => VerdictNames.Of(t) == text);
        return VerdictNames.Of(target) == text;
    }

    /// <summary>With <c>--server</c> the domains asked about get a route to it, whatever the configuration says.</summary>
    private static string[] RoutesFor(string[] addresses, string? server) => server is null
        ? []
        : [.. addresses.Select(a => a[(a.LastIndexOf('@') + 1)..]).Where(d => d != "*" && MailNames.TryDomainPattern(d, out _)).Distinct(StringComparer.OrdinalIgnoreCase).Select(d => $"{d}={server}")];

    /// <summary>"No" outweighs "unknown", which outweighs "yes"; a wrong argument outweighs all.</summary>
    private static int Worse(int one, int other)
    {
        ReadOnlySpan<int> order = [ExitCode.Ok, ExitCode.Tempfail, ExitCode.No, ExitCode.Usage];
        return order[Math.Max(order.IndexOf(one), order.IndexOf(other))];
    }

    internal static string ToText(string address, ProbeOutcome outcome, TimeSpan took)
    {
        ProbeReply reply = outcome.Reply;
        string said = reply.Code == 0 ? reply.Text : $"{reply.Code} {reply.Enhanced} {reply.Text}".Replace("  ", " ", StringComparison.Ordinal);
        return string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{LogEscape.Text(address)}: {VerdictNames.Of(outcome.Status)}{(reply.Mark is null ? "" : $" ({reply.Mark}: the server does not tell)")}, {reply.Server} at {VerdictNames.Of(reply.Stage)}: {LogEscape.Text(said)} ({took.TotalMilliseconds:0.0} ms)");
    }

    internal static string ToJson(string address, ProbeOutcome outcome, TimeSpan took) => JsonSerializer.Serialize(
        new ProbeAnswer(
            address,
            VerdictNames.Of(outcome.Status),
            outcome.Reply.Code,
            outcome.Reply.Enhanced,
            outcome.Reply.Text,
            outcome.Reply.Server,
            VerdictNames.Of(outcome.Reply.Target),
            VerdictNames.Of(outcome.Reply.Stage),
            Math.Round(took.TotalMilliseconds, 3),
            VerdictNames.Of(VerdictSource.Probe),
            outcome.Reply.Mark),
        CliJson.Default.ProbeAnswer);
}
