using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Syntax;
using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// A TOML file with one table: <c>[severity]</c>, <c>RV-PRO-003 = "notice"</c>; <c>"none"</c> switches a rule off.
/// </summary>
internal static class SeverityFile
{
    /// <summary>Larger files are not read, bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const string Table = "severity";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="errors">Gets what is wrong, as <c>file:line:column: text</c>.</param>
    public static IReadOnlyDictionary<string, Severity> Read(string path, List<string> errors)
    {
        try
        {
            return Parse(BoundedFile.ReadText(path, MaxBytes).TrimStart('\uFEFF'), path, errors);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            errors.Add($"{(path.Length == 0 ? "--severities" : path)}: {e.Message}");
        }

        return new Dictionary<string, Severity>();
    }

    /// <summary>Reads a text.</summary>
    public static IReadOnlyDictionary<string, Severity> Parse(string text, string source, List<string> errors)
    {
        Dictionary<string, Severity> severities = new(StringComparer.Ordinal);
        DocumentSyntax document;
        try
        {
            // Tomlyn 2.10.2 wants a line end behind an escape sequence.
            document = SyntaxParser.Parse(text + '\n', source, validate: false);
        }
        catch (TomlException e)
        {
            errors.Add($"{source}: {e.Message}");
            return severities;
        }

        foreach (DiagnosticMessage message in document.Diagnostics)
            errors.Add($"{source}:{message.Span.Start.Line + 1}:{message.Span.Start.Column + 1}: {message.Message}");
        if (errors.Count > 0)
            return severities;
        foreach (KeyValueSyntax pair in document.KeyValues)
            Complain(pair, $"only the table [{Table}] is known");
        foreach (TableSyntaxBase table in document.Tables)
        {
            if (NameOf(table.Name?.Key) != Table || table.Name!.DotKeys.Any() || table is TableArraySyntax)
            {
                Complain(table, $"only the table [{Table}] is known");
                continue;
            }

            foreach (KeyValueSyntax pair in table.Items)
                Take(pair);
        }

        return severities;

        void Complain(SyntaxNode node, string fault) =>
            errors.Add($"{source}:{node.Span.Start.Line + 1}:{node.Span.Start.Column + 1}: {fault}");

        void Take(KeyValueSyntax pair)
        {
            string id = RuleCatalogue.Normalize(NameOf(pair.Key?.Key) ?? "");
            if (pair.Key?.DotKeys.Any() == true || !RuleCatalogue.TryGetName(id, out _))
                Complain(pair, $"there is no rule \"{id}\"{Spelling.Hint(id, RuleCatalogue.Ids)}");
            else if (pair.Value is not StringValueSyntax { Value: string name } || Severities.Parse(name) is not Severity severity)
                Complain(pair, $"a severity is one of {Severities.All}");
            else if (!severities.TryAdd(id, severity))
                Complain(pair, $"{id} is set twice");
        }
    }

    private static string? NameOf(BareKeyOrStringValueSyntax? name) => name switch
    {
        BareKeySyntax bare => bare.Key?.Text,
        StringValueSyntax quoted => quoted.Value,
        _ => null,
    };
}
