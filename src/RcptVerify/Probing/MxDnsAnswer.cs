using System.Net;

namespace RcptVerify.Probing;

/// <summary>How a DNS query ended.</summary>
internal enum MxDnsStatus : byte
{
    /// <summary>With records, or with the word that there are none of this type.</summary>
    Ok,

    /// <summary>The name does not exist (NXDOMAIN).</summary>
    NoSuchName,

    /// <summary>No usable answer: SERVFAIL, no answer in time, nonsense.</summary>
    Failed,
}

/// <summary>The kinds of records that lead to a mail server.</summary>
internal enum MxDnsType : byte
{
    /// <summary>Mail exchangers.</summary>
    Mx,

    /// <summary>IPv4 addresses.</summary>
    A,

    /// <summary>IPv6 addresses.</summary>
    Aaaa,
}

/// <summary>An answer of DNS, as far as mail is concerned.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Text">Why it failed, printable; empty otherwise.</param>
internal sealed record MxDnsAnswer(MxDnsStatus Status, string Text = "")
{
    /// <summary>Preference and host, as DNS has it: unchecked, with its final dot.</summary>
    public IReadOnlyList<(int Preference, string Host)> Exchangers { get; init; } = [];

    /// <summary>Addresses.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];

    /// <summary>The shortest time to live among the records.</summary>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.MaxValue;
}

/// <summary>Asks DNS.</summary>
internal interface IMxDns
{
    /// <summary>One query; trouble of any kind is an answer, not an exception.</summary>
    /// <param name="name">An absolute name without its final dot.</param>
    /// <param name="type">What is asked for.</param>
    /// <param name="cancellationToken">The time is over.</param>
    Task<MxDnsAnswer> QueryAsync(string name, MxDnsType type, CancellationToken cancellationToken);
}
