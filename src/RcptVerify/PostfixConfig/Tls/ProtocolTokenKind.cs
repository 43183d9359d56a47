namespace RcptVerify.PostfixConfig.Tls;

/// <summary>What a word of a protocol list does.</summary>
internal enum ProtocolTokenKind
{
    /// <summary><c>TLSv1.2</c>: only what is named so is on.</summary>
    Include,

    /// <summary><c>!SSLv3</c>.</summary>
    Exclude,

    /// <summary><c>&gt;=TLSv1.2</c>, Postfix 3.6 and later.</summary>
    Floor,

    /// <summary><c>&lt;=TLSv1.2</c>, Postfix 3.6 and later.</summary>
    Ceiling,

    /// <summary>Nothing that the release knows: the whole list is invalid.</summary>
    Invalid,
}
