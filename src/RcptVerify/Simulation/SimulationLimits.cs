namespace RcptVerify.Simulation;

/// <summary>What the stand-in Exchange takes from a client before it says no.</summary>
internal static class SimulationLimits
{
    /// <summary>Longest command line with its CRLF, in octets. RFC 5321 4.5.3.1.4 asks for 512.</summary>
    public const int MaxLineOctets = 12 * 1024;

    /// <summary>Longest message in octets; the SIZE of the Exchange 2013 transcript (50 MiB).</summary>
    public const long MaxMessageOctets = 52_428_800;

    /// <summary>Octets of a message kept to read its header from; the rest is counted and dropped.</summary>
    public const int MaxHeaderOctets = 64 * 1024;

    /// <summary>Recipients a message, then 452 4.5.3 (Set-ReceiveConnector MaxRecipientsPerMessage).</summary>
    public const int MaxRecipients = 200;

    /// <summary>Delivered messages remembered; older ones are forgotten, the count goes on.</summary>
    public const int MaxRememberedMessages = 10_000;

    /// <summary>Octets of replies gathered from pipelined commands before they are flushed anyway.</summary>
    public const int MaxUnflushedOctets = 16 * 1024;
}
