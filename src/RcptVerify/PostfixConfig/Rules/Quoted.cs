namespace RcptVerify.PostfixConfig.Rules;

/// <summary>Words of a configuration for messages, cut where they are long.</summary>
internal static class Quoted
{
    private const int MaxWords = 8;
    private const int MaxLength = 60;

    /// <summary>One word.</summary>
    public static string Word(string word) => word.Length <= MaxLength ? $"\"{word}\"" : $"\"{word.AsSpan(0, MaxLength)}…\"";

    /// <summary>Several, parted by commas.</summary>
    public static string Words(IReadOnlyCollection<string> words) =>
        string.Join(", ", words.Take(MaxWords).Select(Word)) + (words.Count > MaxWords ? $" and {words.Count - MaxWords} more" : "");
}
