using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace RcptVerify.Simulation;

/// <summary>What the stand-in Exchange is to be: its behaviour, its mailboxes, where it listens.</summary>
public sealed record SimulationOptions
{
    /// <summary>A name of <see cref="SimulationBehaviours.All"/>; anything else is an <see cref="ArgumentException"/> at start.</summary>
    public required string Behaviour { get; init; }

    /// <summary>
    /// The mailboxes that exist, matched without regard to case: <c>alice@example.com</c>, <c>user*@example.com</c> (one asterisk, any
    /// text), <c>@example.com</c> (the whole domain). Default: none.
    /// </summary>
    public IReadOnlyCollection<string> Known { get; init; } = [];

    /// <summary>
    /// The domains this server is responsible for; a recipient elsewhere is refused as relaying. Default: empty, which means every domain.
    /// </summary>
    public IReadOnlyCollection<string> AcceptedDomains { get; init; } = [];

    /// <summary>Where to listen; port 0 (the default, on 127.0.0.1) takes a free one.</summary>
    public IPEndPoint Listen { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>The name in greeting and EHLO reply. Default <c>ex.example.com</c>.</summary>
    public string HostName { get; init; } = "ex.example.com";

    /// <summary>
    /// How long every 5xx reply is held back. Null (the default): what the behaviour says, 5 s for <c>tarpit</c> (Exchange's own default,
    /// Set-ReceiveConnector TarpitInterval) and nothing for all others.
    /// </summary>
    public TimeSpan? TarpitInterval { get; init; }

    /// <summary>
    /// Connections one address may hold with the behaviour <c>throttled</c>. Default 20, as Exchange's MaxInboundConnectionPerSource.
    /// </summary>
    public int MaxConnectionsPerSource { get; init; } = 20;

    /// <summary>
    /// A message whose header <c>X-RcptVerify-Probe</c> has this value is accepted and deleted, as the Exchange transport rule does it.
    /// Default null: every accepted message is delivered.
    /// </summary>
    public string? EodSecret { get; init; }

    /// <summary>
    /// Certificate with private key for STARTTLS. Default null: STARTTLS is neither offered nor understood (but for the behaviours that
    /// are about it, which make their own). <see cref="SimulationCertificate.CreateSelfSigned"/> makes one.
    /// </summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Whether <see cref="SimulationCounters.RcptsByAddress"/> is filled: one entry an address, for ever. Default false.</summary>
    public bool RecordRecipients { get; init; }

    /// <summary>
    /// Called with each line of the dialogue, control characters escaped: <c>-&gt; MAIL FROM:&lt;&gt;</c> for the client's,
    /// <c>&lt;- 250 2.1.0 Sender OK</c> for ours. Called from several threads at once. Default null.
    /// </summary>
    public Action<string>? Transcript { get; init; }

    /// <summary>The clock behind tarpits, slow replies and dates. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
