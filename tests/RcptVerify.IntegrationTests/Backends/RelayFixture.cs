using RcptVerify.TestKit.Postfix;
using Xunit;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>
/// A Postfix as the server behind: it relays for users of <c>relay_recipient_maps</c> and refuses others, on each port at
/// another stage. Where the mail goes, it is counted.
/// </summary>
public sealed class RelayFixture : IAsyncLifetime
{
    private readonly Dictionary<string, int> _ports = [];
    private SmtpSink? _mailboxes;
    private PostfixInstance? _postfix;

    /// <summary>Rows of the table, and the parameters of the port.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Modes { get; } = new Dictionary<string, IReadOnlyList<string>>
    {
        ["postfix, relay_recipient_maps"] = [],
        ["postfix, smtpd_data_restrictions"] = ["smtpd_reject_unlisted_recipient = no", "smtpd_data_restrictions = reject_unlisted_recipient"],
        ["postfix, smtpd_end_of_data_restrictions"] =
            ["smtpd_reject_unlisted_recipient = no", "smtpd_end_of_data_restrictions = reject_unlisted_recipient"],
    };

    /// <summary>Each row has a domain of its own, so that its mail can be told from that of others.</summary>
    public static string DomainOf(string mode, bool withSecret) =>
        $"{mode.Split(' ')[1].Replace('_', '-')}-{(withSecret ? "secret" : "plain")}.{PostfixBuilder.RelayDomain}";

    public int PortOf(string mode) => _ports[mode];

    public int DeliveredTo(string recipient) => _mailboxes!.Proxy.CountOf($"RCPT TO:<{recipient}>");

    public string ReadLog() => _postfix!.ReadLog();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        _mailboxes = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        PostfixBuilder builder = new();
        List<string> known = [];
        foreach ((string mode, IReadOnlyList<string> settings) in Modes)
        {
            foreach (string domain in new[] { DomainOf(mode, withSecret: false), DomainOf(mode, withSecret: true) })
            {
                builder.Deliver(domain, _mailboxes.Port);
                known.Add($"{{ alice@{domain} = known }}");
            }

            _ports.Add(mode, builder.Smtpd(settings));
        }

        builder.Main($"relay_recipient_maps = inline:{{ {string.Join(", ", known)} }}");
        _postfix = await builder.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_postfix is not null)
            await _postfix.DisposeAsync();
        if (_mailboxes is not null)
            await _mailboxes.DisposeAsync();
    }
}
