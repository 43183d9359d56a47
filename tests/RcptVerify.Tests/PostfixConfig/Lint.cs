using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

/// <summary>A configuration to run rules over.</summary>
internal sealed record Lint
{
    public string Main { get; init; } = "";

    /// <summary>Null: the services of a stock master.cf.</summary>
    public string? Master { get; init; }

    /// <summary>Empty: every release in use.</summary>
    public string Postfix { get; init; } = "3.11";

    /// <summary>Empty: nobody said it.</summary>
    public string OpenSsl { get; init; } = "3.0";

    public string? Platform { get; init; }

    public string? Role { get; init; }

    public string Profile { get; init; } = RcptVerify.PostfixConfig.Rules.Profiles.Profile.DefaultId;

    public string? Tlsa { get; init; }

    public FakeFiles? Files { get; init; }

    /// <summary>What certificates' dates are compared with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public TargetRange Range => TargetRange.Of(
        Postfix.Length == 0 ? null : Parsed(Postfix),
        OpenSsl.Length == 0 ? null : OpenSslVersion.TryParse(OpenSsl, out OpenSslVersion library) ? library : throw new ArgumentException(OpenSsl),
        Platform is null ? null : RcptVerify.PostfixConfig.Versions.Platform.Find(Platform) ?? throw new ArgumentException(Platform),
        Configuration);

    public LintOptions Options => new()
    {
        Role = Role is null ? null : ServiceRoles.Parse(Role) ?? throw new ArgumentException(Role),
        Profile = ProfileCatalogue.Find(Profile) ?? throw new ArgumentException(Profile),
        Files = (IConfigurationFiles?)Files ?? NoFiles.Instance,
        TlsaRecords = Tlsa is null ? null : new SourceFile("tlsa", Tlsa),
        Time = Time,
    };

    // Not kept: a copy made by "with" has another one.
    public PostfixConfiguration Configuration => PostfixConfiguration.Parse(Main, Master);

    /// <summary>What one rule finds.</summary>
    public IReadOnlyList<Finding> Check<TRule>()
        where TRule : PostfixRule, new() => Linter.Run([new TRule()], Configuration, Range, Options);

    /// <summary>What one rule finds, as <c>severity parameter@place [services]</c>, to compare with.</summary>
    public string[] Brief<TRule>()
        where TRule : PostfixRule, new() => [.. Check<TRule>().Select(Brief)];

    /// <summary>The one thing a rule finds.</summary>
    public Finding Single<TRule>()
        where TRule : PostfixRule, new() => Assert.Single(Check<TRule>());

    /// <summary>A rule is silent.</summary>
    public void IsSilent<TRule>()
        where TRule : PostfixRule, new() => Assert.Empty(Check<TRule>().Select(finding => $"{Brief(finding)}: {finding.Message}"));

    /// <summary>One finding in a line.</summary>
    public static string Brief(Finding finding) =>
        $"{Severities.Text(finding.Severity)} {finding.Parameter}@{finding.Position?.ToString() ?? "-"} [{finding.ServiceText}]";

    private static PostfixVersion Parsed(string text) =>
        PostfixVersion.TryParse(text, out PostfixVersion version) ? version : throw new ArgumentException(text);
}
