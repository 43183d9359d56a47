using System.Globalization;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Dep;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>How small and how large a number or a time may be: check_mail_conf_int and check_mail_conf_time of Postfix.</summary>
/// <param name="Since">The first release with these limits.</param>
/// <param name="Least">The least, 0 for no limit; seconds for a time.</param>
/// <param name="Most">The greatest, 0 for no limit; seconds for a time.</param>
internal sealed record ParameterLimit(PostfixVersion Since, long Least, long Most)
{
    private const int LeastRefusal = 400;
    private const int MostRefusal = 599;

    private static readonly Lazy<Dictionary<string, List<ParameterLimit>>> Table = new(Read);

    /// <summary>What is wrong with a value that is a number or a time; null for nothing.</summary>
    /// <param name="type">What the parameter takes.</param>
    /// <param name="value">Its value.</param>
    /// <param name="postfix">The release.</param>
    public static string? Fault(ParameterType type, EffectiveValue value, PostfixVersion postfix)
    {
        bool isTime = type == ParameterType.Time;
        if ((!isTime && type != ParameterType.Integer) || !Table.Value.TryGetValue(value.Name, out List<ParameterLimit>? limits))
            return null;
        ParameterLimit? limit = limits.FindLast(one => one.Since <= postfix);
        if (limit is null || (isTime ? Seconds(value) : long.Parse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)) is not long number)
            return null;
        string unit = isTime ? "s" : "";
        return limit.Least != 0 && number < limit.Least ? $"is less than {limit.Least}{unit}"
            : limit.Most != 0 && number > limit.Most ? $"is more than {limit.Most}{unit}"
            : null;
    }

    /// <summary>
    /// Whether a number is the code of refusals and cannot be one. smtpd(8) sees it when it refuses, and answers 450 instead:
    /// smtpd_check_reject of smtpd_check.c. Codes that have limits mean something below 400, too.
    /// </summary>
    public static bool IsNoRefusal(EffectiveValue value) =>
        (value.Name is "reject_code" or "defer_code" || value.Name.EndsWith("_reject_code", StringComparison.Ordinal) || value.Name.EndsWith("_defer_code", StringComparison.Ordinal))
        && !Table.Value.ContainsKey(value.Name)
        && value.Error is null
        && !(int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int code) && code is >= LeastRefusal and <= MostRefusal);

    /// <summary>Without a unit the number has that of the default.</summary>
    private static long? Seconds(EffectiveValue value)
    {
        string text = value.Text.TrimStart('+');
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits >= 0)
            return DefaultValue.Seconds(text[..(digits + 1)]);
        string? standard = PostfixDefaults.Find(value.Name)?.Entries[0].Value;
        return DefaultValue.Seconds(standard is { Length: > 0 } && char.IsAsciiLetter(standard[^1]) ? text + standard[^1] : text);
    }

    private static Dictionary<string, List<ParameterLimit>> Read()
    {
        Dictionary<string, List<ParameterLimit>> table = new(StringComparer.Ordinal);
        foreach (string line in EmbeddedText.Read("PostfixConfig/limits.tsv").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] fields = line.Split('\t');
            if (!table.TryGetValue(fields[0], out List<ParameterLimit>? limits))
                table[fields[0]] = limits = [];
            limits.Add(new ParameterLimit(
                PostfixVersion.Numbers(fields[2]),
                long.Parse(fields[3], CultureInfo.InvariantCulture),
                long.Parse(fields[4], CultureInfo.InvariantCulture)));
        }

        return table;
    }
}
