using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Effective;

/// <summary>What a parameter is for one service.</summary>
internal sealed record EffectiveValue
{
    private static readonly LongTexts<string[]> Lists = new(text => text.Split([',', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The parameter.</summary>
    public required string Name { get; init; }

    /// <summary>The value as written, or the default, before expansion.</summary>
    public required string Raw { get; init; }

    /// <summary>The value Postfix works with.</summary>
    public required string Text { get; init; }

    /// <summary>Where it comes from.</summary>
    public required ValueOrigin Origin { get; init; }

    /// <summary>Why it cannot be expanded; null when it can.</summary>
    public string? Error { get; init; }

    /// <summary>Names it refers to that nobody defines.</summary>
    public IReadOnlyList<string> Undefined { get; init; } = [];

    /// <summary>The definition in main.cf; null when it comes from elsewhere.</summary>
    public MainCfEntry? Entry { get; init; }

    /// <summary>The <c>-o</c>; null when it comes from elsewhere.</summary>
    public ServiceOverride? Override { get; init; }

    /// <summary>Whether somebody wrote it.</summary>
    public bool IsSet => Origin is ValueOrigin.Main or ValueOrigin.Service;

    /// <summary>Whether it is empty.</summary>
    public bool IsEmpty => Text.Length == 0;

    /// <summary>Whether it is <c>yes</c>, in any case. What is neither yes nor no is fatal for Postfix and false here.</summary>
    public bool IsYes => Text.Equals("yes", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where it is written; null for a default.</summary>
    public SourcePosition? Position => Override?.Position ?? Entry?.Position;

    /// <summary><c>main.cf:12</c>, or <c>default</c>.</summary>
    public string Source => Position?.ToString() ?? "default";

    /// <summary>Where a character of <see cref="Text"/> is written; the value's begin where expansion moved it; null for a default.</summary>
    public SourcePosition? PositionAt(int offset)
    {
        int at = Raw == Text ? offset : 0;
        return Override?.ValuePositionAt(at) ?? Entry?.ValuePositionAt(at);
    }

    /// <summary>The words of a list, parted at commas and white space.</summary>
    public IReadOnlyList<string> Words => Lists.Of(Text);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} = {Text}";
}
