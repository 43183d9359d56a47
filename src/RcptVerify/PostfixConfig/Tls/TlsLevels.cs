namespace RcptVerify.PostfixConfig.Tls;

/// <summary>Names of levels.</summary>
internal static class TlsLevels
{
    private static readonly string[] Names = ["invalid", "none", "may", "encrypt", "dane", "dane-only", "fingerprint", "verify", "secure"];

    /// <summary>The level of a word, in any case; <see cref="TlsLevel.Invalid"/> for none. <c>half-dane</c> is Postfix's own and no setting.</summary>
    public static TlsLevel Parse(string text)
    {
        int at = Array.FindIndex(Names, 1, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return at < 0 ? TlsLevel.Invalid : (TlsLevel)at;
    }

    /// <summary>As Postfix writes it.</summary>
    public static string Text(TlsLevel level) => Names[(int)level];
}
