using System.Text;
using Microsoft.Extensions.Logging;
using RcptVerify.Telemetry;

namespace RcptVerify.Verification;

/// <summary>The clients' <see cref="ClientBudget"/> where a route limits them, and the log lines that belong to it.</summary>
/// <param name="time">The clock.</param>
/// <param name="log">Where clients that used up their budget are told.</param>
internal sealed class ClientAccounts(TimeProvider time, ILogger log)
{
    private readonly ClientBudget _budget = new(time);
    private readonly RepeatGuard _lines = new(time);

    /// <summary>Whether the client's next unknown recipient is not to be probed.</summary>
    /// <param name="client">Its address as text.</param>
    /// <param name="route">The recipient's route.</param>
    public bool IsSpent(ReadOnlySpan<byte> client, Route route) =>
        route.ClientLimit is { } limit && _budget.IsSpent(client, route.Name, limit);

    /// <summary>An answer on its way out; a refusal is put down to the client's account.</summary>
    /// <param name="client">Its address as text.</param>
    /// <param name="result">What the client is told.</param>
    /// <returns><paramref name="result"/>.</returns>
    public VerificationResult Counted(ReadOnlySpan<byte> client, VerificationResult result)
    {
        if (result.Outcome != VerificationOutcome.Undeliverable
            || result.Route is not { ClientLimit: { } limit } route
            || !_budget.Charge(client, route.Name, limit))
        {
            return result;
        }

        if (_lines.MayPass(out long held))
        {
            Log.ClientLimited(log, LogEscape.Text(Encoding.UTF8.GetString(client)), limit.Refused, route.Name);
            if (held > 0)
                Log.Repeated(log, held, "clients refused too many recipients");
        }

        return result;
    }
}
