namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>What may be wrong with a restriction.</summary>
internal enum SuspectKind
{
    /// <summary>Not every release knows the word, or none does.</summary>
    Word,

    /// <summary>An access check without <c>type:table</c> behind it.</summary>
    Table,

    /// <summary>check_policy_service without a server behind it.</summary>
    Server,

    /// <summary>A table by itself, in a list that has no access check to ask it with.</summary>
    BareTable,

    /// <summary>A DNS list that is not named.</summary>
    Domain,
}
