using RcptVerify.Endpoints;
using RcptVerify.Wire;

namespace RcptVerify.Tests.Endpoints;

/// <summary>What the log says of a peer whose bytes are not taken.</summary>
internal static class FaultText
{
    /// <summary>The line for a fault of the door's own protocol, by the fault's name or in words.</summary>
    public static string Malformed(string fault) =>
        $"malformed request from 127.0.0.1:4711: {(Enum.TryParse(fault, out WireError error) ? $"{WireErrors.Describe(error)} ({fault})" : fault)}"
        + "; closing the connection without an answer";

    /// <summary>The line for a peer that speaks another protocol.</summary>
    public static string WrongDoor(string door, WireProtocol protocol)
    {
        (string what, string advice) = PeerFault.AdviceOn(protocol);
        return $"{door} door inet:127.0.0.1:4710: what 127.0.0.1:4711 sent looks like {what}; {advice}; closing the connection without an answer";
    }
}
