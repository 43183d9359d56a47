using System.Collections.Concurrent;
using RcptVerify.TestKit.Smtp;

namespace RcptVerify.IntegrationTests.Serving;

/// <summary>
/// Mail servers sending to a Postfix without pause: real messages to known recipients, kept and tried again on 4xx as RFC 5321 section
/// 4.5.4.1 wants it, and attempts at unknown ones.
/// </summary>
public sealed class MailTraffic : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private readonly int _port;
    private readonly string _known;
    private readonly string _unknown;
    private readonly Task _senders;
    private volatile bool _stopping;
    private int _accepted;
    private int _refused;
    private int _deferred;

    /// <summary>Starts sending.</summary>
    /// <param name="port">The Postfix, on 127.0.0.1.</param>
    /// <param name="known">The domain where every recipient exists.</param>
    /// <param name="unknown">The domain where none does.</param>
    public MailTraffic(int port, string known, string unknown)
    {
        (_port, _known, _unknown) = (port, known, unknown);
        _senders = Task.WhenAll(
            SendKnownAsync("a"), SendKnownAsync("b"), SendKnownAsync("c"), SendKnownAsync("d"), TryUnknownAsync("e"), TryUnknownAsync("f"));
    }

    /// <summary>The ids of the messages Postfix took: each stands in its message's <c>X-Id</c> header.</summary>
    public ConcurrentBag<string> AcceptedIds { get; } = [];

    /// <summary>Replies no sender may ever see: a known recipient refused for good, an unknown one accepted.</summary>
    public ConcurrentBag<string> Wrong { get; } = [];

    /// <summary>Messages to known recipients Postfix took.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Attempts at unknown recipients refused for good.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>4xx replies to either.</summary>
    public int Deferred => Volatile.Read(ref _deferred);

    /// <summary>Whether the senders still send; false also after one met something unforeseen, which <see cref="StopAsync"/> throws.</summary>
    public bool IsRunning => !_senders.IsCompleted;

    /// <summary>Lets each sender finish its message.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        return _senders;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task SendKnownAsync(string sender)
    {
        using PeriodicTimer timer = new(Pace, TimeProvider.System);
        for (int n = 0; !_stopping;)
        {
            await timer.WaitForNextTickAsync();
            string id = $"{sender}{n}.";
            SmtpAnswer answer = await SendAsync($"user{n % 40}@{_known}", id);
            switch (answer.Code / 100)
            {
                case 2:
                    AcceptedIds.Add(id);
                    Interlocked.Increment(ref _accepted);
                    n++;
                    break;
                case 4:
                    Interlocked.Increment(ref _deferred);
                    break;
                default:
                    Wrong.Add($"{id} to a known recipient: {answer}");
                    n++;
                    break;
            }
        }
    }

    private async Task TryUnknownAsync(string sender)
    {
        using PeriodicTimer timer = new(Pace, TimeProvider.System);
        for (int n = 0; !_stopping; n++)
        {
            await timer.WaitForNextTickAsync();
            SmtpAnswer answer = await SendAsync($"nobody{n % 40}@{_unknown}", $"{sender}{n}.");
            switch (answer.Code / 100)
            {
                case 4:
                    Interlocked.Increment(ref _deferred);
                    break;
                case 5:
                    Interlocked.Increment(ref _refused);
                    break;
                default:
                    Wrong.Add($"{sender}{n} to an unknown recipient: {answer}");
                    break;
            }
        }
    }

    /// <summary>One attempt on a connection of its own.</summary>
    /// <returns>The first reply that was not 2xx, or that to the final dot.</returns>
    private async Task<SmtpAnswer> SendAsync(string recipient, string id)
    {
        await using TestSmtpClient client = await TestSmtpClient.ConnectAsync(_port);
        await client.EhloAsync();
        await client.MailAsync();
        SmtpAnswer answer = await client.RcptAsync(recipient);
        return answer.Code == 250 ? await client.DataAsync($"X-Id: {id}\r\nSubject: traffic\r\n\r\nHello\r\n") : answer;
    }
}
