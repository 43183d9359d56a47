using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Tls;

/// <summary>Words of TLS lists, which Postfix parts at commas, white space and colons.</summary>
internal static class ListWords
{
    /// <summary>The words with their offsets.</summary>
    public static IEnumerable<Word> Of(string value)
    {
        int start = -1;
        for (int at = 0; at <= value.Length; at++)
        {
            bool ends = at == value.Length || value[at] is ',' or ':' or ' ' or '\t' or '\r' or '\n';
            if (!ends && start < 0)
            {
                start = at;
            }
            else if (ends && start >= 0)
            {
                yield return new Word(value[start..at], start);
                start = -1;
            }
        }
    }
}
