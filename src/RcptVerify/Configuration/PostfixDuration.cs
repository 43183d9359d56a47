using System.Globalization;

namespace RcptVerify.Configuration;

/// <summary>
/// Durations as Postfix writes them: a whole number and at most one unit, <c>s m h d w</c>; a bare number counts seconds
/// (postconf(5), "time units"; Postfix's src/global/conv_time.c).
/// </summary>
public static class PostfixDuration
{
    /// <summary>The longest duration read: ten years. Beyond it, sums of times could overflow.</summary>
    public static readonly TimeSpan Max = TimeSpan.FromDays(3650);

    private static readonly (char Suffix, long Seconds)[] Units = [('d', 86400), ('h', 3600), ('m', 60), ('s', 1)];

    /// <summary>Reads <c>30s</c>, <c>5m</c>, <c>3h</c>, <c>7d</c>, <c>1w</c> or <c>90</c>. No sign, no fraction, no blanks.</summary>
    /// <returns>False for anything else, and for more than <see cref="Max"/>.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        long factor = text is [] ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
        ReadOnlySpan<char> digits = factor == 0 ? text : text[..^1];
        if (!int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count))
            return false;
        long seconds = count * Math.Max(factor, 1);
        if (seconds > (long)Max.TotalSeconds)
            return false;
        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>The shortest exact notation in days, hours, minutes or seconds: <c>20m</c>, not <c>1200s</c>. Reads back the same.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Negative, above <see cref="Max"/>, or not a whole number of seconds: Postfix has no notation for it.
    /// </exception>
    public static string Format(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(duration, Max);
        ArgumentOutOfRangeException.ThrowIfNotEqual(duration.Ticks % TimeSpan.TicksPerSecond, 0, nameof(duration));
        long seconds = duration.Ticks / TimeSpan.TicksPerSecond;
        (char suffix, long size) = seconds == 0 ? Units[^1] : Array.Find(Units, unit => seconds % unit.Seconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds / size}{suffix}");
    }
}
