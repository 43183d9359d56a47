using RcptVerify.Verification;

namespace RcptVerify.Configuration;

/// <summary>The <c>[reply]</c> section: what callers are told.</summary>
public sealed record ReplyOptions
{
    /// <summary>
    /// The reply for a recipient that does not exist: code, enhanced code of the same class, printable ASCII; at most 510 characters.
    /// Default <c>550 5.1.1 User unknown</c>.
    /// </summary>
    public string UnknownUser { get; init; } = Keys.Replies.UnknownUser.DefaultValue;

    /// <summary>The policy action while the truth is unknown. Default <see cref="TempfailAction.DeferIfPermit"/>.</summary>
    public TempfailAction TempfailAction { get; init; } = Keys.Replies.TempfailAction.DefaultValue;

    /// <summary>Accept everything and only log what would have been said. Default false.</summary>
    public bool DryRun { get; init; } = Keys.Replies.DryRun.DefaultValue;
}
