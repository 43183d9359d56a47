using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Linting;
using RcptVerify.PostfixConfig.Reporters;
using RcptVerify.PostfixConfig.Rules;
using RcptVerify.PostfixConfig.Rules.Dane;
using RcptVerify.PostfixConfig.Rules.Files;
using RcptVerify.PostfixConfig.Rules.Profiles;
using RcptVerify.PostfixConfig.Syntax;
using RcptVerify.PostfixConfig.Versions;
using RcptVerify.Telemetry;

namespace RcptVerify.Cli;

/// <summary>The options of <c>validate</c> as they were written.</summary>
internal sealed record ValidateWords(
    string? Postfix,
    string? OpenSsl,
    string? Platform,
    string? Role,
    string Profile,
    string Format,
    string FailLevel,
    string MinLevel,
    string? Severities,
    string? Baseline,
    string? Tlsa,
    string? Root);

/// <summary>The options of <c>validate</c>, understood.</summary>
internal sealed record ValidateOptions
{
    /// <summary>Larger files of TLSA records are not read, bytes.</summary>
    private const int MaxTlsaBytes = 1024 * 1024;

    /// <summary>More lines of it are not complained of.</summary>
    private const int MaxTlsaComplaints = 10;

    public required PostfixVersion? Postfix { get; init; }

    public required OpenSslVersion? OpenSsl { get; init; }

    public required Platform? Platform { get; init; }

    public required ServiceRole? Role { get; init; }

    public required Profile Profile { get; init; }

    public required string Format { get; init; }

    public required Severity FailLevel { get; init; }

    public required Severity MinLevel { get; init; }

    public required IReadOnlyDictionary<string, Severity> Severities { get; init; }

    public required IReadOnlySet<string> Baseline { get; init; }

    public required SourceFile? Tlsa { get; init; }

    public required string? Root { get; init; }

    /// <summary>What a check gets of them.</summary>
    /// <param name="folder">The configuration's directory, null for standard input. Of the machine's own, files are looked at.</param>
    public LintOptions ForLinter(string? folder) => new()
    {
        Role = Role,
        Profile = Profile,
        Files = Root is not null ? new RootedFiles(Root) : InstalledPostfix.Owns(folder) ? new RootedFiles("/") : NoFiles.Instance,
        TlsaRecords = Tlsa,
    };

    /// <summary>Understands the words. Null: <paramref name="errors"/> says why.</summary>
    public static ValidateOptions? Of(ValidateWords words, List<string> errors)
    {
        ValidateOptions options = new()
        {
            Postfix = words.Postfix is null ? null
                : PostfixVersion.TryParse(words.Postfix, out PostfixVersion postfix) ? postfix : Bad<PostfixVersion>("--postfix", words.Postfix, "a release of Postfix, 2.6 to 3.12: 3.9, 3.7.11"),
            OpenSsl = words.OpenSsl is null ? null
                : OpenSslVersion.TryParse(words.OpenSsl, out OpenSslVersion library) ? library : Bad<OpenSslVersion>("--openssl", words.OpenSsl, "a release of OpenSSL: 3.0, 3.5.4, 1.1.1w"),
            Platform = words.Platform is null ? null
                : Platform.Find(words.Platform) ?? BadReference<Platform>("--platform", words.Platform, $"one of {string.Join(", ", Platform.All.Select(platform => platform.Name))}, or a relative with its version: ubuntu24.04, rocky10"),
            Role = words.Role is null ? null : ServiceRoles.Parse(words.Role.ToLowerInvariant()) ?? Bad<ServiceRole>("--role", words.Role, ServiceRoles.All),
            Profile = ProfileCatalogue.Find(words.Profile)
                ?? BadReference<Profile>("--profile", words.Profile, string.Join(", ", ProfileCatalogue.All.Select(profile => profile.Id))) ?? ProfileCatalogue.Default,
            Format = Formats.Names.Contains(words.Format) ? words.Format : BadReference<string>("--format", words.Format, string.Join(", ", Formats.Names)) ?? "",
            FailLevel = PostfixConfig.Rules.Severities.Parse(words.FailLevel)
                ?? Bad<Severity>("--fail-level", words.FailLevel, PostfixConfig.Rules.Severities.All) ?? Severity.None,
            MinLevel = PostfixConfig.Rules.Severities.Parse(words.MinLevel) is { } level and not Severity.None ? level
                : Bad<Severity>("--min-level", words.MinLevel, "notice|warning|error") ?? Severity.Notice,
            Severities = words.Severities is null ? new Dictionary<string, Severity>() : SeverityFile.Read(words.Severities, errors),
            Baseline = ReadBaseline(),
            Tlsa = ReadTlsa(),
            Root = words.Root is null || Directory.Exists(words.Root) ? words.Root : BadReference<string>("--root", words.Root, "a directory"),
        };
        return errors.Count == 0 ? options : null;

        T? Bad<T>(string option, string word, string wanted)
            where T : struct
        {
            errors.Add($"{option} {Said(word)}: wanted is {wanted}");
            return null;
        }

        T? BadReference<T>(string option, string word, string wanted)
            where T : class
        {
            errors.Add($"{option} {Said(word)}: wanted is {wanted}");
            return null;
        }

        static string Said(string word) => word.Length == 0 ? "\"\"" : LogEscape.Text(word);

        IReadOnlySet<string> ReadBaseline()
        {
            if (words.Baseline is null)
                return new HashSet<string>();
            (IReadOnlySet<string>? known, string? error) = BaselineFile.Read(words.Baseline);
            if (known is null)
                errors.Add($"--baseline {LogEscape.Text(words.Baseline)}: {error}");
            return known ?? new HashSet<string>();
        }

        SourceFile? ReadTlsa()
        {
            if (words.Tlsa is null)
                return null;
            try
            {
                SourceFile file = new(words.Tlsa, BoundedFile.ReadText(words.Tlsa, MaxTlsaBytes).TrimStart('\uFEFF'));
                int[] unreadable = [.. TlsaRecord.Unreadable(file).Take(MaxTlsaComplaints)];
                errors.AddRange(unreadable.Select(line => $"--tlsa {LogEscape.Text(words.Tlsa)}:{line}: neither a TLSA record nor another line of a zone file"));
                if (TlsaRecord.Parse(file).Any())
                    return file;
                errors.Add($"--tlsa {LogEscape.Text(words.Tlsa)}: no TLSA record in it; they look like this: _25._tcp.mx.example.com. IN TLSA 3 1 1 …");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                errors.Add($"--tlsa {LogEscape.Text(words.Tlsa)}: {e.Message}");
            }

            return null;
        }
    }
}
