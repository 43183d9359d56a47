namespace RcptVerify.PostfixConfig.Rules;

/// <summary>What became of a piece of the seed document's advice. On pages and in the table each goes by its first letter.</summary>
internal enum SeedVerdict
{
    /// <summary>It holds as it was written.</summary>
    Kept,

    /// <summary>The aim holds, the setting had to change.</summary>
    Corrected,

    /// <summary>It was right once; Postfix or OpenSSL does it unasked today.</summary>
    Superseded,

    /// <summary>Following it makes things worse.</summary>
    Harmful,
}
