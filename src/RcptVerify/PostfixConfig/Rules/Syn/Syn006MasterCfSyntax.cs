using RcptVerify.Configuration;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Syn;

/// <summary>Lines of master.cf that master(8) or the program it starts does not take, or takes another way.</summary>
internal sealed class Syn006MasterCfSyntax : PostfixRule
{
    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (context.Configuration.Master is not MasterCf master)
            yield break;
        foreach (SyntaxError error in master.Errors)
            yield return Of(Severity.Error, Message(error), error.Position, LengthAt(error));
        Dictionary<string, MasterService> last = new(StringComparer.Ordinal);
        foreach (MasterService entry in master.Entries)
            last[entry.CanonicalId] = entry;
        foreach (MasterService entry in master.Entries)
        {
            if (!ReferenceEquals(last[entry.CanonicalId], entry))
            {
                yield return At(Severity.Error, "the same service is defined again further down: this line does nothing", entry) with
                {
                    Effective = Shown.Plain($"{last[entry.CanonicalId].Id} at {last[entry.CanonicalId].Position}"),
                };
            }

            if (entry.Overrides.FirstOrDefault(over => over.Braces) is ServiceOverride braced && !context.Postfix.IsAtLeast(3, 0))
                yield return Of(Severity.Error, "an option in braces is not known here: the program that reads it ends with a fatal error", braced.Position, braced.Name.Length, braced.Name);
            if (entry.Type == "unix-dgram" && !context.Postfix.IsAtLeast(3, 4))
                yield return At(Severity.Error, "the type unix-dgram is not known here: master(8) does not start", entry);
            if (entry.Type == "fifo" && context.Postfix.IsAtLeast(2, 10))
                yield return At(Severity.Notice, "the type fifo has given way to unix", entry) with { Fix = $"{Shown.Plain(entry.Name)} unix" };
        }
    }

    private Finding At(Severity severity, string message, MasterService entry) =>
        Of(severity, message, entry.Position, entry.Name.Length) with { Services = [entry.Id] };

    private static string Message(SyntaxError error) => error.Kind switch
    {
        SyntaxErrorKind.LeadingWhiteSpace => "the line begins with white space, and there is none before it to continue: master(8) does not start",
        SyntaxErrorKind.FieldCount => "the line has fewer than eight fields: master(8) does not start",
        SyntaxErrorKind.ServiceType => $"{Shown.Quoted(error.Detail)} is no type of a service: master(8) does not start",
        SyntaxErrorKind.FieldValue => $"{Shown.Quoted(error.Detail)} must not stand in this column: master(8) does not start",
        SyntaxErrorKind.OpenBrace => "a brace is never closed: master(8) does not start",
        _ => $"{Shown.Quoted(error.Detail)} is no name=value: the program that reads it ends with a fatal error",
    };

    /// <summary>What is wrong, as far as it stands on one line.</summary>
    private static int LengthAt(SyntaxError error)
    {
        int rest = error.Position.File.LineSpan(error.Position.Line).TrimEnd().Length - error.Position.Column + 1;
        return Math.Clamp(error.Detail.Length, 0, Math.Max(0, rest));
    }
}
