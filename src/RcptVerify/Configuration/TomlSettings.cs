using System.Globalization;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace RcptVerify.Configuration;

/// <summary>
/// Reads settings from TOML text. Tomlyn gives the syntax tree with positions (TOML 1.0); which names exist, where they may stand
/// and what is set twice is decided here, so that one run reports everything. Tables may be written in any of TOML's ways:
/// <c>[policy]</c>, <c>policy.listen = …</c>, <c>policy = { listen = … }</c>, <c>[[route]]</c>, <c>route = [{ … }]</c>.
/// </summary>
internal sealed class TomlSettings(string source, SettingStore store, ErrorList errors)
{
    private readonly Dictionary<string, Origin> _sections = new(StringComparer.Ordinal);
    private SyntaxErrors _syntaxErrors = new([]);
    private string _text = "";

    /// <summary>Adds what the text sets to the store, and what is wrong with it to the errors.</summary>
    /// <returns>
    /// Whether it is TOML. Where it is not, what stands behind the first place that is none is guesswork: nothing is said of it, and
    /// nothing that the text lacks is to be complained of.
    /// </returns>
    public bool Read(string text)
    {
        _text = text;
        errors.Announce(source);
        DocumentSyntax document;
        try
        {
            // The line end keeps Tomlyn 2.10.2 from throwing ArgumentOutOfRangeException where a text ends inside an escape sequence.
            document = SyntaxParser.Parse(text + '\n', source, validate: false);
        }
        catch (TomlException)
        {
            // Mistakes come as diagnostics; only nesting beyond 64 is thrown, without a place.
            errors.Add(Origin.Whole(source), "lists or tables are nested more than 64 deep");
            return false;
        }
        _syntaxErrors = new SyntaxErrors(document.Diagnostics);
        foreach (KeyValueSyntax pair in document.KeyValues)
            ReadOutside(pair);
        foreach (TableSyntaxBase table in document.Tables)
            ReadTable(table);
        foreach (DiagnosticMessage message in _syntaxErrors.TakeRest())
            errors.Add(At(message.Span), Shown.Plain(message.Message));
        if (_syntaxErrors.First is not { } first)
            return true;
        errors.DropBehind(At(first.Span));
        return false;
    }

    private void ReadTable(TableSyntaxBase table)
    {
        string[] names = NamesOf(table.Name);
        if (names.Length == 0 || table.Name is null)
            return;
        Origin origin = At(table.Name.Span);
        string section = names[0];
        if (section == SectionNames.Route && names.Length == 1)
        {
            if (table is not TableArraySyntax)
                errors.Add(origin, "routes are a list: write [[route]]");
            ReadPairs(table.Items, SectionNames.Route, store.AddRoute(origin));
            return;
        }
        if (!IsSection(section))
            errors.Add(origin, UnknownKey.Section(section));
        else if (names.Length > 1)
            errors.Add(origin, $"[{section}] has no subsections, found {Shown.Quoted(string.Join('.', names))}");
        else if (table is TableArraySyntax)
            errors.Add(origin, $"\"{section}\" is not a list: write [{section}]");
        else if (!_sections.TryAdd(section, origin))
            errors.Add(origin, $"[{section}] is already opened at {_sections[section]}");
        else
            ReadPairs(table.Items, section, store.Sections);
    }

    private void ReadPairs(IEnumerable<KeyValueSyntax> pairs, string section, SettingScope scope)
    {
        foreach (KeyValueSyntax pair in pairs)
            Assign(scope, section, NamesOf(pair.Key), pair);
    }

    private void ReadOutside(KeyValueSyntax pair)
    {
        string[] names = NamesOf(pair.Key);
        if (names.Length == 0 || pair.Key is null)
            return;
        Origin origin = At(pair.Key.Span);
        string section = names[0];
        if (!IsSection(section))
            errors.Add(origin, UnknownKey.OutsideSections(string.Join('.', names)));
        else if (section == SectionNames.Route)
            ReadRouteList(pair, origin);
        else if (names.Length > 1)
            Assign(store.Sections, section, names[1..], pair);
        else if (pair.Value is InlineTableSyntax table)
            ReadPairs(PairsOf(table), section, store.Sections);
        else
            errors.Add(origin, $"\"{section}\" is a section: write [{section}]");
    }

    private void ReadRouteList(KeyValueSyntax pair, Origin origin)
    {
        List<ValueSyntax?>? items = pair.Value is ArraySyntax array ? [.. ItemsOf(array)] : null;
        if (items is null || items.Exists(item => item is not InlineTableSyntax))
        {
            errors.Add(origin, "routes are a list: write [[route]]");
            return;
        }
        foreach (InlineTableSyntax table in items.OfType<InlineTableSyntax>())
            ReadPairs(PairsOf(table), SectionNames.Route, store.AddRoute(At(table.Span)));
    }

    private void Assign(SettingScope scope, string section, string[] names, KeyValueSyntax pair)
    {
        if (names.Length == 0 || pair.Key is null)
            return;
        Origin origin = At(pair.Key.Span);
        string name = string.Join('.', names);
        Key? key = Keys.Find(section, name);
        DiagnosticMessage? broken = _syntaxErrors.TakeFirstIn(pair.Span);
        if (broken is not null)
            errors.Add(At(broken.Span), Worded(broken, key) + (key is null ? "" : $"; \"{name}\" is {key.TypeDescription}"));
        if (key is null)
            errors.Add(origin, UnknownKey.InSection(section, name));
        else
            scope.Set(key, origin, broken is null && pair.Value is not null ? ToRaw(pair.Value) : null, errors);
    }

    private string Worded(DiagnosticMessage broken, Key? key) =>
        key is { TakesText: true } && UnquotedText.At(_text, broken.Span.Start.Offset) is { } words ? $"put it in quotes: {Shown.Quoted(words)}" : Shown.Plain(broken.Message);

    private RawValue ToRaw(ValueSyntax value)
    {
        Origin origin = At(value.Span);
        return value switch
        {
            StringValueSyntax text => new(origin, ValueShape.Text, text.Value ?? "", []),
            IntegerValueSyntax number => new(origin, ValueShape.Integer, number.Value.ToString(CultureInfo.InvariantCulture), []),
            BooleanValueSyntax flag => new(origin, ValueShape.Boolean, flag.Value ? "true" : "false", []),
            ArraySyntax array => new(origin, ValueShape.List, "", [.. ItemsOf(array).OfType<ValueSyntax>().Select(ToRaw)]),
            FloatValueSyntax => new(origin, ValueShape.Float, "", []),
            InlineTableSyntax => new(origin, ValueShape.Table, "", []),
            _ => new(origin, ValueShape.Date, "", []),
        };
    }

    private static bool IsSection(string name) => SectionNames.All.Any(section => section.Name == name);

    private static IEnumerable<ValueSyntax?> ItemsOf(ArraySyntax array) => array.Items.Select(item => item.Value);

    private static IEnumerable<KeyValueSyntax> PairsOf(InlineTableSyntax table) =>
        table.Items.Select(item => item.KeyValue).OfType<KeyValueSyntax>();

    private static string[] NamesOf(KeySyntax? key)
    {
        if (key is null)
            return [];
        IEnumerable<string?> names = [NameOf(key.Key), .. key.DotKeys.Select(dotted => NameOf(dotted.Key))];
        return [.. names.OfType<string>()];
    }

    private static string? NameOf(BareKeyOrStringValueSyntax? name) => name switch
    {
        BareKeySyntax bare => bare.Key?.Text,
        StringValueSyntax quoted => quoted.Value,
        _ => null,
    };

    private Origin At(SourceSpan span) => new(source, span.Start.Line + 1, span.Start.Column + 1);
}
