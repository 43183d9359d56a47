namespace RcptVerify.PostfixConfig.Rules.Profiles;

/// <summary>What a guideline says of a suite of TLS 1.2 and before, in falling order.</summary>
internal enum SuiteVerdict
{
    /// <summary>Recommended.</summary>
    Good,

    /// <summary>Fine.</summary>
    Sufficient,

    /// <summary>To be given up: a notice.</summary>
    PhaseOut,

    /// <summary>Not named at all: a warning.</summary>
    Insufficient,
}
