using System.Text;
using RcptVerify.Verification;

namespace RcptVerify.Caching;

/// <summary>What a purge is about.</summary>
public enum PurgeKind : byte
{
    /// <summary>Every verdict.</summary>
    All,

    /// <summary>Those of one domain, or of all subdomains of one.</summary>
    Domain,

    /// <summary>All that is not deliverable: refusals and unknowns.</summary>
    Negatives,
}

/// <summary>Which verdicts a purge forgets.</summary>
public sealed class PurgeScope
{
    private readonly byte[] _suffix;

    private PurgeScope(PurgeKind kind, string domain = "")
    {
        Kind = kind;
        Domain = domain;
        Suffix = domain.Length == 0 || domain[0] == '.' ? domain : "@" + domain;
        _suffix = Encoding.ASCII.GetBytes(Suffix);
    }

    /// <summary>Every verdict.</summary>
    public static PurgeScope All { get; } = new(PurgeKind.All);

    /// <summary>Refusals and unknowns.</summary>
    public static PurgeScope Negatives { get; } = new(PurgeKind.Negatives);

    /// <summary>What it is about.</summary>
    public PurgeKind Kind { get; }

    /// <summary>Canonical: <c>domain</c>, or <c>.domain</c> for all its subdomains; empty for the other kinds.</summary>
    public string Domain { get; }

    /// <summary>How the addresses of <see cref="Domain"/> end, ASCII: <c>@domain</c> or <c>.domain</c>. No domain has an @, so an end within it is enough.</summary>
    internal string Suffix { get; }

    /// <summary>The verdicts of a domain, or of all subdomains of one; null where it is no domain.</summary>
    /// <param name="domain"><c>domain</c> or <c>.domain</c>, in any spelling.</param>
    public static PurgeScope? OfDomain(string domain)
    {
        ArgumentNullException.ThrowIfNull(domain);
        bool subdomains = domain.StartsWith('.');
        Span<byte> canonical = stackalloc byte[DomainName.MaxBytes];
        return DomainName.TryCanonicalize(Encoding.UTF8.GetBytes(subdomains ? domain[1..] : domain), canonical, out int length)
            ? new(PurgeKind.Domain, (subdomains ? "." : "") + Encoding.ASCII.GetString(canonical[..length]))
            : null;
    }

    /// <summary>Whether a verdict is to be forgotten.</summary>
    /// <param name="verdict">A verdict.</param>
    public bool Covers(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return Kind switch
        {
            PurgeKind.Domain => CoversAddress(verdict.Address),
            PurgeKind.Negatives => verdict.Status != VerdictStatus.Deliverable,
            _ => true,
        };
    }

    /// <summary>Whether an address is of <see cref="Domain"/>.</summary>
    /// <param name="address">Canonical address.</param>
    internal bool CoversAddress(ReadOnlySpan<byte> address) => Kind == PurgeKind.Domain && address.EndsWith(_suffix);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        PurgeKind.Domain => Domain,
        PurgeKind.Negatives => "negatives",
        _ => "all",
    };
}
