namespace RcptVerify.PostfixConfig.Rules;

/// <summary>The page of one rule: what the catalogue lists and what <c>explain</c> prints.</summary>
/// <param name="Id">The rule's id, <c>RV-PRO-001</c>: never given to another rule.</param>
/// <param name="Title">One line: what is found.</param>
/// <param name="Severities">What a finding may be, of <c>error</c>, <c>warning</c>, <c>notice</c>, the highest first.</param>
/// <param name="Roles">Whom it is about, of <c>mx</c>, <c>submission</c>, <c>client</c>, <c>null-client</c>, or <c>all</c> alone.</param>
/// <param name="Since">First Postfix version the rule holds for, empty: every one.</param>
/// <param name="Until">Last Postfix version the rule holds for, empty: still.</param>
/// <param name="SecuritySeverity">0.0 to 10.0, SARIF's <c>security-severity</c>; 0 where nothing is at stake but mail or order.</param>
/// <param name="Cwe">Weaknesses, <c>CWE-326</c>; may be empty.</param>
/// <param name="Cve">Vulnerabilities, <c>CVE-2016-0800</c>; may be empty.</param>
/// <param name="Seed">What became of the seed document's advice on this matter; empty where it gave none.</param>
/// <param name="FixIsSafe">Whether the repair can be made without asking anybody.</param>
/// <param name="Sections">The page's text, in order.</param>
/// <param name="Examples">The configurations of the sections Bad and Good.</param>
internal sealed record RulePage(
    string Id,
    string Title,
    IReadOnlyList<string> Severities,
    IReadOnlyList<string> Roles,
    string Since,
    string Until,
    double SecuritySeverity,
    IReadOnlyList<string> Cwe,
    IReadOnlyList<string> Cve,
    IReadOnlyList<SeedReference> Seed,
    bool FixIsSafe,
    IReadOnlyList<PageSection> Sections,
    IReadOnlyList<PageExample> Examples)
{
    /// <summary>The sections every page has, in their order.</summary>
    public static readonly string[] SectionTitles =
    [
        "What it finds", "Why", "Bad", "Good", "How the effect is computed", "Since and until", "References", "The seed's advice",
    ];

    /// <summary>The letters between the hyphens of the id, <c>PRO</c>.</summary>
    public string Group => Id.Split('-')[1];
}
