using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace RcptVerify.PostfixConfig.Ciphers;

/// <summary>OpenSSL's cipher string language, ciphers(1): ssl_create_cipher_list of ssl_ciph.c.</summary>
internal sealed class CipherString
{
    private const string DefaultList = "ALL:!COMPLEMENTOFDEFAULT:!eNULL";
    private static readonly int[] MinimumBits = [0, 80, 112, 128, 192, 256];

    /// <summary>More strings than that are no one configuration's.</summary>
    private const int MostKept = 500;

    /// <summary>Longer strings are not kept, characters.</summary>
    private const int LongestKept = 2000;

    /// <summary>Strings that nobody writes are not evaluated: what they select is not known here. Characters.</summary>
    public const int Longest = 100_000;

    /// <summary>What strings selected at level 0 of a library's suites: services and releases share most of them.</summary>
    private static readonly ConditionalWeakTable<IReadOnlyList<CipherSuite>, ConcurrentDictionary<string, CipherSuite[]>> Kept = [];

    /// <summary>The suites of a library by their names.</summary>
    private static readonly ConditionalWeakTable<IReadOnlyList<CipherSuite>, Dictionary<string, CipherPattern>> Names = [];

    /// <summary>Stands for a string that OpenSSL refuses.</summary>
    private static readonly CipherSuite[] Refused = new CipherSuite[1];

    private readonly CipherOrder _order;
    private readonly IReadOnlyList<CipherSuite> _known;
    private readonly Dictionary<string, CipherPattern> _names;
    private readonly string _text;
    private int _at;
    private int _level;
    private bool _valid = true;

    private CipherString(string text, IReadOnlyList<CipherSuite> suites, int level)
    {
        _text = text;
        _known = suites;
        _names = Names.GetValue(suites, NamesOf);
        _level = level;
        _order = new CipherOrder(suites);
    }

    /// <summary>The suites a string selects, in order.</summary>
    /// <param name="text">The cipher string.</param>
    /// <param name="suites">What the library has.</param>
    /// <param name="securityLevel">Where the string does not set one; Postfix sets 0.</param>
    /// <returns>The suites Postfix can use; null when OpenSSL refuses the string. TLS 1.3 is none of its business.</returns>
    public static IReadOnlyList<CipherSuite>? Evaluate(string text, IReadOnlyList<CipherSuite> suites, int securityLevel = 0)
    {
        if (securityLevel != 0)
            return EvaluateAnew(text, suites, securityLevel);
        if (text.Length > LongestKept)
            return EvaluateAnew(text, suites, securityLevel);
        ConcurrentDictionary<string, CipherSuite[]> kept = Kept.GetValue(suites, _ => new(StringComparer.Ordinal));
        if (!kept.TryGetValue(text, out CipherSuite[]? selected))
        {
            selected = EvaluateAnew(text, suites, securityLevel) ?? Refused;
            if (kept.Count >= MostKept)
                kept.Clear();
            kept[text] = selected;
        }

        return ReferenceEquals(selected, Refused) ? null : selected;
    }

    private static CipherSuite[]? EvaluateAnew(string text, IReadOnlyList<CipherSuite> suites, int securityLevel)
    {
        CipherString list = new(SuiteB(text), suites, securityLevel);
        list.Run();
        IReadOnlyList<CipherSuite> active = list._order.Active;
        return list._valid && active.Count > 0 ? active.Where(suite => suite.IsUsable && list.IsStrongEnough(suite)).ToArray() : null;
    }

    private static string SuiteB(string text)
    {
        const string Strong = "ECDHE-ECDSA-AES256-GCM-SHA384";
        const string Usual = "ECDHE-ECDSA-AES128-GCM-SHA256";
        return text.StartsWith("SUITEB128ONLY", StringComparison.Ordinal) ? Usual
            : text.StartsWith("SUITEB128", StringComparison.Ordinal) ? $"{Usual}:{Strong}"
            : text.StartsWith("SUITEB192", StringComparison.Ordinal) ? Strong
            : text;
    }

    private void Run()
    {
        if (_text.StartsWith("DEFAULT", StringComparison.Ordinal))
        {
            CipherString inner = new(DefaultList, _known, _level, _order);
            inner.Run();
            _at = 7;
            if (_at < _text.Length && _text[_at] == ':')
                _at++;
        }

        while (_at < _text.Length)
            Command();
    }

    private CipherString(string text, IReadOnlyList<CipherSuite> suites, int level, CipherOrder order)
    {
        _text = text;
        _known = suites;
        _names = Names.GetValue(suites, NamesOf);
        _level = level;
        _order = order;
    }

    private void Command()
    {
        char command = _text[_at];
        if ("-+!@".Contains(command))
            _at++;
        else
            command = ' ';
        if (_at < _text.Length && IsSeparator(_text[_at]))
        {
            _at++;
            return;
        }

        CipherPattern? pattern = null;
        string word = "";
        bool found = false;
        for (bool more = true; more;)
        {
            word = Word();
            if (word.Length == 0)
            {
                // Neither a command nor a separator nor a word: OpenSSL refuses the whole string.
                _valid = found = false;
                _at++;
                break;
            }

            if (command == '@')
                break;
            more = _at < _text.Length && _text[_at] == '+';
            if (more)
                _at++;
            CipherPattern? next = Find(word);
            pattern = next is null ? null : pattern is null ? next : pattern.And(next);
            found = pattern is not null;
            if (!found)
                break;
        }

        if (command == '@')
            Special(word);
        else if (found)
            Apply(command, pattern!.Selects);
        if (command == '@' || !found)
            SkipRest();
    }

    private void Apply(char command, Func<CipherSuite, bool> selects)
    {
        switch (command)
        {
            case '!':
                _order.Kill(selects);
                break;
            case '-':
                _order.Delete(selects);
                break;
            case '+':
                _order.Order(selects);
                break;
            default:
                _order.Add(selects);
                break;
        }
    }

    private void Special(string word)
    {
        if (word == "STRENGTH")
            _order.SortByStrength();
        else if (word.Length == 10 && word.StartsWith("SECLEVEL=", StringComparison.Ordinal) && word[9] is >= '0' and <= '5')
            _level = word[9] - '0';
        else
            _valid = false;
    }

    private CipherPattern? Find(string word) => _names.GetValueOrDefault(word) ?? CipherAliases.Find(word);

    private static Dictionary<string, CipherPattern> NamesOf(IReadOnlyList<CipherSuite> suites)
    {
        Dictionary<string, CipherPattern> names = new(StringComparer.Ordinal);
        foreach (CipherSuite suite in suites)
            names.TryAdd(suite.Name, CipherPattern.Of(suite));
        return names;
    }

    private string Word()
    {
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || "-_.=".Contains(_text[_at])))
            _at++;
        return _text[start.._at];
    }

    private void SkipRest()
    {
        while (_at < _text.Length && !IsSeparator(_text[_at]))
            _at++;
    }

    private static bool IsSeparator(char sign) => sign is ':' or ' ' or ';' or ',';

    /// <summary>ssl_security_default_callback of OpenSSL 3.0, as far as it looks at suites.</summary>
    private bool IsStrongEnough(CipherSuite suite) => _level == 0 ||
        (suite.Bits >= MinimumBits[_level] && !suite.IsAnonymous && suite.Mac != "MD5" &&
            !(_level >= 4 && suite.Mac == "SHA1") && (_level < 3 || suite.IsForwardSecret && suite.IsUsable));
}
