using System.Diagnostics.CodeAnalysis;
using RcptVerify.Simulation.Behaviours;

namespace RcptVerify.Simulation;

/// <summary>The catalogue of behaviours: Exchange generations, servers in trouble, hostile servers.</summary>
public static class SimulationBehaviours
{
    private static readonly IReadOnlyList<SimulationBehaviour> Catalogue =
        [.. ExchangeBehaviours.All, .. TroubledBehaviours.All, .. HostileBehaviours.All];

    private static readonly Dictionary<string, SimulationBehaviour> ByName =
        Catalogue.ToDictionary(b => b.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Name and one-line summary of each behaviour, in the order to list them.</summary>
    public static IReadOnlyList<(string Name, string Summary)> All { get; } = [.. Catalogue.Select(b => (b.Name, b.Summary))];

    /// <summary>Finds a behaviour by its name, case aside.</summary>
    public static bool TryGet(string name, [NotNullWhen(true)] out SimulationBehaviour? behaviour) =>
        ByName.TryGetValue(name, out behaviour);
}
