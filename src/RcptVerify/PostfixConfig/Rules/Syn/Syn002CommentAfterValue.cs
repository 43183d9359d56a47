using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>A remark behind a value, which Postfix takes for a part of it.</summary>
internal sealed class Syn002CommentAfterValue : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (WrittenValue written in context.Definitions.Remarked.Concat(context.Options))
        {
            if (Find(written, context) is not Remark remark)
                continue;
            ParameterKind kind = ParameterKind.Of(written.Name, context);
            (Severity severity, string message) = !kind.TakesText && kind.Type != ParameterType.Time
                ? (Severity.Error, "the remark is a part of the value, which is none then: programs that read it end with a fatal error")
                : kind.Type != ParameterType.Time ? (Severity.Warning, "the remark is a part of the value: each of its words counts")
                : EndsInUnit(remark.Value) ? (Severity.Notice, "the remark is a part of the value; only by accident is it not looked at")
                : (Severity.Error, "the remark is a part of the value, where a unit must stand: programs that read it end with a fatal error");
            int end = EndOfLine(written, remark.Offset);
            yield return Of(severity, message, written, (remark.Offset, end - remark.Offset)) with
            {
                Fix = end < written.Raw.Length ? "move it to a line of its own, above its line" : $"{written.Name} = {Shown.Plain(remark.Value)}",
                Edits = Moved(written, remark),
            };
        }
    }

    /// <summary>The remark behind a value; null for none.</summary>
    public static Remark? Find(WrittenValue written, RuleContext context) => !Remark.MayBeIn(written.Raw)
        ? null
        : Remark.Find(written.Name, written.Raw, ParameterKind.Of(written.Name, context).TakesText);

    /// <summary>Where the physical line ends that a remark stands on: what continues the value is no part of it for who wrote it.</summary>
    private static int EndOfLine(WrittenValue written, int offset)
    {
        (LogicalLine line, int start) = written.Entry is MainCfEntry entry ? (entry.Line, entry.ValueOffset) : (written.Override!.Line, written.Override.ValueOffset);
        LinePiece? next = line.Pieces?.FirstOrDefault(piece => piece.Offset > start + offset);
        return next is null ? written.Raw.Length : Math.Min(written.Raw.Length, next.Offset - start);
    }

    private static bool EndsInUnit(string value) => value.Length > 1 && "smhdw".Contains(value[^1], StringComparison.Ordinal) && char.IsAsciiDigit(value[^2]);

    /// <summary>The remark on a line of its own above the setting, where that is one line.</summary>
    private static IReadOnlyList<TextEdit> Moved(WrittenValue written, Remark remark)
    {
        if (written.Entry is not { Line.PieceCount: 1 } entry || remark.Text.Length == 0)
            return [];
        string end = entry.Line.File.Text.AsSpan(entry.Line.Start, entry.Line.End - entry.Line.Start).EndsWith("\r\n") ? "\r\n" : "\n";
        return [new TextEdit(entry.Line.File, entry.Line.Start, entry.Line.Start, $"# {remark.Text}{end}"), .. Edits.SetValue(written, remark.Value)];
    }
}
