using System.Text;

namespace RcptVerify.Cli;

/// <summary>Breaks text into lines.</summary>
internal static class WrappedText
{
    /// <summary>Appends a paragraph.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="words">The paragraph; runs of white space count as one blank.</param>
    /// <param name="first">What the first line begins with.</param>
    /// <param name="rest">What each further line begins with.</param>
    /// <param name="width">Columns a line may have; a longer word stands alone.</param>
    public static void Append(StringBuilder text, string words, string first, string rest, int width)
    {
        text.Append(first);
        int column = first.Length;
        bool isFirst = true;
        foreach (string word in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!isFirst && column + 1 + word.Length > width)
            {
                text.Append('\n').Append(rest);
                column = rest.Length;
            }
            else if (!isFirst)
            {
                text.Append(' ');
                column++;
            }
            text.Append(word);
            column += word.Length;
            isFirst = false;
        }
        text.Append('\n');
    }
}
