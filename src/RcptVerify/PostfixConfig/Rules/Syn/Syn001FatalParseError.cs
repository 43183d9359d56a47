using System.Text.RegularExpressions;
using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Expansion;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>Lines and values that Postfix cannot take apart.</summary>
internal sealed partial class Syn001FatalParseError : PostfixRule
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>More circles than that nobody reads.</summary>
    private const int MostCircles = 20;

    /// <summary>A circle of more names is not looked for.</summary>
    private const int MostSteps = 2000;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (Finding finding in context.Configuration.Files.SelectMany(Unseen))
            yield return finding;
        foreach (SyntaxError error in context.Configuration.Main.Errors)
        {
            if (error.Detail.StartsWith(ByteOrderMark))
                continue;
            string message = error.Kind switch
            {
                SyntaxErrorKind.LeadingWhiteSpace => "the line begins with white space, and there is none before it to continue: Postfix does not start",
                SyntaxErrorKind.MissingName => "there is no name before the \"=\": Postfix does not start",
                _ => $"there is no \"=\" behind the name in {Shown.Quoted(error.Detail)}: Postfix does not start",
            };
            yield return Of(Severity.Error, message, new SourcePosition(error.Position.File, error.Position.Line, 1), LengthAt(error.Position));
        }

        foreach (WrittenValue written in context.Definitions.Feigned.Concat(context.Options.Where(option => Blank.HasFeigned(option.Name))))
        {
            if (Feigned(written.Name) is char space)
            {
                yield return Of(Severity.Error, $"the name has a character that looks like a space and is none (U+{(int)space:X4}): no parameter of Postfix is set here", written.Position, written.Name.Length, written.Name) with
                {
                    Fix = "write a space, or nothing",
                };
            }
        }

        int circles = 0;
        foreach (WrittenValue written in context.WithReference)
        {
            if (RawParameters.Contains(written.Name))
                continue;
            EffectiveValue value = context.Evaluate(written);
            if (value.Error == ParameterExpander.BudgetError)
            {
                yield return Of(Severity.Error, $"{value.Error}: this and what follows is not expanded here, and not judged", written) with { Effective = "not known" };
                yield break;
            }

            if (Unknown(written.Raw, context) is string unknown)
                yield return Of(Severity.Error, unknown, written) with { Effective = "cannot be expanded" };
            else if (ParameterExpander.Expand(written.Raw, _ => "1").Error is string own)
                yield return Of(Severity.Error, $"the value cannot be expanded ({Shown.Plain(own)}): programs that read it do not start", written) with { Effective = "cannot be expanded" };
            else if (value.Error is not null && circles++ < MostCircles && RefersToItself(context, written))
                yield return Of(Severity.Error, "the value refers to itself, by way of others or not: programs that read it do not start", written) with { Effective = "cannot be expanded" };
        }
    }

    /// <summary>What an editor does not show and Postfix, which reads bytes, takes for a part of the text, or for its end.</summary>
    private IEnumerable<Finding> Unseen(SourceFile file)
    {
        if (file.Text.StartsWith(ByteOrderMark))
        {
            yield return Of(Severity.Error, "the file begins with a byte order mark, a part of its first word for Postfix: the first line is lost, or Postfix does not start", new SourcePosition(file, 1, 1), 1) with
            {
                Fix = "save the file as UTF-8 without a byte order mark",
            };
        }

        int zero = file.Text.IndexOf('\0', StringComparison.Ordinal);
        if (zero >= 0)
        {
            yield return Of(Severity.Error, "a NUL character ends a text for Postfix: what is behind it on the line is lost", file.PositionAt(zero), 1) with
            {
                Fix = "delete the character",
            };
        }
    }

    /// <summary>The first such character, a byte order mark of the file aside.</summary>
    private static char? Feigned(string name)
    {
        foreach (char sign in name)
        {
            if (sign != ByteOrderMark && Blank.IsFeigned(sign))
                return sign;
        }

        return null;
    }

    /// <summary>What the release has no such form of; null when it has.</summary>
    private static string? Unknown(string raw, RuleContext context)
    {
        if (!context.Postfix.IsAtLeast(3, 0) && NewForm().IsMatch(raw))
            return "conditions with braces are not known here: the value cannot be expanded as it is meant";
        return !context.Postfix.IsAtLeast(3, 6) && LevelForm().IsMatch(raw)
            ? "comparisons of levels are not known here: the value cannot be expanded, and programs that read it do not start"
            : null;
    }

    private static bool RefersToItself(RuleContext context, WrittenValue written)
    {
        HashSet<string> seen = [];
        Stack<string> next = new(NameReferences.Of(written.Raw).Select(reference => reference.Name));
        EffectiveParameters parameters = written.Service?.Parameters ?? context.Main;
        while (seen.Count < MostSteps && next.TryPop(out string? name))
        {
            if (name == written.Name)
                return true;
            if (!seen.Add(name))
                continue;
            foreach ((string other, _, _) in NameReferences.Of(parameters.Raw(name) ?? ""))
                next.Push(other);
        }

        return false;
    }

    private static int LengthAt(SourcePosition position) => position.File.LineSpan(position.Line).TrimEnd().Length;

    [GeneratedRegex(@"\$\{\s*\{|\$\{\s*\w+\s*[?:]\s*\{", RegexOptions.CultureInvariant)]
    private static partial Regex NewForm();

    [GeneratedRegex(@"\}\s*[<>=!]=?level\s*\{", RegexOptions.CultureInvariant)]
    private static partial Regex LevelForm();
}
