using RcptVerify.PostfixConfig.Rules;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>
/// Tells what is found only while servers are under stress: <c>${stress?{none}:{may}}</c> has two values, and both are in force at times
/// (STRESS_README). What holds always is told once.
/// </summary>
internal sealed class StressFindings
{
    private readonly Dictionary<Finding, HashSet<string>> _told = [];

    /// <summary>Takes note of what holds without stress.</summary>
    public void Tell(Finding finding)
    {
        Finding key = Key(finding);
        if (!_told.TryGetValue(key, out HashSet<string>? services))
            _told[key] = services = new(StringComparer.Ordinal);
        services.UnionWith(finding.Services);
    }

    /// <summary>What is found under stress, as a finding of its own; null where it holds without stress too.</summary>
    public Finding? Only(Finding finding) => _told.TryGetValue(Key(finding), out HashSet<string>? services) && finding.Services.All(services.Contains)
        ? null
        : finding with { Message = finding.Message + " (while all processes are busy: stress)", Edits = [] };

    /// <summary>The finding less what it is about and how to mend it.</summary>
    private static Finding Key(Finding finding) => finding with { Services = [], Edits = [], Versions = [], Length = 0 };
}
