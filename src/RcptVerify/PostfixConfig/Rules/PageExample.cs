namespace RcptVerify.PostfixConfig.Rules;

/// <summary>
/// A small configuration that the rule must find (bad) or must not (good). Written as code fences whose first line is
/// <c>```main.cf bad postfix=3.5</c>: the file, bad or good, and settings of the check.
/// </summary>
/// <remarks>
/// A fence for another file continues the example before it, a second one for the same file begins the next example. What an example
/// lacks is what an empty main.cf and Postfix's stock master.cf say. Settings: <c>postfix</c>, <c>openssl</c>, <c>platform</c>,
/// <c>role</c> and <c>profile</c> as on the command line, <c>severity</c>: what the finding must be, <c>present</c>: a file that the
/// check sees, <c>absent</c>: one that it does not.
/// </remarks>
/// <param name="IsBad">Whether the rule must find something.</param>
/// <param name="Settings">Settings by name.</param>
/// <param name="Files">Contents by file name: <c>main.cf</c>, <c>master.cf</c>, or <c>tlsa</c> for TLSA records.</param>
internal sealed record PageExample(bool IsBad, IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> Files);
