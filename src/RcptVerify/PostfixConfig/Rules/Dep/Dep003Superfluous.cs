using System.Globalization;
using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Rules.Fixes;
using RcptVerify.PostfixConfig.Tls;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Dep;

/// <summary>Lines that change nothing: values that are the default already, and parameters whose work is done otherwise today.</summary>
internal sealed class Dep003Superfluous : PostfixRule
{
    private const string ServerCache = "smtpd_tls_session_cache_database";
    private const string RandomSource = "tls_random_source";
    private const int UsualLogLevel = 1;

    private static readonly string[] LogLevels = ["smtpd_tls_loglevel", "smtp_tls_loglevel", "lmtp_tls_loglevel", "tlsproxy_tls_loglevel"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context) =>
        [.. Defaults(context), .. Cache(context), .. Randomness(context), .. Offers(context, Daemon.Smtp, "smtp"), .. Offers(context, Daemon.Lmtp, "lmtp"), .. LogLevel(context)];

    private IEnumerable<Finding> Defaults(RuleContext context)
    {
        // An option of a service may undo what main.cf says to all, or is meant to hold whatever main.cf will say one day.
        foreach (string name in context.Definitions.ParameterNames.Where(name =>
            DefaultValue.IsJudged(name) && !context.IsReferredTo(name)))
        {
            WrittenValue written = context.Definitions.InForce(name)!;
            EffectiveValue value = context.Evaluate(written);
            if (value.Error is null && !IsTakenFromElsewhere(context, value) && !IsToBeChanged(context, value) && DefaultValue.Is(value, context.Main, context.Target))
            {
                yield return Of(Severity.Notice, "the value is the default: without the line a better default of a later release comes by itself", written) with
                {
                    Effective = value.ToString(),
                    Fix = "delete the line",
                    Edits = Delete(context, written),
                };
            }
        }
    }

    /// <summary>
    /// Whether the value comes through a reference from what somebody else fills in: a name that nobody defines yet, or another parameter
    /// that is set. It is the default today, and would not follow any more without the line.
    /// </summary>
    private static bool IsTakenFromElsewhere(RuleContext context, EffectiveValue value) => value.Undefined.Count > 0
        || (NameReferences.Only(value.Raw) is string name && context.Configuration.Main.Find(name) is not null
            && PostfixDefaults.Of(value.Name, context.Target) != value.Raw);

    /// <summary>Whether RV-SUB-001 wants the opposite: it points at the line that offers AUTH, not at this one.</summary>
    private static bool IsToBeChanged(RuleContext context, EffectiveValue value) => value.Name == "smtpd_tls_auth_only"
        && context.Servers.Any(server => server.Parameters.IsYes("smtpd_sasl_auth_enable") && !server.Parameters.IsYes(value.Name));

    private IEnumerable<Finding> Cache(RuleContext context)
    {
        EffectiveValue cache = context.Main[ServerCache];
        if (!cache.IsSet || cache.IsEmpty || !context.Postfix.IsAtLeast(2, 11) || HasNoTickets(context.Main))
            return [];
        return context.InForce(ServerCache).Where(written => written.Entry is not null).Select(written =>
            Of(Severity.Notice, "session tickets do this without a table: the cache is hardly ever asked", written) with
            {
                Effective = "session tickets",
                Fix = "delete the line",
                Edits = Delete(context, written),
            });
    }

    private static bool HasNoTickets(EffectiveParameters main) =>
        (main["tls_session_ticket_cipher"].IsEmpty && main.Exists("tls_session_ticket_cipher"))
        || ListWords.Of(main.Text("tls_ssl_options")).Any(word => word.Text.Equals("NO_TICKET", StringComparison.OrdinalIgnoreCase))
        || DefaultValue.Seconds(main.Text("smtpd_tls_session_cache_timeout")) == 0;

    /// <summary>Since 1.1.1 OpenSSL has its randomness from the kernel, before tlsmgr(8) adds what this names.</summary>
    private IEnumerable<Finding> Randomness(RuleContext context)
    {
        EffectiveValue source = context.Main[RandomSource];
        if (source.IsEmpty || source.Error is not null || !context.Target.OpenSsl.IsAtLeast(1, 1, 1) || DefaultValue.Is(source, context.Main, context.Target))
            return [];
        // Another program's socket, or a file, may be there for a reason.
        bool isDevice = source.Text.StartsWith("dev:", StringComparison.Ordinal);
        return context.InForce(RandomSource).Where(written => written.Entry is not null).Select(written =>
            Of(Severity.Notice, "OpenSSL takes its randomness from the kernel by itself: another source adds nothing", written) with
            {
                Effective = "the kernel's randomness",
                Fix = "delete the line",
                Edits = isDevice && !context.IsReferredTo(RandomSource) ? Delete(context, written) : [],
            });
    }

    private IEnumerable<Finding> Offers(RuleContext context, Daemon daemon, string program)
    {
        string name = $"{program}_tls_note_starttls_offer";
        EffectiveService[] clients = [.. context.Services.Where(service => service.Daemon == daemon)];
        if (!context.Main[name].IsYes || clients.Length == 0 || !clients.All(client => client.Tls is { Level: > TlsLevel.None }))
            return [];
        return context.InForce(name).Where(written => written.Entry is not null).Select(written =>
            Of(Severity.Notice, "offers of STARTTLS are noted only where the client does not use TLS: it does", written) with
            {
                Effective = "nothing is noted",
                Fix = "delete the line",
                Edits = Delete(context, written),
            });
    }

    private IEnumerable<Finding> LogLevel(RuleContext context)
    {
        foreach (WrittenValue written in LogLevels.SelectMany(context.InForce))
        {
            EffectiveValue value = context.Evaluate(written);
            // What repeats another program's level is mended there.
            if (NameReferences.Only(written.Raw) is string other && LogLevels.Contains(other))
                continue;
            if (int.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level > UsualLogLevel)
            {
                yield return Of(Severity.Notice, "a level for finding faults is left on: each session fills the log", written) with
                {
                    Effective = value.ToString(),
                    Fix = $"{written.Name} = {UsualLogLevel}",
                    Edits = Edits.SetValue(written, "1"),
                };
            }
        }
    }

    /// <summary>Deleting the last of several definitions would bring an earlier one back.</summary>
    private static IReadOnlyList<TextEdit> Delete(RuleContext context, WrittenValue written) =>
        context.Configuration.Main.IsOnce(written.Name) ? Edits.Delete(written) : [];
}
