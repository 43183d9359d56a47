using System.Security.Cryptography.X509Certificates;
using RcptVerify.Simulation.Behaviours;

namespace RcptVerify.Simulation;

/// <summary>What all connections of one running simulator share.</summary>
internal sealed class SimulationContext : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lazy<X509Certificate2> _ownCertificate;
    private volatile ServerScript _script;

    /// <exception cref="ArgumentException">Unknown behaviour, malformed known address.</exception>
    public SimulationContext(SimulationOptions options)
    {
        Options = options;
        Stopping = _stopping.Token;
        _ownCertificate = new(() => SimulationCertificate.CreateSelfSigned(options.HostName, options.TimeProvider));
        foreach (string entry in options.Known)
            Known.Add(entry);
        _script = NewScript(options.Behaviour);
    }

    public SimulationOptions Options { get; }

    public SimulationCounters Counters { get; } = new();

    public KnownRecipients Known { get; } = new();

    /// <summary>The behaviour in force; each command asks anew.</summary>
    public ServerScript Script => _script;

    /// <summary>The configured certificate, else one made on first use.</summary>
    public X509Certificate2 Certificate => Options.Certificate ?? _ownCertificate.Value;

    /// <summary>Cancelled when the simulator stops; may be asked after <see cref="Dispose"/>, by connections late to end.</summary>
    public CancellationToken Stopping { get; }

    public void SwitchTo(string behaviour) => _script = NewScript(behaviour);

    public void Stop() => _stopping.Cancel();

    public void Dispose()
    {
        if (_ownCertificate.IsValueCreated)
            _ownCertificate.Value.Dispose();
        _stopping.Dispose();
    }

    private ServerScript NewScript(string name) => SimulationBehaviours.TryGet(name, out SimulationBehaviour? behaviour)
        ? behaviour.NewScript(this)
        : throw new ArgumentException($"There is no behaviour '{name}'.", nameof(name));
}
