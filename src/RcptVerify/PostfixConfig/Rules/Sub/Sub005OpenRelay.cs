using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Syntax;

namespace RcptVerify.PostfixConfig.Rules.Sub;

/// <summary>Neither list that rules relaying refuses strangers: an open relay, or a server that Postfix does not let start.</summary>
internal sealed class Sub005OpenRelay : PostfixRule
{
    private const string Relay = "smtpd_relay_restrictions";
    private const string Recipient = "smtpd_recipient_restrictions";

    /// <summary>A refusal in one of these refuses everything.</summary>
    private static readonly string[] Others =
        ["smtpd_client_restrictions", "smtpd_helo_restrictions", "smtpd_sender_restrictions", "smtpd_data_restrictions", "smtpd_end_of_data_restrictions"];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        string[] lists = context.Main.Exists(Relay) ? [Relay, Recipient] : [Recipient];
        Dictionary<ListTexts, Judgement> judged = [];
        foreach (EffectiveService service in context.Services)
        {
            if (service.Daemon != Daemon.Smtpd || service.Role is not (ServiceRole.Mx or ServiceRole.Submission))
                continue;
            if (lists.Any(name => service[name].Error is not null))
                continue;
            (bool starts, bool refuses) = Judge(service, lists, judged);
            if (refuses)
                continue;
            string message = starts
                ? "nothing keeps strangers from sending mail to anybody through this server: it is an open relay"
                : "nothing keeps strangers from relaying; Postfix sees that, and the server ends with a fatal error each time it starts";
            EffectiveValue? written = lists.Select(name => service[name]).FirstOrDefault(value => value.IsSet);
            Finding finding = written is null
                ? Of(Severity.Error, message, (SourcePosition?)null, 0, lists[0]) with { Services = [service.Id] }
                : Of(Severity.Error, message, written, service);
            yield return finding with
            {
                Effective = starts ? "open relay" : "does not start",
                Fix = lists.Length == 2 ? $"{Relay} = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination"
                    : $"{Recipient} = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination",
            };
        }
    }

    private sealed record Judgement(bool Starts, bool Refuses);

    /// <summary>The texts of all lists of a service.</summary>
    private sealed class ListTexts(string[] texts) : IEquatable<ListTexts>
    {
        private readonly string[] _texts = texts;

        public bool Equals(ListTexts? other) => other is not null && _texts.AsSpan().SequenceEqual(other._texts);

        public override bool Equals(object? obj) => Equals(obj as ListTexts);

        /// <summary>Of the lengths alone: a list may have megabytes.</summary>
        public override int GetHashCode() => _texts.Sum(text => text.Length);
    }

    /// <summary>Whether the server starts, and whether it refuses strangers. Services with the same lists are judged once.</summary>
    private static (bool Starts, bool Refuses) Judge(EffectiveService service, string[] lists, Dictionary<ListTexts, Judgement> judged)
    {
        bool hasClasses = !service["smtpd_restriction_classes"].IsEmpty;
        ListTexts key = new([.. lists.Concat(Others).Select(name => service[name].Text)]);
        if (!hasClasses && judged.TryGetValue(key, out Judgement? known))
            return (known.Starts, known.Refuses);
        StrangerOutcomes walk = new(service.Parameters);
        bool starts = lists.Any(walk.HasRequired);
        bool refuses = lists.Any(name => walk.Outcome(name) == RestrictionOutcome.Refused)
            || (starts && Others.Any(name => walk.Outcome(name) == RestrictionOutcome.Refused));
        if (!hasClasses)
            judged[key] = new Judgement(starts, refuses);
        return (starts, refuses);
    }
}
