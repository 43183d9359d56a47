using RcptVerify.Simulation.Behaviours;

namespace RcptVerify.Simulation;

/// <summary>A way a mail server can behave, by name.</summary>
public sealed class SimulationBehaviour
{
    internal SimulationBehaviour(string name, string summary, Func<SimulationContext, ServerScript> newScript)
    {
        Name = name;
        Summary = summary;
        NewScript = newScript;
    }

    /// <summary>The name <c>simulate --behaviour</c> takes, in lower case.</summary>
    public string Name { get; }

    /// <summary>One line for lists, without a full stop.</summary>
    public string Summary { get; }

    /// <summary>A script belongs to one running simulator: what it remembers is not shared.</summary>
    internal Func<SimulationContext, ServerScript> NewScript { get; }
}
