using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Restrictions;

/// <summary>One restriction of a list such as smtpd_recipient_restrictions.</summary>
/// <param name="Name">Its name as written; for a bare <c>type:table</c> the access check that it stands for in that list.</param>
/// <param name="Argument">The word behind it that belongs to it: a table, a policy server, a list's domain; empty for none.</param>
/// <param name="WarnsOnly">Whether <c>warn_if_reject</c> takes its refusal away.</param>
/// <param name="Source">The list, or the restriction class, that it is written in.</param>
/// <param name="Offset">Where it begins in the text of <paramref name="Source"/>.</param>
/// <param name="Length">How long the word is there.</param>
internal sealed record Restriction(string Name, string Argument, bool WarnsOnly, EffectiveValue Source, int Offset, int Length)
{
    /// <summary>Where it stands, as findings underline it.</summary>
    public (int Offset, int Length) Word => (Offset, Length);

    /// <summary>Whether it is that one; case does not matter, as in Postfix.</summary>
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
