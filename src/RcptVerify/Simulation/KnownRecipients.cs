using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace RcptVerify.Simulation;

/// <summary>
/// The mailboxes of the stand-in Exchange; may change while it runs. Addresses are compared without regard to case and in unquoted form.
/// A pattern (<c>user*@example.com</c>, <c>@example.com</c>) stands for as many addresses as one likes without a list of them.
/// </summary>
public sealed class KnownRecipients
{
    private readonly ConcurrentDictionary<string, bool> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private ImmutableArray<Pattern> _patterns = [];

    /// <summary>Whether <see cref="Add"/> takes it.</summary>
    public static bool IsEntry(string entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Pattern.IsWellFormed(entry);
    }

    /// <summary>Adds an address or a pattern.</summary>
    /// <exception cref="ArgumentException">No domain, or an asterisk in the domain, or more than one.</exception>
    public void Add(string entry)
    {
        if (Pattern.TryParse(entry, out Pattern? pattern))
            ImmutableInterlocked.Update(ref _patterns, static (all, one) => all.Contains(one) ? all : all.Add(one), pattern);
        else
            _addresses.TryAdd(entry, true);
    }

    /// <summary>Takes an address or a pattern away, written as it was added (case aside); false when it was not there.</summary>
    /// <exception cref="ArgumentException">See <see cref="Add"/>.</exception>
    public bool Remove(string entry) => Pattern.TryParse(entry, out Pattern? pattern)
        ? ImmutableInterlocked.Update(ref _patterns, static (all, one) => all.Remove(one), pattern)
        : _addresses.TryRemove(entry, out _);

    /// <summary>Whether <paramref name="address"/> (unquoted local part, <c>@</c>, domain) has a mailbox.</summary>
    public bool Contains(string address)
    {
        if (_addresses.ContainsKey(address))
            return true;

        foreach (Pattern pattern in _patterns)
        {
            if (pattern.Matches(address))
                return true;
        }

        return false;
    }

    /// <summary>Text before the asterisk and text after it, both in lower case so that equality ignores case as matching does.</summary>
    private sealed record Pattern(string Prefix, string Suffix)
    {
        public static bool TryParse(string entry, [NotNullWhen(true)] out Pattern? pattern)
        {
            int at = entry.LastIndexOf('@');
            int asterisk = entry.IndexOf('*', StringComparison.Ordinal);
            if (!IsWellFormed(entry))
                throw new ArgumentException($"'{entry}' is no address and no pattern such as user*@example.com or @example.com.", nameof(entry));

            string lower = entry.ToLowerInvariant();
            pattern = (at, asterisk) switch
            {
                (0, _) => new Pattern("", lower),
                (_, >= 0) => new Pattern(lower[..asterisk], lower[(asterisk + 1)..]),
                _ => null,
            };
            return pattern is not null;
        }

        public static bool IsWellFormed(string entry)
        {
            int at = entry.LastIndexOf('@');
            int asterisk = entry.IndexOf('*', StringComparison.Ordinal);
            return at >= 0 && at < entry.Length - 1 && asterisk <= at && asterisk == entry.LastIndexOf('*');
        }

        public bool Matches(string address) =>
            address.Length >= Prefix.Length + Suffix.Length
            && address.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            && address.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase);
    }
}
