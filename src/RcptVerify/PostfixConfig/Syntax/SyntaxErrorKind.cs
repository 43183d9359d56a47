namespace RcptVerify.PostfixConfig.Syntax;

/// <summary>What is wrong with the form of a line.</summary>
internal enum SyntaxErrorKind
{
    /// <summary>A logical line begins with white space and there is none before it to continue.</summary>
    LeadingWhiteSpace,

    /// <summary><c>name</c> without <c>=</c>.</summary>
    MissingEquals,

    /// <summary><c>= value</c>.</summary>
    MissingName,

    /// <summary>A master.cf line of fewer than eight fields.</summary>
    FieldCount,

    /// <summary>A service type that master(5) does not know.</summary>
    ServiceType,

    /// <summary>A field of master.cf that is not what its column allows.</summary>
    FieldValue,

    /// <summary><c>-o</c> without <c>name=value</c>; for the daemon this is fatal.</summary>
    OverrideForm,

    /// <summary>A brace that is never closed.</summary>
    OpenBrace,
}
