namespace RcptVerify.Verification;

/// <summary>What the socketmap door says about a domain without a route.</summary>
public enum NoRouteAnswer : byte
{
    /// <summary><c>TEMP</c>: Postfix defers the mail.</summary>
    Temp,

    /// <summary><c>NOTFOUND</c>: Postfix refuses the mail.</summary>
    Notfound,

    /// <summary><c>OK</c>: Postfix accepts the mail.</summary>
    Ok,
}
