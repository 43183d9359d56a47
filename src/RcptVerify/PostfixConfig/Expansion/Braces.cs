namespace RcptVerify.PostfixConfig.Expansion;

/// <summary>Pairs of braces or parentheses.</summary>
internal static class Braces
{
    /// <summary>Where the pair that the text begins with ends.</summary>
    /// <returns>The offset behind the closing sign, -1 when it is never closed.</returns>
    public static int End(ReadOnlySpan<char> text)
    {
        char open = text[0];
        char close = open == '{' ? '}' : ')';
        int depth = 0;
        for (int at = 0; at < text.Length; at++)
        {
            if (text[at] == open)
                depth++;
            else if (text[at] == close && --depth == 0)
                return at + 1;
        }

        return -1;
    }
}
