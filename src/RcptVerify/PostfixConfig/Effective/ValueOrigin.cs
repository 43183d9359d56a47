namespace RcptVerify.PostfixConfig.Effective;

/// <summary>Where an effective value comes from.</summary>
internal enum ValueOrigin
{
    /// <summary>The release does not have the parameter and nobody sets it.</summary>
    Absent,

    /// <summary>Postfix's own default.</summary>
    Default,

    /// <summary>main.cf.</summary>
    Main,

    /// <summary>An <c>-o</c> of the service in master.cf.</summary>
    Service,
}
