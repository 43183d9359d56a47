namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>Who is connected, as far as restrictions tell clients apart without asking anybody.</summary>
internal enum ClientKind
{
    /// <summary>Anybody on the internet.</summary>
    Stranger,

    /// <summary>A client in mynetworks.</summary>
    Network,

    /// <summary>A client that has logged in.</summary>
    User,
}
