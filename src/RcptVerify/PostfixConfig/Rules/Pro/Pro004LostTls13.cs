using RcptVerify.PostfixConfig.Effective;
using RcptVerify.PostfixConfig.Tls;

namespace RcptVerify.PostfixConfig.Rules.Pro;

/// <summary>A list that names what is on, and by that has lost TLS 1.3; or that excludes what is off already.</summary>
internal sealed class Pro004LostTls13 : PostfixRule
{
    private const int NumberOfTls13 = 0x0304;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context)
    {
        if (!ProtocolAdvice.SpeaksTls13(context.Target))
            yield break;
        foreach ((EffectiveService service, TlsLists lists, EffectiveValue value) in ProtocolLists.InUse(context))
        {
            TlsProtocolSet set = lists.Protocols;
            TlsProtocols included = Included(set, context);
            // A bound that lost its name to a blank looks like an inclusion: RV-PRO-005 says so; of a list without anything RV-PRO-006 does.
            if (!value.IsSet || !set.IsValid || set.Enabled == TlsProtocols.None || included == TlsProtocols.None || set.Tokens.Any(token => token.Text is ">=" or "<="))
                continue;
            bool isLost = !set.Allowed.HasFlag(TlsProtocols.TlsV13) && !set.Tokens.Any(TurnsOffTls13);
            if (!isLost && !set.Tokens.Any(token => IsIdle(token, included)))
                continue;
            string better = Better(set, included, isLost, context);
            // Between what is on and TLS 1.3 nothing must be missing, or clients cannot use it: what the writer wants then is not known.
            bool isWhole = !isLost || TlsProtocolSet.Parse(better, context.Target).Enabled.HasFlag(TlsProtocols.TlsV12);
            yield return Of(
                isLost ? Severity.Error : Severity.Notice,
                isLost ? "the list names what is on and does not name TLSv1.3, which is off by that"
                    : "the list names what is on: its exclusions do nothing",
                value,
                service) with
            {
                Effective = TlsProtocolNames.Text(service.IsClient ? set.OfferedByClient : set.Enabled),
                Fix = $"{value.Name} = {(isWhole ? better : ProtocolAdvice.FloorTls12(context.Postfix))}",
                Edits = isWhole ? ProtocolLists.Replace(value, service, better) : [],
            };
        }
    }

    private static TlsProtocols Included(TlsProtocolSet set, RuleContext context) =>
        TlsProtocolSet.Sum(set.Tokens, ProtocolTokenKind.Include) & TlsProtocolNames.NamedBy(context.Target.OpenSsl);

    private static bool TurnsOffTls13(ProtocolToken token) =>
        (token.Kind == ProtocolTokenKind.Exclude && token.Protocol == TlsProtocols.TlsV13)
        || (token.Kind == ProtocolTokenKind.Ceiling && token.Bound is > 0 and < NumberOfTls13);

    /// <summary>An exclusion of what is not included. One of TLS 1.3 says what is meant, and may stay.</summary>
    private static bool IsIdle(ProtocolToken token, TlsProtocols included) =>
        token.Kind == ProtocolTokenKind.Exclude && token.Protocol != TlsProtocols.TlsV13 && !included.HasFlag(token.Protocol);

    private static string Better(TlsProtocolSet set, TlsProtocols included, bool addsTls13, RuleContext context)
    {
        string[] words =
        [
            .. set.Tokens.Where(token => !IsIdle(token, included)).Select(token => token.Text),
            .. (string[])(addsTls13 ? ["TLSv1.3"] : []),
        ];
        string list = string.Join(", ", words);
        bool isFloor = context.Postfix.IsAtLeast(3, 6)
            && TlsProtocolSet.Parse(list, context.Target).Allowed == (TlsProtocols.TlsV12 | TlsProtocols.TlsV13);
        return isFloor ? ">=TLSv1.2" : list;
    }
}
