using System.Globalization;
using RcptVerify.PostfixConfig.Effective;

namespace RcptVerify.PostfixConfig.Rules.Kex;

/// <summary>Options of OpenSSL that are missing, idle or dear, and an order of ciphers that the guideline does not want.</summary>
internal sealed class Kex005SslOptions : PostfixRule
{
    private const string Options = "tls_ssl_options";
    private const string Preempt = "tls_preempt_cipherlist";
    private const long NoTicket = 0x4000;
    private const long NoRenegotiation = 0x40000000;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check(RuleContext context) => TlsServers.Of(context)
        .GroupBy(service => new Settings(PlaceOf(service[Options]), service[Options].Text, PlaceOf(service[Preempt]), service[Preempt].Text))
        .SelectMany(group => Check(context, [.. group]));

    private sealed record Settings(object? OptionsPlace, string OptionsText, object? PreemptPlace, string PreemptText);

    /// <summary>The definition; null for a default.</summary>
    private static object? PlaceOf(EffectiveValue value) => (object?)value.Override ?? value.Entry;

    private IEnumerable<Finding> Check(RuleContext context, EffectiveService[] services)
    {
        EffectiveValue options = services[0][Options];
        EffectiveService[] old = [.. services.Where(TlsServers.HasTls12)];
        bool refuses = Has(options, "NO_RENEGOTIATION", NoRenegotiation);
        if (context.Postfix.IsAtLeast(3, 8))
        {
            if (refuses)
                yield return Found("NO_RENEGOTIATION is idle: Postfix refuses renegotiation itself", options, services, "delete the word");
        }
        else if (context.Postfix.IsAtLeast(3, 4) && !refuses && old.Length > 0 && context.Target.OpenSsl.IsAtLeast(1, 1))
        {
            string words = string.Join(", ", options.Words.Append("NO_RENEGOTIATION"));
            yield return Found("a client may renegotiate again and again, at the server's cost", options, old, $"{Options} = {words}");
        }

        if (options.IsSet && context.Postfix.IsAtLeast(2, 11) && Has(options, "NO_TICKET", NoTicket))
            yield return Found(
                "NO_TICKET turns off the resumption of sessions that needs no cache: each costs a full handshake",
                options,
                services,
                "delete the word");
        EffectiveValue preempt = services[0][Preempt];
        if (context.Profile.PreemptCipherlist is bool wanted && old.Length > 0 && context.Postfix.IsAtLeast(2, 8) && preempt.IsYes != wanted)
        {
            yield return Found(
                $"{context.Profile.Title} wants the {(wanted ? "server" : "client")}'s order of ciphers to count", preempt, old, $"{Preempt} = {(wanted ? "yes" : "no")}");
        }
    }

    private Finding Found(string message, EffectiveValue value, EffectiveService[] services, string fix) =>
        (value.IsSet ? Of(Severity.Notice, message, value) : Of(Severity.Notice, message, parameter: value.Name)) with
        {
            Services = [.. services.Select(service => service.Id)],
            Fix = fix,
        };

    /// <summary>By name in any case, or as a bit of a number in base 16.</summary>
    private static bool Has(EffectiveValue options, string name, long bit) => options.Words.Any(word =>
        word.Equals(name, StringComparison.OrdinalIgnoreCase) ||
        (word.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && long.TryParse(word.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out long mask) && (mask & bit) != 0));
}
