using System.Net;

namespace RcptVerify.Simulation;

/// <summary>What the server knows of one connection and of the mail transaction on it.</summary>
internal sealed class SimulatedSession(IPAddress peer)
{
    private readonly List<string> _recipients = [];

    public IPAddress Peer { get; } = peer;

    public bool IsTls { get; private set; }

    public bool HasSaidHello { get; private set; }

    /// <summary>EHLO, not HELO: extensions were told.</summary>
    public bool IsExtended { get; private set; }

    /// <summary>The transaction's sender; empty is the null sender, null is no transaction.</summary>
    public string? Sender { get; private set; }

    /// <summary>MAIL carried SMTPUTF8 (RFC 6531).</summary>
    public bool IsInternational { get; private set; }

    /// <summary>The recipient the current RCPT asks for.</summary>
    public string Candidate { get; set; } = "";

    /// <summary>The transaction's accepted recipients.</summary>
    public IReadOnlyList<string> Recipients => _recipients;

    /// <summary>A BDAT chunk was taken: DATA is out of the question now (RFC 3030).</summary>
    public bool HasChunks { get; set; }

    /// <summary>Octets of the chunk just received.</summary>
    public long ChunkOctets { get; set; }

    /// <summary>5xx replies so far.</summary>
    public int Errors { get; set; }

    public void Hello(bool extended)
    {
        HasSaidHello = true;
        IsExtended = extended;
        EndTransaction();
    }

    public void Begin(string sender, bool international)
    {
        Sender = sender;
        IsInternational = international;
    }

    public void AcceptCandidate() => _recipients.Add(Candidate);

    public void EndTransaction()
    {
        Sender = null;
        IsInternational = false;
        HasChunks = false;
        _recipients.Clear();
    }

    /// <summary>RFC 3207 4.2: after the handshake nothing said in clear text counts.</summary>
    public void BecomeTls()
    {
        EndTransaction();
        HasSaidHello = false;
        IsTls = true;
    }
}
