namespace RcptVerify.Verification;

/// <summary>What a door that answers for a whole message does where some of its recipients exist and others do not.</summary>
public enum MixedAction : byte
{
    /// <summary>4xx: when the message comes again, the refusals are known and said at RCPT, and the rest goes on.</summary>
    Defer,

    /// <summary>5xx for the whole message: its sender is told, and the recipients who exist don't get it.</summary>
    Reject,
}
