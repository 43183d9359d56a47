namespace RcptVerify.Configuration;

/// <summary>One thing wrong with the configuration.</summary>
/// <param name="Source">The file, the environment variable or the command line's <c>--route …</c>; control characters escaped.</param>
/// <param name="Line">Line in the file, from 1; 0 when the source has no lines.</param>
/// <param name="Column">Column in characters (Unicode code points), from 1; 0 when the source has no lines.</param>
/// <param name="Message">What is wrong and, where one is near, the right spelling. One line; control characters escaped.</param>
public sealed record ConfigurationError(string Source, int Line, int Column, string Message)
{
    /// <summary><c>file:3:5: message</c>, or <c>RCPTVERIFY__POLICY__LISTEN: message</c> where there is no line.</summary>
    public override string ToString() => $"{new Origin(Source, Line, Column)}: {Message}";
}
