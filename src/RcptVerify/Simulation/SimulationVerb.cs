namespace RcptVerify.Simulation;

/// <summary>The SMTP commands the stand-in Exchange tells apart.</summary>
internal enum SimulationVerb
{
    Unrecognized,
    Ehlo,
    Helo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    Bdat,
    Rset,
    Noop,
    Vrfy,
    Quit,
}
