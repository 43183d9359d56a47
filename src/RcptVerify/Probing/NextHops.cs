using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;
using RcptVerify.Verification;
using RcptVerify.Wire.Smtp;

namespace RcptVerify.Probing;

/// <summary>
/// Routes to the next hops that Postfix names, found as its SMTP client finds them: <c>[host]</c> by its addresses, <c>host:port</c> by
/// its MX records.
/// <para>
/// Security: a next hop is asked only if every address that it leads to lies in <see cref="NextHopSettings.Networks"/>, and it is
/// connected to by those very addresses, so that no second lookup can lead elsewhere. All else is no route, and so is a name that
/// cannot be looked up now: whether we may ask there is not known then, and most next hops outside are nobody's but Postfix's.
/// </para>
/// <para>
/// Limits: <see cref="MaxKept"/> next hops remembered, those that end first forgotten; <see cref="MxLimits"/> for lookups and servers.
/// Setting <see cref="Settings"/> forgets all of them.
/// </para>
/// </summary>
public sealed class NextHops : INextHops
{
    /// <summary>Next hops remembered: 1000.</summary>
    public const int MaxKept = 1000;

    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<MxSettings, IMxDns> _dns;
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve;
    private readonly MxOwnAddresses _own;
    private readonly RepeatGuard _lines;
    private volatile Known? _known;

    /// <summary>Creates one that knows of no next hop until it has <see cref="Settings"/>.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told of next hops that are not asked.</param>
    public NextHops(TimeProvider time, ILogger<NextHops> log)
        : this(time, log, mx => new MxDnsClient(mx.DnsServers), Dns.GetHostAddressesAsync)
    {
    }

    internal NextHops(TimeProvider time, ILogger log, Func<MxSettings, IMxDns> dns, Func<string, CancellationToken, Task<IPAddress[]>> resolve)
    {
        _time = time;
        _log = log;
        _dns = dns;
        _resolve = resolve;
        _own = new(time);
        _lines = new(time);
    }

    /// <summary>What is allowed; null: nothing.</summary>
    public NextHopSettings? Settings
    {
        get => _known?.Settings;
        set => _known = value is null || value.Networks.Count == 0 ? null : new Known(value, new MxCache(_dns(value.Mx), _time));
    }

    /// <inheritdoc/>
    public ValueTask<Route?> FindAsync(ReadOnlyMemory<byte> nextHop, TimeSpan patience)
    {
        if (_known is not { } known || nextHop.Length > SmtpNextHop.MaxBytes)
            return default;
        if (known.BySpan.TryGetValue(nextHop.Span, out Entry? entry) && _time.GetElapsedTime(entry.At) < entry.Life)
            return new(entry.Route);
        return SmtpNextHop.TryRead(nextHop.Span, out SmtpNextHop hop) ? LookUpAsync(known, nextHop.ToArray(), hop, patience) : default;
    }

    private async ValueTask<Route?> LookUpAsync(Known known, byte[] key, SmtpNextHop hop, TimeSpan patience)
    {
        if (hop.Address is { } address)
            return Remember(known, key, hop, new([new(hop.Host, address)], MxLimits.MaxLife));
        if (known.Running.Count >= MxLimits.MaxLookups)
            return null;
        Task<Route?> lookup = known.Running.GetOrAdd(key, _ => new(() => Task.Run(() => ResolveAsync(known, key, hop)))).Value;
        patience = patience < TimeSpan.Zero ? TimeSpan.Zero : patience < MxLimits.LookupTime ? patience : MxLimits.LookupTime;
        await ((Task)lookup.WaitAsync(patience, _time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return lookup.IsCompletedSuccessfully ? await lookup : null;
    }

    private async Task<Route?> ResolveAsync(Known known, byte[] key, SmtpNextHop hop)
    {
        try
        {
            // A name without a dot is one of the local network's: DNS has no MX records for it, /etc/hosts may have its address.
            Found found = hop.HasMx && hop.Host.Contains('.', StringComparison.Ordinal) ? await ByMxAsync(known, hop) : await ByAddressAsync(hop);
            return Remember(known, key, hop, found);
        }
        finally
        {
            known.Running.TryRemove(key, out _);
        }
    }

    private async Task<Found> ByMxAsync(Known known, SmtpNextHop hop)
    {
        MxAnswer answer = await known.Dns.FindAsync(hop.Host, MxLimits.LookupTime);
        Server[] all = [.. answer.Hosts.SelectMany(h => h.Addresses.Select(a => new Server(h.Name, a)))];
        IReadOnlyList<ServerEndpoint> usable = MxRouting.Servers(answer, known.Settings.Mx with { Port = hop.Port }, _own.Now, out string trouble);
        return new(all, answer.Life, usable, trouble, answer.Result == MxResult.Trouble);
    }

    private async Task<Found> ByAddressAsync(SmtpNextHop hop)
    {
        try
        {
            using CancellationTokenSource cancel = new(MxLimits.LookupTime, _time);
            IPAddress[] addresses = await _resolve(hop.Host, cancel.Token).WaitAsync(cancel.Token);
            return new([.. addresses.Select(a => new Server(hop.Host, a))], MxLimits.NegativeLife, Trouble: "it has no address");
        }
        catch (SocketException e)
        {
            bool final = e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData;
            return new([], final ? MxLimits.NegativeLife : MxLimits.TroubleLife, Trouble: $"its address: {e.SocketErrorCode}", IsTemporary: !final);
        }
        catch (OperationCanceledException)
        {
            return new([], MxLimits.TroubleLife, Trouble: "its address: no answer in time", IsTemporary: true);
        }
    }

    /// <summary>Makes the route, or finds that there is none to be.</summary>
    private Route? Remember(Known known, byte[] key, SmtpNextHop hop, Found found)
    {
        long now = _time.GetTimestamp();
        known.Entries.TryGetValue(key, out Entry? old);
        string trouble = found.Trouble;
        Route? route = null;
        if (found.All.FirstOrDefault(s => !IsAllowed(known, s.Address)) is { } outside)
            trouble = $"{MxOwnAddresses.Plain(outside.Address)} lies outside route_from_rcpt_host_networks";
        else if (ServersOf(hop, found) is { Length: > 0 } servers)
        {
            // The same route, so that its servers and verdicts need no comparing anew.
            route = old?.Route is { } before && before.Servers.ToHashSet().SetEquals(servers) ? before : known.Settings.Route(hop.ToString(), servers);
        }
        else if (found.IsTemporary && old?.Route is not null && _time.GetElapsedTime(old.Found) < MxLimits.StaleTime)
        {
            // What DNS said last has been checked, and goes on counting while DNS fails.
            known.Entries[key] = old with { At = now, Life = MxLimits.TroubleLife };
            return old.Route;
        }

        if (route is null && _lines.MayPass(out long held))
        {
            if (held > 0)
                Log.Repeated(_log, held, "next hops that are not asked");
            Log.NextHopNotAsked(_log, LogEscape.Text(hop.ToString()), LogEscape.Text(trouble));
        }

        Keep(known, key, new(route, now, now, found.Life));
        return route;
    }

    private static ServerEndpoint[] ServersOf(SmtpNextHop hop, Found found) =>
        found.Usable is not null
            ? [.. found.Usable]
            : [.. found.All.Select(s => new ServerEndpoint(MxOwnAddresses.Plain(s.Address).ToString(), hop.Port, s.Name)).Distinct().Take(MxLimits.MaxServers)];

    private void Keep(Known known, byte[] key, Entry entry)
    {
        if (known.Entries.Count >= MaxKept && !known.Entries.ContainsKey(key))
        {
            foreach ((byte[] tired, _) in known.Entries.OrderBy(e => e.Value.Life - _time.GetElapsedTime(e.Value.At)).Take(MaxKept / 10).ToList())
                known.Entries.TryRemove(tired, out _);
        }

        known.Entries[key] = entry;
    }

    private static bool IsAllowed(Known known, IPAddress address)
    {
        IPAddress plain = MxOwnAddresses.Plain(address);
        return known.Settings.Networks.Any(n => n.Contains(plain));
    }

    /// <summary>Where a next hop leads.</summary>
    /// <param name="All">Every address.</param>
    /// <param name="Life">How long that counts.</param>
    /// <param name="Usable">Those to ask; null for all.</param>
    /// <param name="Trouble">Why there is none, printable.</param>
    /// <param name="IsTemporary">Whether asking again may bring more.</param>
    private sealed record Found(
        IReadOnlyList<Server> All, TimeSpan Life, IReadOnlyList<ServerEndpoint>? Usable = null, string Trouble = "", bool IsTemporary = false);

    private sealed record Server(string Name, IPAddress Address);

    /// <summary>What is known of a next hop.</summary>
    /// <param name="Route">Its route; null: none.</param>
    /// <param name="Found">When that was found.</param>
    /// <param name="At">When it was last asked for.</param>
    /// <param name="Life">For how long from then it need not be.</param>
    private sealed record Entry(Route? Route, long Found, long At, TimeSpan Life);

    private sealed class Known
    {
        public Known(NextHopSettings settings, MxCache dns)
        {
            Settings = settings;
            Dns = dns;
            BySpan = Entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        }

        public NextHopSettings Settings { get; }

        public MxCache Dns { get; }

        public ConcurrentDictionary<byte[], Entry> Entries { get; } = new(Utf8KeyComparer.Instance);

        public ConcurrentDictionary<byte[], Entry>.AlternateLookup<ReadOnlySpan<byte>> BySpan { get; }

        public ConcurrentDictionary<byte[], Lazy<Task<Route?>>> Running { get; } = new(Utf8KeyComparer.Instance);
    }
}
