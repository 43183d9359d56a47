namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>What a list of restrictions does to a stranger's mail for a stranger's domain.</summary>
internal enum RestrictionOutcome
{
    /// <summary>No word decides for all strangers; the end of the list permits.</summary>
    Undecided,

    /// <summary>Refused or deferred.</summary>
    Refused,

    /// <summary>Permitted in so many words.</summary>
    Permitted,
}
