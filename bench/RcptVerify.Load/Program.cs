using System.Reflection;
using System.Runtime.CompilerServices;
using RcptVerify.Load;

const string Usage = """
    usage: RcptVerify.Load COMMAND [OPTIONS]

      policy  closed-loop load on a policy server, with the attributes Postfix 3.7 sends
              --address inet:HOST:PORT|unix:/PATH  -c CONNECTIONS  -n REQUESTS  -k DISTINCT  -d DEPTH
              -b N             every Nth recipient number is asked as nobodyN@ instead of userN@
              --prefix user    --domain example.com
              --each 1         recipients in turn 0, 1, 2 … instead of at random
              --expect A,B     every userN@ must get action A and every nobodyN@ action B (first word)
      socketmap  the same on a socketmap server, map "recipients"; --expect OK,NOTFOUND
      milter  closed-loop load on a milter, with the commands and macros Postfix 3.7 sends; answers to RCPT count
              -r RECIPIENTS    in one message; otherwise as policy, without -d; --expect c,550
      floor   a server that does nothing: a constant answer to every request
              --listen ADDRESS[,ADDRESS]  --protocol policy|milter|socketmap  --answer DUNNO (policy)
      rcpt    RCPT load on a real MTA
              --address inet:HOST:PORT  -c CONNECTIONS  -n RECIPIENTS  -k DISTINCT  -b N  -r RCPTS_A_TRANSACTION
              --prefix user    --domain example.com
      idle    opens connections, asks once on each, holds them until standard input ends
              --address ADDRESS  -n CONNECTIONS  --seconds N (instead of standard input)
      tap     forwards connections and counts them; prints the counters for every line on standard input
              --listen inet:HOST:PORT  --to inet:HOST:PORT
      ports   prints free loopback ports
              -n COUNT

    exit codes: 0 fine, 1 system error, 2 usage, 3 connection closed, 4 no answer within 10 s, 5 a wrong answer
    """;

try
{
    if (args.Length == 0 || args[0] is "--help" or "-h")
    {
        Console.WriteLine(Usage);
        return args.Length == 0 ? ExitCode.Usage : 0;
    }

    CompileAhead();
    var options = Options.Parse(args.AsSpan(1));
    return args[0] switch
    {
        "policy" => RequestLoad.Run(options, (known, unknown, domain) => new PolicyProtocol(new(known, unknown, domain))),
        "socketmap" => RequestLoad.Run(options, (known, unknown, domain) => new SocketmapProtocol(known, unknown, domain)),
        "milter" => MilterLoad.Run(options),
        "floor" => Floor.Run(options),
        "rcpt" => RcptLoad.Run(options),
        "idle" => IdleConnections.Run(options),
        "tap" => await ConnectionTap.RunAsync(options),
        "ports" => FreePorts.Run(options),
        _ => throw new LoadException(ExitCode.Usage, $"unknown command {args[0]}"),
    };
}
catch (LoadException e)
{
    Console.Error.WriteLine($"RcptVerify.Load {args[0]}: {e.Message}");
    return e.ExitCode;
}

// Otherwise the first answers of each run would wait for our own compiler and be booked on the server.
static void CompileAhead()
{
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    foreach (Type type in typeof(Options).Assembly.GetTypes().Where(type => !type.ContainsGenericParameters))
    {
        foreach (MethodInfo method in type.GetMethods(Declared).Where(method => !method.IsAbstract && !method.ContainsGenericParameters))
        {
            RuntimeHelpers.PrepareMethod(method.MethodHandle);
        }
    }
}
