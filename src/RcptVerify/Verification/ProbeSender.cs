using System.Buffers;
using System.Text;

namespace RcptVerify.Verification;

/// <summary>
/// The reverse-path of probes, which can change with time so that nobody can make use of it for long: Postfix's
/// <c>address_verify_sender_ttl</c> (verify_sender_addr.c). To the local part is appended, without a delimiter, the number
/// of the time slot (Unix seconds divided by the time to live) to base 31: digits and consonants, so that it spells no word.
/// </summary>
/// <param name="Address">The address without time, or empty for the null sender, which never changes.</param>
/// <param name="Ttl">Length of a time slot in whole seconds; zero: the address never changes.</param>
public readonly record struct ProbeSender(string Address, TimeSpan Ttl)
{
    /// <summary>Postfix: safe_ultostr.c, the first 31 of its characters.</summary>
    private const string Alphabet = "0123456789BCDFGHJKLMNPQRSTVWXYZ";

    private static readonly SearchValues<byte> LowerOrUpper = SearchValues.Create("0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"u8);

    /// <summary>Whether it is the same at all times.</summary>
    public bool IsConstant => Ttl < TimeSpan.FromSeconds(1) || Address.Length == 0;

    /// <summary>The sender to use now.</summary>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public string SenderAt(long now)
    {
        if (IsConstant)
            return Address;
        int at = LocalPartLength;
        return string.Concat(Address.AsSpan(0, at), ToBase31(SlotAt(now)), Address.AsSpan(at));
    }

    /// <summary>
    /// Whether a message's sender is this one: of the current time slot or a neighbouring one, as Postfix accepts it; letter
    /// case does not count. Never for the null sender, which all bounces have. No allocation.
    /// </summary>
    /// <param name="sender">Internal form, without angle brackets.</param>
    /// <param name="now">The clock, in Unix milliseconds.</param>
    public bool IsOurs(ReadOnlySpan<byte> sender, long now)
    {
        if (sender.IsEmpty || Address.Length == 0)
            return false;
        if (IsConstant)
            return Ascii.EqualsIgnoreCase(sender, Address);
        int at = LocalPartLength;
        int slotLength = sender.Length - Address.Length;
        return slotLength > 0
            && Ascii.EqualsIgnoreCase(sender[..at], Address.AsSpan(0, at))
            && Ascii.EqualsIgnoreCase(sender[(at + slotLength)..], Address.AsSpan(at))
            && TryFromBase31(sender.Slice(at, slotLength), out long slot)
            && Math.Abs(slot - SlotAt(now)) <= 1;
    }

    private int LocalPartLength => Address.LastIndexOf('@') is var at and >= 0 ? at : Address.Length;

    private long SlotAt(long now) => Math.Max(now, 0) / TimeSpan.MillisecondsPerSecond / (Ttl.Ticks / TimeSpan.TicksPerSecond);

    private static ReadOnlySpan<char> ToBase31(long slot)
    {
        char[] digits = new char[13]; // 31^13 is more than a long holds
        int first = digits.Length;
        do
        {
            digits[--first] = Alphabet[(int)(slot % Alphabet.Length)];
            slot /= Alphabet.Length;
        }
        while (slot > 0);
        return digits.AsSpan(first);
    }

    private static bool TryFromBase31(ReadOnlySpan<byte> digits, out long slot)
    {
        slot = 0;
        if (digits.Length > 12 || digits.ContainsAnyExcept(LowerOrUpper))
            return false;
        foreach (byte digit in digits)
            slot = (slot * Alphabet.Length) + Alphabet.IndexOf((char)digit, StringComparison.OrdinalIgnoreCase);
        return true;
    }
}
