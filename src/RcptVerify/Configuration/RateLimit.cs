using System.Globalization;

namespace RcptVerify.Configuration;

/// <summary>So many of something in so much time, written <c>100/1h</c>.</summary>
/// <param name="Count">How many, at least 1.</param>
/// <param name="Period">In which time, at least one second, at most one day.</param>
public sealed record RateLimit(int Count, TimeSpan Period)
{
    /// <summary>Reads <c>COUNT/PERIOD</c>, the period in Postfix's units.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RateLimit? limit)
    {
        limit = null;
        int slash = text.IndexOf('/');
        if (slash < 0
            || !int.TryParse(text[..slash], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count < 1
            || !PostfixDuration.TryParse(text[(slash + 1)..], out TimeSpan period)
            || period < TimeSpan.FromSeconds(1) || period > TimeSpan.FromDays(1))
        {
            return false;
        }
        limit = new RateLimit(count, period);
        return true;
    }

    /// <summary>The notation it was read from.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count}/{PostfixDuration.Format(Period)}");
}
