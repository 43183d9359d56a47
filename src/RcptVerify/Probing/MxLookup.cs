using System.Net;
using System.Text;
using RcptVerify.Verification;

namespace RcptVerify.Probing;

/// <summary>What a lookup came to.</summary>
internal enum MxResult : byte
{
    /// <summary>There are hosts to ask.</summary>
    Found,

    /// <summary>The domain accepts no mail (RFC 7505).</summary>
    NullMx,

    /// <summary>The domain does not exist.</summary>
    NoSuchDomain,

    /// <summary>Neither MX hosts nor the domain have an address.</summary>
    NoAddress,

    /// <summary>DNS could not be asked.</summary>
    Trouble,
}

/// <summary>A mail exchanger.</summary>
/// <param name="Preference">Lower is better.</param>
/// <param name="Name">Canonical host name.</param>
/// <param name="Addresses">Its addresses; may be empty.</param>
internal sealed record MxHost(int Preference, string Name, IReadOnlyList<IPAddress> Addresses);

/// <summary>What DNS says of a domain's mail servers.</summary>
/// <param name="Result">In one word.</param>
/// <param name="Hosts">Best first.</param>
/// <param name="Text">Why there is none to ask, printable.</param>
/// <param name="Life">How long it counts.</param>
internal sealed record MxAnswer(MxResult Result, IReadOnlyList<MxHost> Hosts, string Text, TimeSpan Life)
{
    /// <summary>Nobody to ask.</summary>
    public static MxAnswer None(MxResult result, string text) =>
        new(result, [], text, result == MxResult.Trouble ? MxLimits.TroubleLife : MxLimits.NegativeLife);
}

/// <summary>
/// RFC 5321 section 5.1: MX hosts by preference, equal ones shuffled; the domain itself where it has no MX record. IPv4
/// before IPv6 at the same host: where a network's IPv6 is broken, that costs no time. Host names are checked before anything
/// is done with them: whoever owns the domain writes them.
/// </summary>
internal static class MxLookup
{
    /// <summary>Looks up a domain.</summary>
    /// <param name="dns">Whom to ask.</param>
    /// <param name="domain">Canonical domain.</param>
    /// <param name="cancellationToken">The time is over; the answer is then trouble.</param>
    public static async Task<MxAnswer> RunAsync(IMxDns dns, string domain, CancellationToken cancellationToken)
    {
        MxDnsAnswer mx = await dns.QueryAsync(domain, MxDnsType.Mx, cancellationToken);
        if (mx.Status == MxDnsStatus.Failed)
            return MxAnswer.None(MxResult.Trouble, $"MX lookup: {mx.Text}");
        if (mx.Status == MxDnsStatus.NoSuchName)
            return MxAnswer.None(MxResult.NoSuchDomain, "DNS knows no such domain");
        // RFC 7505 section 3: a null MX stands alone. Beside others, "." is a host that cannot be.
        if (mx.Exchangers.Count > 0 && mx.Exchangers.All(e => e.Host is "." or ""))
            return MxAnswer.None(MxResult.NullMx, "the domain accepts no mail (null MX)");

        (int Preference, string Host)[] exchangers = mx.Exchangers.Count == 0 ? [(0, domain)] : [.. mx.Exchangers];
        Random.Shared.Shuffle(exchangers);
        (int Preference, string Name)[] named =
            [.. exchangers.Select(e => (e.Preference, Name: Canonical(e.Host))).Where(e => e.Name.Length > 0).OrderBy(e => e.Preference).DistinctBy(e => e.Name).Take(MxLimits.MaxHosts)];
        MxDnsAnswer[][] addresses = await Task.WhenAll(named.Select(e => AddressesAsync(dns, e.Name, cancellationToken)));
        MxHost[] hosts = [.. named.Select((e, i) => new MxHost(e.Preference, e.Name, [.. addresses[i].SelectMany(a => a.Addresses).Take(MxLimits.MaxAddressesPerHost)]))];
        MxDnsAnswer? failed = addresses.SelectMany(a => a).FirstOrDefault(a => a.Status == MxDnsStatus.Failed);
        if (hosts.All(h => h.Addresses.Count == 0))
        {
            return failed is null
                ? MxAnswer.None(MxResult.NoAddress, mx.Exchangers.Count == 0 ? "the domain has neither an MX record nor an address" : "none of the domain's MX hosts has an address")
                : MxAnswer.None(MxResult.Trouble, $"address of an MX host: {failed.Text}");
        }

        TimeSpan life = addresses.SelectMany(a => a).Append(mx).Min(a => a.TimeToLive);
        life = failed is null && life < MxLimits.MaxLife ? life : failed is null ? MxLimits.MaxLife : MxLimits.MinLife;
        return new(MxResult.Found, hosts, "", life > MxLimits.MinLife ? life : MxLimits.MinLife);
    }

    private static Task<MxDnsAnswer[]> AddressesAsync(IMxDns dns, string host, CancellationToken cancellationToken) => Task.WhenAll(
        dns.QueryAsync(host, MxDnsType.A, cancellationToken), dns.QueryAsync(host, MxDnsType.Aaaa, cancellationToken));

    /// <summary>The canonical host name, or empty where it is none.</summary>
    private static string Canonical(string host)
    {
        Span<byte> buffer = stackalloc byte[DomainName.MaxBytes];
        return host.Length <= DomainName.MaxBytes && !host.StartsWith('[') && DomainName.TryCanonicalize(Encoding.UTF8.GetBytes(host), buffer, out int length)
            ? Encoding.ASCII.GetString(buffer[..length])
            : "";
    }
}
