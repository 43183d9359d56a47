using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>What the user says beside the configuration.</summary>
internal sealed record LintOptions
{
    /// <summary>What the host is; null to guess for each service.</summary>
    public ServiceRole? Role { get; init; }

    /// <summary>The guideline to measure by.</summary>
    public Profile Profile { get; init; } = ProfileCatalogue.Default;

    /// <summary>The files the configuration names.</summary>
    public IConfigurationFiles Files { get; init; } = NoFiles.Instance;

    /// <summary>TLSA records, one a line; null for none.</summary>
    public SourceFile? TlsaRecords { get; init; }

    /// <summary>What certificates' dates are compared with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
