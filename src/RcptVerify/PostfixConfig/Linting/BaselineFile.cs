using System.Text.Json;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Linting;

/// <summary>A baseline: the JSON report of an earlier check. What it holds is known and does not count any more.</summary>
internal static class BaselineFile
{
    /// <summary>Larger files are not read, bytes.</summary>
    public const int MaxBytes = 64 * 1024 * 1024;

    private const string NoReport = "that is no report of 'validate --format json'";

    /// <summary>Reads fingerprints.</summary>
    /// <returns>The fingerprints, or why there are none.</returns>
    public static (IReadOnlySet<string>? Fingerprints, string? Error) Read(string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(BoundedFile.ReadText(path, MaxBytes).TrimStart('\uFEFF'));
            HashSet<string> fingerprints = new(StringComparer.Ordinal);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("findings", out JsonElement findings)
                || findings.ValueKind != JsonValueKind.Array)
                return (null, NoReport);
            foreach (JsonElement finding in findings.EnumerateArray())
            {
                if (finding.ValueKind != JsonValueKind.Object || !finding.TryGetProperty("fingerprint", out JsonElement fingerprint)
                    || fingerprint.ValueKind != JsonValueKind.String)
                    return (null, "a finding of it has no fingerprint");
                fingerprints.Add(fingerprint.GetString()!);
            }

            return (fingerprints, null);
        }
        catch (JsonException)
        {
            return (null, NoReport);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, e.Message);
        }
    }
}
