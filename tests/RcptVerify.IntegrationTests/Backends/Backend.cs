using RcptVerify.TestKit.Smtp;

namespace RcptVerify.IntegrationTests.Backends;

/// <summary>A running mail server that a row of <see cref="VerdictTable"/> is about.</summary>
/// <param name="Domain">Its domain.</param>
/// <param name="Port">Where it listens on 127.0.0.1.</param>
/// <param name="DeliveredToKnown">Messages that have arrived in the known user's mailbox.</param>
/// <param name="Log">What it has to say, for messages.</param>
/// <param name="DeliversLater">Whether messages arrive some time after they were accepted.</param>
/// <param name="Owned">What ends with it.</param>
internal sealed record Backend(
    string Domain, int Port, Func<int> DeliveredToKnown, Func<string> Log, bool DeliversLater, params IAsyncDisposable[] Owned) : IAsyncDisposable
{
    /// <summary>The user who has a mailbox.</summary>
    public string Known => $"alice@{Domain}";

    /// <summary>A user who has none.</summary>
    public string Nobody => $"nobody@{Domain}";

    /// <summary>
    /// Counts the messages in the known user's mailbox. Where they arrive later, a message of our own follows: once it is
    /// there, whatever was accepted before it is there too, and the counting is known to work.
    /// </summary>
    public async Task<int> CountDeliveriesAsync(int expected)
    {
        if (!DeliversLater)
            return DeliveredToKnown();
        await using (TestSmtpClient client = await TestSmtpClient.ConnectAsync(Port))
        {
            await client.EhloAsync();
            await client.MailAsync();
            await client.RcptAsync(Known);
            SmtpAnswer answer = await client.DataAsync("Subject: the last one\r\n\r\nHello\r\n");
            if (answer.Code != 250)
                throw new InvalidOperationException($"{answer}\n{Log()}");
        }

        await TestKit.Processes.Eventually.HoldsAsync(
            () => DeliveredToKnown() > expected, $"{expected + 1} messages for {Known}", TimeSpan.FromSeconds(20), Log);
        return DeliveredToKnown() - 1;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable owned in Owned)
            await owned.DisposeAsync();
    }
}
