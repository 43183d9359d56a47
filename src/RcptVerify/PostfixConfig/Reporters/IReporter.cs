using RcptVerify.PostfixConfig.Linting;

namespace RcptVerify.PostfixConfig.Reporters;

/// <summary>Prints a report in one format.</summary>
internal interface IReporter
{
    /// <summary>Prints it whole; the writer is not flushed.</summary>
    void Write(LintReport report, TextWriter output);
}
