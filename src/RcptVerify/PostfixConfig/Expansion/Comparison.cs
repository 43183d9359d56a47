using System.Globalization;

namespace RcptVerify.PostfixConfig.Expansion;

/// <summary>The comparing operators of <c>${{a} op {b} …}</c>, postconf(5).</summary>
internal static class Comparison
{
    /// <summary>Whether it holds; null for an operator that is none, or a level that is none.</summary>
    public static bool? Evaluate(string left, string sign, string right)
    {
        int? order = sign.EndsWith("level", StringComparison.Ordinal) ? Levels(left, right) : Plain(left, right);
        return (sign.EndsWith("level", StringComparison.Ordinal) ? sign[..^5] : sign, order) switch
        {
            (_, null) => null,
            ("==", int difference) => difference == 0,
            ("!=", int difference) => difference != 0,
            ("<", int difference) => difference < 0,
            ("<=", int difference) => difference <= 0,
            (">=", int difference) => difference >= 0,
            (">", int difference) => difference > 0,
            _ => null,
        };
    }

    private static int? Plain(string left, string right) =>
        IsNumber(left) && IsNumber(right)
            ? decimal.Parse(left, CultureInfo.InvariantCulture).CompareTo(decimal.Parse(right, CultureInfo.InvariantCulture))
            : string.CompareOrdinal(left, right);

    private static int? Levels(string left, string right) =>
        Level(left) is (int, int, int) first && Level(right) is (int, int, int) second ? first.CompareTo(second) : null;

    /// <summary>A compatibility level: major, or major.minor, or major.minor.patch.</summary>
    private static (int, int, int)? Level(string text)
    {
        string[] parts = text.Split('.');
        int[] numbers = new int[3];
        if (parts.Length > 3)
            return null;
        for (int at = 0; at < parts.Length; at++)
        {
            if (!int.TryParse(parts[at], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[at]))
                return null;
        }

        return (numbers[0], numbers[1], numbers[2]);
    }

    private static bool IsNumber(string text) => text.Length is > 0 and < 28 && text.All(char.IsAsciiDigit);
}
