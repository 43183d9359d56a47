using System.CommandLine;
using System.Net;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Simulation;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary><c>simulate</c>: a stand-in Exchange.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        Option<string> behaviour = new("--behaviour")
        {
            Description = "How it behaves: " + string.Join(", ", SimulationBehaviours.All.Select(b => b.Name)) + ".",
            HelpName = "NAME",
            DefaultValueFactory = _ => "exchange2010",
        };
        Option<string> listen = new("--listen")
        {
            Description = "Where it listens.",
            HelpName = "inet:HOST:PORT",
            DefaultValueFactory = _ => "inet:127.0.0.1:2525",
        };
        Option<string[]> known = new("--known")
        {
            Description = "A known recipient, a pattern such as 'user*@example.com', or @FILE with one a line. May be repeated.",
            HelpName = "ADDRESS|@FILE",
            DefaultValueFactory = _ => [],
        };
        Option<bool> transcript = new("--transcript") { Description = "Print every dialogue." };
        Command command = new("simulate", "Play a mail server for trials and load tests: Exchange in its versions, slow ones, hostile ones.") { behaviour, listen, known, transcript };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(behaviour)!, parsed.GetValue(listen)!, parsed.GetValue(known) ?? [], parsed.GetValue(transcript), cancel));
        return command;
    }

    private static async Task<int> RunAsync(string behaviour, string listen, string[] known, bool transcript, CancellationToken cancellationToken)
    {
        if (!SimulationBehaviours.TryGet(behaviour, out _))
            return Complaints.Print($"there is no behaviour '{behaviour}'{Spelling.Hint(behaviour, SimulationBehaviours.All.Select(b => b.Name))}", ExitCode.Usage);
        if (!ListenAddress.TryParse(listen, out ListenAddress? address) || address!.Kind != ListenAddressKind.Inet || !IPAddress.TryParse(address.Host, out IPAddress? ip))
            return Complaints.Print($"--listen {LogEscape.Sentence(listen)}: expected inet:ADDRESS:PORT with an IP address", ExitCode.Usage);
        if (!KnownOption.TryRead(known, out List<string> recipients, out List<string> troubles))
        {
            foreach (string trouble in troubles)
                Complaints.Print(trouble, ExitCode.Usage);
            return ExitCode.Usage;
        }

        if (ListenCheck.WhyNot(new IPEndPoint(ip, address.Port)) is string why)
            return Complaints.Print($"--listen {listen}: {why}", ExitCode.Usage);
        SimulationOptions options = new()
        {
            Behaviour = behaviour,
            Known = recipients,
            Listen = new IPEndPoint(ip, address.Port),
            Transcript = transcript ? Console.Out.WriteLine : null,
        };
        try
        {
            await using ExchangeSimulator simulator = await ExchangeSimulator.StartAsync(options, cancellationToken);
            Console.Out.WriteLine($"{behaviour} listens on inet:{simulator.EndPoint}, {recipients.Count} known recipients or patterns. Ctrl-C ends it.");
            await Termination.WaitAsync(cancellationToken);
            SimulationCounters counters = simulator.Counters;
            Console.Out.WriteLine($"connections={counters.Connections} most_at_once={counters.MaxOpenConnections} rcpt={counters.Rcpt} messages={counters.Messages}");
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            return Complaints.Print($"--listen {listen}: {e.GetBaseException().Message}", ExitCode.Usage);
        }
    }
}
