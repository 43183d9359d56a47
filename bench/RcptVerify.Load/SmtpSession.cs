using RcptVerify.Load.Native;

namespace RcptVerify.Load;

/// <summary>What the next reply of a session belongs to.</summary>
internal enum SmtpStep
{
    Greeting,
    Hello,
    Recipient,
    Other, // MAIL and RSET
}

/// <summary>One connection of the RCPT load: what it has still to ask for, and what the next reply belongs to.</summary>
internal sealed class SmtpSession(Channel channel, int share)
{
    private int _replies; // so far: the greeting, EHLO, then within the transaction
    private int _recipients;

    public Channel Channel => channel;

    /// <summary>Recipients this connection has still to ask for.</summary>
    public int Left { get; private set; } = share;

    /// <summary>When the running transaction was written, in Stopwatch ticks.</summary>
    public long Written { get; private set; }

    public void Begin(int recipients, long now)
    {
        (_replies, _recipients, Written) = (0, recipients, now);
        Left -= recipients;
    }

    /// <summary>Counts a reply; <paramref name="last"/>: nothing more is outstanding, the next transaction may begin.</summary>
    public SmtpStep Expected(out bool last)
    {
        int index = _replies++;
        if (_recipients == 0)
        {
            last = index == 1;
            return index == 0 ? SmtpStep.Greeting : SmtpStep.Hello;
        }

        last = index == _recipients + 1;
        return index == 0 || last ? SmtpStep.Other : SmtpStep.Recipient;
    }
}
