namespace RcptVerify.Configuration;

/// <summary>What the admin token must be, wherever it comes from.</summary>
internal static class AdminTokenSyntax
{
    /// <summary>To follow "expected".</summary>
    public const string Description = "16 to 256 printable ASCII characters without spaces";

    /// <summary>Longest token, in characters.</summary>
    public const int MaxLength = 256;

    private const int MinLength = 16;

    /// <summary>Whether a text can be a token.</summary>
    public static bool IsToken(string text) => text.Length is >= MinLength and <= MaxLength && !text.Any(c => c is <= ' ' or > '~');
}
