using System.Net;
using System.Net.Sockets;

namespace RcptVerify.Verification;

/// <summary>How many recipients a client may be refused before its new ones are no longer probed.</summary>
/// <param name="Refused">Refusals at once, at least 1.</param>
/// <param name="Period">Time in which that many are earned back, evenly. More than zero.</param>
/// <param name="Exempt">Clients without limit: relays that speak for many senders.</param>
public sealed record ClientLimit(int Refused, TimeSpan Period, IReadOnlyList<IPNetwork> Exempt)
{
    private readonly (uint Address, uint Mask)[] _exempt4 = [.. Exempt
        .Where(network => network.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
        .Select(network => (Ipv4Text.ValueOf(network.BaseAddress), network.PrefixLength == 0 ? 0 : uint.MaxValue << (32 - network.PrefixLength)))];

    /// <summary>Whether an IPv4 client has no limit. No allocation.</summary>
    /// <param name="address">Its address, in host order.</param>
    internal bool Exempts(uint address)
    {
        foreach ((uint network, uint mask) in _exempt4)
        {
            if ((address & mask) == network)
                return true;
        }

        return false;
    }
}

/// <summary>
/// Counts the recipients refused to each SMTP client (an IPv4 address, or an IPv6 /64, which one host can fill), for each
/// route by itself: a generic cell rate, one number a client. Recipients that exist cost nothing, so that a cold cache
/// limits nobody.
/// <para>
/// Limits: a fixed table of <see cref="MaxClients"/> places (2 MiB), in groups of <see cref="Ways"/>. A new client takes the
/// place of the one in its group that has least to pay off, so that a flood of addresses pushes out the innocent first.
/// Constant time; a refusal takes one of <see cref="Locks"/> locks; that of an IPv6 client
/// allocates its parsed address.
/// </para>
/// <para>
/// Known weaknesses: who has many networks has many budgets; and refusals count when they are said, so that connections
/// in parallel can overdraw by the probes they have under way. The prober's own limits hold against both.
/// </para>
/// </summary>
/// <param name="time">The clock; only its monotonic side is used.</param>
public sealed class ClientBudget(TimeProvider time)
{
    /// <summary>Clients remembered at once.</summary>
    public const int MaxClients = 65_536;

    private const int Ways = 4;
    private const int Locks = 64;

    private readonly Account[] _accounts = new Account[MaxClients];
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];
    private readonly long _start = time.GetTimestamp();

    /// <summary>Whether the client's next unknown recipient is not to be probed.</summary>
    /// <param name="client">Its address as text; what is no address has no limit.</param>
    /// <param name="route">Name of the recipient's route.</param>
    /// <param name="limit">The route's limit.</param>
    public bool IsSpent(ReadOnlySpan<byte> client, string route, ClientLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        if (!TryIdentify(client, limit, out ulong network))
            return false;
        int group = GroupOf(network, route);
        lock (_locks[group % Locks])
        {
            ref Account account = ref Find(group, network, route);
            long now = Now();
            return account.IsOf(network, route) && IsSpent(account, limit, now);
        }
    }

    /// <summary>Counts a recipient that was refused to the client.</summary>
    /// <param name="client">Its address as text.</param>
    /// <param name="route">Name of the recipient's route.</param>
    /// <param name="limit">The route's limit.</param>
    /// <returns>True when this one used up the budget and that is worth a line: not again before half of it is earned back.</returns>
    public bool Charge(ReadOnlySpan<byte> client, string route, ClientLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        if (!TryIdentify(client, limit, out ulong network))
            return false;
        int group = GroupOf(network, route);
        lock (_locks[group % Locks])
        {
            ref Account account = ref Find(group, network, route);
            if (!account.IsOf(network, route))
                account = new Account { Network = network, Route = route };
            long now = Now();
            long most = IntervalOf(limit) * limit.Refused;
            long debt = Math.Max(account.PaidOffAt - now, 0);
            if (debt <= most / 2)
                account.IsTold = false;
            account.PaidOffAt = now + Math.Min(debt + IntervalOf(limit), most);
            bool tell = !account.IsTold && IsSpent(account, limit, now);
            account.IsTold |= tell;
            return tell;
        }
    }

    private static bool IsSpent(in Account account, ClientLimit limit, long now)
    {
        long interval = IntervalOf(limit);
        return account.PaidOffAt - now + interval > interval * limit.Refused;
    }

    /// <summary>Time in which one refusal is earned back, in ticks.</summary>
    private static long IntervalOf(ClientLimit limit) => Math.Max(limit.Period.Ticks / limit.Refused, 1);

    private static bool TryIdentify(ReadOnlySpan<byte> client, ClientLimit limit, out ulong network)
    {
        network = 0;
        if (Ipv4Text.TryParse(client, out uint ipv4))
        {
            network = ClientNetwork.Of(ipv4);
            return !limit.Exempts(ipv4);
        }

        if (client.IsEmpty || !IPAddress.TryParse(client, out IPAddress? address))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (IPNetwork exempt in limit.Exempt)
        {
            if (exempt.Contains(address))
                return false;
        }

        network = ClientNetwork.Of(address);
        return true;
    }

    /// <summary>Seeded (<see cref="HashCode"/>): strangers cannot choose addresses that share a group.</summary>
    private static int GroupOf(ulong network, string route) =>
        (int)((uint)HashCode.Combine(network, route) % (MaxClients / Ways));

    /// <summary>The client's account, or the one in its group to give up for it.</summary>
    private ref Account Find(int group, ulong network, string route)
    {
        Span<Account> accounts = _accounts.AsSpan(group * Ways, Ways);
        int least = 0;
        for (int i = 0; i < accounts.Length; i++)
        {
            if (accounts[i].IsOf(network, route))
                return ref accounts[i];
            if (accounts[i].PaidOffAt < accounts[least].PaidOffAt)
                least = i;
        }

        return ref accounts[least];
    }

    private long Now() => time.GetElapsedTime(_start).Ticks;

    private struct Account
    {
        public ulong Network;
        public string? Route;
        public long PaidOffAt;
        public bool IsTold;

        public readonly bool IsOf(ulong network, string route) => Network == network && Route == route;
    }
}
