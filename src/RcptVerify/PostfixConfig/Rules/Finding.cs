using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules;

/// <summary>What a rule has to say of one place.</summary>
internal sealed record Finding
{
    /// <summary>The rule's id.</summary>
    public required string Rule { get; init; }

    /// <summary>How bad it is.</summary>
    public required Severity Severity { get; init; }

    /// <summary>
    /// One sentence without a full stop: what is wrong and what it does. It names neither the service nor the release, so that the
    /// linter can join what several services or releases have in common.
    /// </summary>
    public required string Message { get; init; }

    /// <summary>The services it is about, <c>587/inet</c>; empty when it is about the configuration as a whole.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>The parameter; empty when there is none.</summary>
    public string Parameter { get; init; } = "";

    /// <summary>Where the cause is written; null when the cause is what is not written.</summary>
    public SourcePosition? Position { get; init; }

    /// <summary>How many characters to underline there; 0 for none known.</summary>
    public int Length { get; init; }

    /// <summary>What really is in force: <c>TLS off</c>, <c>TLSv1.2, TLSv1.3</c>; empty where nothing is to be said.</summary>
    public string Effective { get; init; } = "";

    /// <summary>Why that is in force, where it depends on the release: <c>the default at compatibility_level 0</c>. Joined findings have the newest one's.</summary>
    public string Because { get; init; } = "";

    /// <summary>What to write instead, as main.cf has it, or a short sentence; empty when the page must be read.</summary>
    public string Fix { get; init; } = "";

    /// <summary>The repair as changes of text, safe to make without asking; empty when it is for a human.</summary>
    public IReadOnlyList<TextEdit> Edits { get; init; } = [];

    /// <summary>The releases it holds for, when several were looked at and it does not hold for all of them; empty otherwise.</summary>
    public IReadOnlyList<PostfixVersion> Versions { get; init; } = [];

    /// <summary>The services in one word, empty for none.</summary>
    public string ServiceText => string.Join(", ", Services);
}
