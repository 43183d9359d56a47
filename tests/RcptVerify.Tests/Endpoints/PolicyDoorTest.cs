using RcptVerify.Endpoints;

namespace RcptVerify.Tests.Endpoints;

/// <summary>A policy door.</summary>
public abstract class PolicyDoorTest : DoorTest<PolicyConnectionHandler>
{
    internal PolicyDoorSettings Settings { get; } = new();

    private protected override PolicyConnectionHandler Create() => new(Verifier, Settings, Time, Log);
}
