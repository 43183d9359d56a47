using System.Text;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Expansion;

/// <summary>
/// Expands <c>$name</c>, <c>${name}</c>, <c>$(name)</c>, the conditional and comparing forms of postconf(5), as mac_parse(3) and
/// mac_expand(3) of Postfix do. Work and length are bounded: a value that doubles itself thirty times is an error, not a hang.
/// </summary>
internal sealed class ParameterExpander
{
    /// <summary>Deeper nesting is "unreasonable macro call nesting" for Postfix.</summary>
    public const int MaxDepth = 100;

    /// <summary>The longest text made, in characters.</summary>
    public const int MaxLength = 4 * 1024 * 1024;

    /// <summary>The most references followed for one value.</summary>
    public const int MaxReferences = 100_000;

    /// <summary>The error where a budget is used up.</summary>
    public const string BudgetError = "the values of the configuration refer to each other too often";

    private readonly Func<string, string?> _lookup;
    private readonly ExpansionBudget? _budget;
    private readonly List<string> _undefined = [];
    private int _references;
    private long _length;
    private string? _error;

    private ParameterExpander(Func<string, string?> lookup, ExpansionBudget? budget) => (_lookup, _budget) = (lookup, budget);

    /// <summary>Expands a value.</summary>
    /// <param name="value">What is written.</param>
    /// <param name="lookup">The raw value of a name, null when nobody defines it.</param>
    /// <param name="budget">How many references may be followed in all that shares it; null for any number.</param>
    public static ExpandedValue Expand(string value, Func<string, string?> lookup, ExpansionBudget? budget = null)
    {
        if (!value.Contains('$'))
            return new ExpandedValue(value, null, []);
        ParameterExpander expander = new(lookup, budget);
        StringBuilder text = new();
        expander.Append(text, value, 0);
        return new ExpandedValue(text.ToString(), expander._error, [.. expander._undefined.Distinct()]);
    }

    private void Append(StringBuilder text, ReadOnlySpan<char> value, int depth)
    {
        while (_error is null && !value.IsEmpty)
        {
            int dollar = value.IndexOf('$');
            ReadOnlySpan<char> literal = dollar < 0 ? value : value[..dollar];
            if ((_length += literal.Length + 1) > MaxLength)
            {
                _error = "the expanded value is too long";
                return;
            }

            text.Append(literal);
            if (dollar < 0)
                return;
            value = value[(dollar + 1)..];
            if (!value.IsEmpty && value[0] == '$')
            {
                text.Append('$');
                value = value[1..];
                continue;
            }

            value = value[Reference(text, value, depth)..];
        }
    }

    /// <summary>One reference.</summary>
    /// <param name="text">Takes what it stands for.</param>
    /// <param name="after">The text behind the dollar sign.</param>
    /// <param name="depth">How deep it is nested.</param>
    /// <returns>How much of <paramref name="after"/> it took.</returns>
    private int Reference(StringBuilder text, ReadOnlySpan<char> after, int depth)
    {
        if (depth > MaxDepth || ++_references > MaxReferences)
        {
            _error = depth > MaxDepth ? "unreasonable macro call nesting" : "the value refers to too many others";
            return after.Length;
        }

        if (_budget?.TryTake() == false)
        {
            _error = BudgetError;
            return after.Length;
        }

        if (!after.IsEmpty && after[0] is '{' or '(')
        {
            int end = Braces.End(after);
            if (end < 0)
            {
                _error = "truncated macro reference: \"$" + Excerpt(after) + "\"";
                return after.Length;
            }

            Inside(text, after[1..(end - 1)], depth);
            return end;
        }

        int name = NameLength(after);
        if (name == 0)
            _error = "empty macro name";
        else
            AppendValue(text, after[..name], depth);
        return name;
    }

    /// <summary>What stands between the braces of a reference.</summary>
    private void Inside(StringBuilder text, ReadOnlySpan<char> inside, int depth)
    {
        ReadOnlySpan<char> rest = inside.TrimStart(Blank.Signs);
        bool holds;
        ReadOnlySpan<char> name = default;
        if (!rest.IsEmpty && rest[0] == '{')
        {
            (holds, int taken) = Compare(rest, depth);
            rest = rest[taken..].TrimStart(Blank.Signs);
        }
        else
        {
            int length = NameLength(rest);
            name = rest[..length];
            rest = rest[length..].TrimStart(Blank.Signs);
            if (length == 0)
            {
                _error = "empty macro name";
                return;
            }

            if (!rest.IsEmpty && rest[0] == '{')
            {
                Function(text, rest, depth);
                return;
            }

            holds = !rest.IsEmpty && IsSet(name, depth);
        }

        if (_error is not null)
            return;
        if (rest.IsEmpty)
        {
            // A bare comparison is bool_true or nothing; a bare name is its value.
            if (name.IsEmpty)
                text.Append(holds ? "bool_true" : "");
            else
                AppendValue(text, name, depth);
            return;
        }

        Choose(text, rest, holds, depth);
    }

    /// <summary><c>?text</c>, <c>:text</c>, <c>?{a}:{b}</c>, <c>?{a}</c>, <c>:{b}</c>.</summary>
    private void Choose(StringBuilder text, ReadOnlySpan<char> choice, bool holds, int depth)
    {
        char sign = choice[0];
        if (sign is not ('?' or ':'))
        {
            _error = "bad macro syntax near \"" + Excerpt(choice) + "\"";
            return;
        }

        ReadOnlySpan<char> rest = choice[1..];
        ReadOnlySpan<char> trimmed = rest.TrimStart(Blank.Signs);
        if (trimmed.IsEmpty || trimmed[0] != '{')
        {
            if (holds == (sign == '?'))
                Append(text, rest, depth + 1);
            return;
        }

        ReadOnlySpan<char> first = Payload(ref trimmed);
        ReadOnlySpan<char> second = default;
        if (sign == '?' && !trimmed.IsEmpty && trimmed[0] == ':')
        {
            trimmed = trimmed[1..].TrimStart(Blank.Signs);
            second = !trimmed.IsEmpty && trimmed[0] == '{' ? Payload(ref trimmed) : trimmed;
            trimmed = default;
        }

        if (!trimmed.IsEmpty)
            _error ??= "unexpected text after \"}\": \"" + Excerpt(trimmed) + "\"";
        if (_error is null)
            Append(text, sign == '?' ? (holds ? first : second) : (holds ? default : first), depth + 1);
    }

    /// <summary><c>{a} operator {b}</c>.</summary>
    private (bool Holds, int Taken) Compare(ReadOnlySpan<char> comparison, int depth)
    {
        ReadOnlySpan<char> rest = comparison;
        ReadOnlySpan<char> left = Payload(ref rest);
        int length = rest.IndexOf('{');
        if (_error is not null || length < 0)
        {
            _error ??= "missing operand of a comparison: \"" + Excerpt(comparison) + "\"";
            return (false, comparison.Length);
        }

        string sign = rest[..length].Trim(Blank.Signs).ToString();
        rest = rest[length..];
        ReadOnlySpan<char> right = Payload(ref rest);
        if (_error is not null)
            return (false, comparison.Length);
        bool? result = Comparison.Evaluate(Sub(left, depth), sign, Sub(right, depth));
        if (result is null)
            _error ??= $"bad comparison operator or level: \"{sign}\"";
        return (result ?? false, comparison.Length - rest.Length);
    }

    /// <summary>Postfix 3.11 has functions on domain names; names here are ASCII, so they change nothing.</summary>
    private void Function(StringBuilder text, ReadOnlySpan<char> braced, int depth) => Append(text, Payload(ref braced), depth + 1);

    private ReadOnlySpan<char> Payload(scoped ref ReadOnlySpan<char> rest)
    {
        int end = Braces.End(rest);
        if (end < 0)
        {
            _error ??= "missing \"}\" after \"" + Excerpt(rest) + "\"";
            rest = default;
            return default;
        }

        ReadOnlySpan<char> payload = rest[1..(end - 1)].Trim(Blank.Signs);
        rest = rest[end..].TrimStart(Blank.Signs);
        return payload;
    }

    private string Sub(ReadOnlySpan<char> value, int depth)
    {
        StringBuilder text = new();
        Append(text, value, depth + 1);
        return text.ToString();
    }

    private bool IsSet(ReadOnlySpan<char> name, int depth) =>
        _lookup(name.ToString()) is string raw && Sub(raw, depth).Length > 0;

    private void AppendValue(StringBuilder text, ReadOnlySpan<char> name, int depth)
    {
        string key = name.ToString();
        if (_lookup(key) is string raw)
            Append(text, raw, depth + 1);
        else
            _undefined.Add(key);
    }

    private static int NameLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] == '_'))
            length++;
        return length;
    }

    private static string Excerpt(ReadOnlySpan<char> text) => text.Length > 60 ? string.Concat(text[..60], "…") : text.ToString();
}
