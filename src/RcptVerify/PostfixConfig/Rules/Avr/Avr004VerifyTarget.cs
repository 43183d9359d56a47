using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Versions;

namespace RcptVerify.PostfixConfig.Rules.Avr;

/// <summary>Options of the wrong client or of the queue manager, and smtp_address_verify_target where it does not work or costs more than it brings.</summary>
internal sealed class Avr004VerifyTarget : PostfixRule
{
    private static readonly string[] Targets = ["smtp_address_verify_target", "lmtp_address_verify_target"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        foreach (WrittenValue written in context.Options.Concat(Targets.SelectMany(context.Definitions.Named)))
        {
            if (QueueManagerOptions.NameInMain(written) is string limit)
            {
                if (!context.IsReferredTo(written.Name))
                    yield return OfQueueManager(context, written, limit);
            }
            else if (written.Service is EffectiveService service && WrongPrefix(service, written.Name) is string wrong)
            {
                // What some value refers to as $name has an effect after all.
                if (!context.IsReferredTo(written.Name))
                    yield return WrongClient(context, written, wrong, service.Prefix);
            }
            else if (Targets.Contains(written.Name))
            {
                Finding? finding = Target(context, written);
                if (finding is not null)
                    yield return finding;
            }
        }
    }

    /// <summary>The other client's prefix, when an option bears it; null when the service reads it or it is none of Postfix's.</summary>
    private static string? WrongPrefix(EffectiveService service, string name)
    {
        string? other = service.Daemon switch
        {
            Daemon.Smtp => "lmtp_",
            Daemon.Lmtp => "smtp_",
            _ => null,
        };
        return other is not null && name.StartsWith(other, StringComparison.Ordinal) && PostfixDefaults.Find(name) is not null ? other : null;
    }

    private Finding OfQueueManager(RuleContext context, WrittenValue written, string name) => Of(
        Severity.Warning,
        "the queue manager reads this limit, and from main.cf only: as an option of the transport it has no effect",
        written) with
    {
        Effective = context.Main[name] is { IsSet: true } set ? set.ToString() : "",
        Fix = $"in main.cf: {name} = {written.Raw}",
    };

    private Finding WrongClient(RuleContext context, WrittenValue written, string wrong, string right)
    {
        // The greeting differs by name: HELO of SMTP is LHLO of LMTP.
        string counterpart = $"{right}_{written.Name[wrong.Length..]}".Replace(
            right == "lmtp" ? "lmtp_helo_" : "smtp_lhlo_", right == "lmtp" ? "lmtp_lhlo_" : "smtp_helo_", StringComparison.Ordinal);
        bool exists = PostfixDefaults.Exists(counterpart, context.Postfix);
        return Of(Severity.Error, $"the {right} client does not read {wrong}* parameters: the option has no effect", written) with
        {
            Effective = exists ? written.Service![counterpart].ToString() : "",
            Fix = exists ? $"-o {counterpart}={written.Raw}" : "delete the option",
        };
    }

    private Finding? Target(RuleContext context, WrittenValue written)
    {
        if (!context.Postfix.IsAtLeast(3, 0))
        {
            return Of(Severity.Error, "this release does not know the parameter: probes end after RCPT", written) with
            {
                Effective = "rcpt",
                Fix = "needs Postfix 3.0",
            };
        }

        if (!context.InForce(written.Name).Any(value => ReferenceEquals(value, written)))
            return null;
        if (written.Service is EffectiveService { IsClient: false })
        {
            return Of(Severity.Error, "only the smtp and lmtp clients read this: the option has no effect", written) with
            {
                Effective = context.Main[written.Name].ToString(),
                Fix = "set it on the transport that the probes use",
            };
        }

        string target = context.Evaluate(written).Text;
        bool atData = target.Equals("data", StringComparison.OrdinalIgnoreCase);
        if (!atData && !target.Equals("rcpt", StringComparison.OrdinalIgnoreCase))
        {
            return Of(Severity.Error, "the value is neither rcpt nor data: the client does not start, its mail is deferred", written) with
            {
                Effective = "mail is deferred",
                Fix = $"{written.Name} = rcpt",
            };
        }

        return atData && written.Service is null
            ? Of(Severity.Notice, "probes go on to DATA with every destination, also with those that tell at RCPT", written) with
            {
                Effective = "data for all destinations",
                Fix = $"give -o {written.Name}=data to a transport of its own, for the servers that tell at DATA only",
            }
            : null;
    }
}
