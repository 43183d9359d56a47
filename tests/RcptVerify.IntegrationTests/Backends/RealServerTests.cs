using RcptVerify.TestKit.Exim;
using RcptVerify.TestKit.Postfix;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>Mail servers that others have written, with <c>target = auto</c>.</summary>
public sealed class RealServerTests(RelayFixture relay) : VerdictTest, IClassFixture<RelayFixture>
{
    private const string Domain = PostfixBuilder.RelayDomain;

    private static readonly Dictionary<string, EximAcl> EximAcls = new()
    {
        ["exim, acl_smtp_rcpt"] = EximAcl.Rcpt,
        ["exim, acl_smtp_predata"] = EximAcl.Predata,
        ["exim, acl_smtp_data"] = EximAcl.Data,
    };

    /// <summary>smtp-sink knows no users: what it refuses, it refuses to all.</summary>
    private static readonly Dictionary<string, SmtpSinkMode> Sinks = new()
    {
        ["smtp-sink"] = SmtpSinkMode.AcceptAll,
        ["smtp-sink -f RCPT"] = SmtpSinkMode.Refuse("RCPT", "550 5.1.1 User unknown"),
        ["smtp-sink -f DATA"] = SmtpSinkMode.Refuse("DATA", "550 5.1.1 User unknown"),
        ["smtp-sink -f ."] = SmtpSinkMode.Refuse(".", "550 5.1.1 User unknown"),
    };

    public static TheoryData<string, bool> EximRows => VerdictTable.Of(EximAcls.Keys);

    public static TheoryData<string, bool> PostfixRows => VerdictTable.Of(RelayFixture.Modes.Keys);

    public static TheoryData<string, bool> SinkRows => VerdictTable.Of(Sinks.Keys);

    [Theory]
    [MemberData(nameof(EximRows))]
    public async Task Exim_is_found_out(string name, bool withSecret)
    {
        EximServer exim = await EximServer.StartAsync(EximAcls[name]);
        await using Backend backend = new(Domain, exim.Port, () => exim.Delivered, exim.ReadLog, DeliversLater: true, exim);
        await HoldAgainstTableAsync(backend, name, withSecret);
    }

    [Theory]
    [MemberData(nameof(PostfixRows))]
    public async Task Postfix_is_found_out(string name, bool withSecret)
    {
        string domain = RelayFixture.DomainOf(name, withSecret);
        await using Backend backend = new(
            domain, relay.PortOf(name), () => relay.DeliveredTo($"alice@{domain}"), relay.ReadLog, DeliversLater: true);
        await HoldAgainstTableAsync(backend, name, withSecret);
    }

    [Theory]
    [MemberData(nameof(SinkRows))]
    public async Task The_fake_server_of_Postfix_is_found_out(string name, bool withSecret)
    {
        SmtpSink sink = await SmtpSink.StartAsync(Sinks[name]);
        await using Backend backend = new(
            Domain, sink.Port, () => name.EndsWith('.') ? 0 : MessagesTo($"alice@{Domain}", sink.Proxy.Lines), () => "", DeliversLater: false, sink);
        await HoldAgainstTableAsync(backend, name, withSecret);
    }

    [Fact]
    public void The_table_has_every_server_with_and_without_a_secret() => Assert.Equal(
        EximAcls.Keys.Concat(RelayFixture.Modes.Keys).Concat(Sinks.Keys).SelectMany(name => new[] { (name, false), (name, true) }),
        VerdictTable.Rows.Select(row => (row.Backend, row.WithSecret)).Skip(2 * Simulation.SimulationBehaviours.All.Count));

    /// <summary>Final dots sent behind this recipient, on a connection that has one session at a time.</summary>
    private static int MessagesTo(string recipient, IEnumerable<string> lines)
    {
        int messages = 0;
        bool meant = false;
        foreach (string line in lines)
        {
            if (line.StartsWith("RCPT TO:", StringComparison.Ordinal))
                meant = line == $"RCPT TO:<{recipient}>";
            else if (line == "." && meant)
                messages++;
        }

        return messages;
    }
}
