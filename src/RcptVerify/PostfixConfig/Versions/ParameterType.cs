namespace RcptVerify.PostfixConfig.Versions;

/// <summary>What a parameter takes, as far as its default tells.</summary>
internal enum ParameterType
{
    /// <summary>Anything else: a name, a list, an enumeration.</summary>
    Text,

    /// <summary>yes or no.</summary>
    Boolean,

    /// <summary>A number.</summary>
    Integer,

    /// <summary>A number with a unit: s, m, h, d, w.</summary>
    Time,
}
