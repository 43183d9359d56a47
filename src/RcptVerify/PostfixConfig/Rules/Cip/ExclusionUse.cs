using System.Runtime.CompilerServices;
using RcptVerify.PostfixConfig.Ciphers;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Cip;

/// <summary>A definition of excluded ciphers and every list it has an effect on.</summary>
/// <param name="Value">What somebody wrote.</param>
/// <param name="Uses">Where it is applied, never empty.</param>
internal sealed record ExclusionUse(EffectiveValue Value, IReadOnlyList<CipherUse> Uses)
{
    /// <summary>Its words.</summary>
    public IReadOnlyList<Word> Words => ListWords.Of(Value.Text);

    /// <summary>Whether it is longer than anybody's: then it is not looked into word by word.</summary>
    public bool IsTooLong => Value.Text.Length > CipherString.Longest;

    /// <summary>One of the services.</summary>
    public EffectiveService Service => Uses[0].Service;

    /// <summary>Their names.</summary>
    public IReadOnlyList<string> Services => [.. Uses.Select(use => use.Service.Id).Distinct()];

    /// <summary>Whether a word makes Postfix refuse the list.</summary>
    public static bool IsSigned(string word) => word[0] is '!' or '+' or '-' or '@';

    /// <summary>All that are in use. One that says different things to different services counts once for each text.</summary>
    public static IEnumerable<ExclusionUse> In(RuleContext context) => CipherUse.In(context)
        .SelectMany(use => use.Ciphers.Exclusions.Select(value => new Applied(context.Origin(value), use)))
        .Where(pair => pair.Value.IsSet && !pair.Value.IsEmpty)
        .GroupBy(pair => new Definition((object?)pair.Value.Override ?? pair.Value.Entry, pair.Value.Text))
        .Select(group => new ExclusionUse(group.First().Value, [.. group.Select(pair => pair.Use)]));

    private sealed record Applied(EffectiveValue Value, CipherUse Use);

    /// <summary>What was written, an -o or a line of main.cf, and what it comes to.</summary>
    private sealed record Definition(object? Written, string Text)
    {
        /// <summary>Of what was written alone: the text may have megabytes.</summary>
        public override int GetHashCode() => RuntimeHelpers.GetHashCode(Written);

        public bool Equals(Definition? other) => other is not null && ReferenceEquals(Written, other.Written) && Text == other.Text;
    }
}
