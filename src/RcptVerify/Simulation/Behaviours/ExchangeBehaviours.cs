namespace RcptVerify.Simulation.Behaviours;

/// <summary>
/// The Exchange generations. What is measured: the 2013 front end's refusal after the dot (SIEGNETZ.IT's transcript). What is documented:
/// the texts, and that front ends proxy at DATA so that RCPT is always accepted. Which reply of 2016 and 2019 carries the refusal is an
/// assumption (as 2013); that is why the prober measures the stage, and why the data and bdat variants exist.
/// </summary>
internal static class ExchangeBehaviours
{
    private static readonly Reply NotFoundByAddress =
        Reply.Line("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup");

    public static readonly IReadOnlyList<SimulationBehaviour> All =
    [
        Edition("exchange2007", "recipient filter on: 550 5.1.1 at RCPT",
            ExchangeEdition.Exchange2010 with { Extensions = ExchangeEdition.Extensions2007 }),
        Edition("exchange2010", "recipient filter on: 550 5.1.1 at RCPT", ExchangeEdition.Exchange2010),
        Edition("exchange2010-novalidation", "recipient filter off: accepts everybody, would bounce later",
            ExchangeEdition.Exchange2010 with { TellsAt = null }),
        Edition("exchange2013-frontend", "port 25: 550 5.1.1 only after the final dot",
            new(SimulatedStage.Message, ExchangeEdition.Extensions2013, Replies.UserUnknown)),
        Edition("exchange2013-frontend-data", "port 25: 550 5.1.1 in reply to DATA",
            new(SimulatedStage.Data, ExchangeEdition.Extensions2013, Replies.UserUnknown)),
        Edition("exchange2013-bdat", "port 25: 550 5.1.1 in reply to a BDAT chunk, or after the final dot",
            new(SimulatedStage.Chunk, ExchangeEdition.Extensions2013, Replies.UserUnknown)),
        Edition("exchange2013-2525", "transport service with the recipient filter agent: 550 5.1.1 at RCPT",
            new(SimulatedStage.Rcpt, ExchangeEdition.Extensions2013, Replies.UserUnknown)),
        Edition("exchange2016", "port 25: 550 5.1.1 only after the final dot, SMTPUTF8",
            new(SimulatedStage.Message, ExchangeEdition.Extensions2016, Replies.UserUnknown)),
        Edition("exchange2019", "port 25: 550 5.1.10 RESOLVER.ADR.RecipientNotFound only after the final dot, SMTPUTF8",
            new(SimulatedStage.Message, ExchangeEdition.Extensions2016, NotFoundByAddress)),
        new("exchange-online", "directory based edge blocking: 550 5.4.1 Access denied at RCPT", c => new OnlineScript(c)),
        Edition("edge", "Edge Transport with recipient validation: 550 5.1.1 at RCPT",
            new(SimulatedStage.Rcpt, ExchangeEdition.Extensions2016, Replies.UserUnknown)),
        Edition("accept-all", "accepts and delivers whatever comes", new(null, ExchangeEdition.Extensions2016, Replies.UserUnknown)),
    ];

    private static SimulationBehaviour Edition(string name, string summary, ExchangeEdition edition) =>
        new(name, summary, context => new ExchangeScript(context, edition));

    /// <summary>Its refusal names recipient and host (sisimai rb#77).</summary>
    private sealed class OnlineScript(SimulationContext context)
        : ExchangeScript(context, new(SimulatedStage.Rcpt, ExchangeEdition.ExtensionsOnline, Replies.UserUnknown))
    {
        protected override Reply UserUnknown(string recipient) => Reply.Line(
            $"550 5.4.1 [{recipient}]: Recipient address rejected: Access denied. AS(201806281) [{Context.Options.HostName}]");
    }
}
