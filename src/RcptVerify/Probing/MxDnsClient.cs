using System.Net;
using DnsClient;
using DnsClient.Protocol;

namespace RcptVerify.Probing;

/// <summary>
/// DNS by way of the DnsClient package. It keeps no cache of its own: <see cref="MxCache"/> does, by our clock. A truncated
/// answer is asked for again over TCP.
/// </summary>
/// <param name="servers">DNS servers; empty for those of the system.</param>
internal sealed class MxDnsClient(IReadOnlyList<IPEndPoint> servers) : IMxDns
{
    // Late: where the system has no DNS server, that is trouble of the lookup, and may be over at the next one.
    private readonly Lazy<LookupClient> _client = new(() => Create(servers), LazyThreadSafetyMode.PublicationOnly);

    public async Task<MxDnsAnswer> QueryAsync(string name, MxDnsType type, CancellationToken cancellationToken)
    {
        QueryType queryType = type switch { MxDnsType.Mx => QueryType.MX, MxDnsType.A => QueryType.A, _ => QueryType.AAAA };
        try
        {
            IDnsQueryResponse response = await _client.Value.QueryAsync(name, queryType, QueryClass.IN, cancellationToken);
            return response.Header.ResponseCode switch
            {
                DnsHeaderResponseCode.NoError => Read(response.Answers, type),
                DnsHeaderResponseCode.NotExistentDomain => new(MxDnsStatus.NoSuchName),
                var code => new(MxDnsStatus.Failed, $"DNS server says {code}"),
            };
        }
        catch (OperationCanceledException)
        {
            return new(MxDnsStatus.Failed, "no answer from DNS in time");
        }
        catch (DnsResponseException e)
        {
            return new(MxDnsStatus.Failed, e.Code == DnsResponseCode.ConnectionTimeout ? "no answer from DNS in time" : $"DNS failed: {e.Code}");
        }
        catch (Exception e)
        {
            // The answer's bytes come from outside, and the package's parser tells of bad ones in many ways.
            return new(MxDnsStatus.Failed, $"DNS failed: {e.GetType().Name}");
        }
    }

    private static MxDnsAnswer Read(IReadOnlyList<DnsResourceRecord> answers, MxDnsType type)
    {
        DnsResourceRecord[] records = [.. answers.Where(r => type == MxDnsType.Mx ? r is MxRecord : r is AddressRecord)]; // no CNAME
        return new(MxDnsStatus.Ok)
        {
            Exchangers = [.. records.OfType<MxRecord>().Select(r => ((int)r.Preference, r.Exchange.Value))],
            Addresses = [.. records.OfType<AddressRecord>().Select(r => r.Address)],
            TimeToLive = records.Length == 0 ? TimeSpan.MaxValue : TimeSpan.FromSeconds(records.Min(r => Math.Max(r.InitialTimeToLive, 0))),
        };
    }

    private static LookupClient Create(IReadOnlyList<IPEndPoint> servers)
    {
        LookupClientOptions options = servers.Count > 0 ? new([.. servers]) : new();
        options.UseCache = false;
        options.ThrowDnsErrors = false;
        options.ContinueOnEmptyResponse = false; // "none of this type" is an answer
        options.Timeout = MxLimits.QueryTime;
        options.Retries = 1;
        return new LookupClient(options);
    }
}
