using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>A definition that somebody wrote, in main.cf or as <c>-o</c>, whether it holds or a later one overrides it.</summary>
/// <param name="Name">The parameter.</param>
/// <param name="Raw">The value as written.</param>
/// <param name="Service">The service whose <c>-o</c> it is; null for main.cf.</param>
/// <param name="Entry">The definition in main.cf; null for an <c>-o</c>.</param>
/// <param name="Override">The <c>-o</c>; null for main.cf.</param>
internal sealed record WrittenValue(string Name, string Raw, EffectiveService? Service, MainCfEntry? Entry, ServiceOverride? Override)
{
    /// <summary>Where its name stands.</summary>
    public SourcePosition Position => Override?.Position ?? Entry!.Position;

    /// <summary>Where a character of <see cref="Raw"/> stands.</summary>
    public SourcePosition ValuePositionAt(int offset) => Override?.ValuePositionAt(offset) ?? Entry!.ValuePositionAt(offset);

    /// <summary>Values by name, those of one name in their order.</summary>
    public static Dictionary<string, List<WrittenValue>> ByName(IEnumerable<WrittenValue> all)
    {
        Dictionary<string, List<WrittenValue>> index = new(StringComparer.Ordinal);
        foreach (WrittenValue written in all)
        {
            if (!index.TryGetValue(written.Name, out List<WrittenValue>? same))
                index[written.Name] = same = [];
            same.Add(written);
        }

        return index;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Raw}";
}
