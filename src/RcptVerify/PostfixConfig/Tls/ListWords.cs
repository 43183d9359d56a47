using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Tls;

/// <summary>Words of TLS lists, which Postfix parts at commas, white space and colons.</summary>
internal static class ListWords
{
    private static readonly LongTexts<IReadOnlyList<Word>> Lists = new(Read);

    /// <summary>
    /// The words with their offsets. Of a long list each word once, where it stands last: in TLS lists repetition changes nothing, and of
    /// bounds the last one counts.
    /// </summary>
    public static IReadOnlyList<Word> Of(string value) => Lists.Of(value);

    private static List<Word> Read(string value)
    {
        List<Word> words = [];
        Dictionary<string, int>? last = value.Length < LongTexts<string>.Shortest ? null : new(StringComparer.Ordinal);
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
                Add(value.AsSpan(start, at - start), start);
                start = -1;
            }
        }

        if (last is not null)
            words.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        return words;

        void Add(ReadOnlySpan<char> word, int offset)
        {
            if (last is not null && last.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(word, out int at))
            {
                words[at] = words[at] with { Offset = offset };
                return;
            }

            string text = word.ToString();
            last?.Add(text, words.Count);
            words.Add(new Word(text, offset));
        }
    }
}
