using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Endpoints;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>What collecting costs at most, whoever asks.</summary>
public sealed class CollectedMessagesTests
{
    private readonly FakeVerifier _verifier = new();
    private readonly FakeTimeProvider _time = new();
    private readonly CollectedMessages _messages;

    public CollectedMessagesTests() => _messages = new(_time);

    [Fact]
    public void Past_the_most_messages_the_one_that_was_quiet_longest_goes()
    {
        for (int i = 0; i < CollectedMessages.MaxMessages; i++)
            Take($"i{i}", "anna@example.com");
        Take("i0", "anna@example.com"); // it is no longer the quietest

        Take("one more", "anna@example.com");

        Assert.Equal(CollectedMessages.MaxMessages, _messages.Count);
        Assert.NotNull(Find("i0"));
        Assert.Null(Find("i1"));
        Assert.NotNull(Find("one more"));
    }

    [Fact]
    public void Past_the_most_recipients_the_message_that_was_quiet_longest_goes()
    {
        int full = CollectedMessages.MaxOpen / CollectedMessage.MaxOpen;
        for (int i = 0; i < full; i++)
        {
            for (int j = 0; j < CollectedMessage.MaxOpen; j++)
                Take($"i{i}", "trouble@example.com");
        }

        Assert.Equal(full, _messages.Count);
        Take("one more", "trouble@example.com");

        Assert.Null(Find("i0"));
        Assert.NotNull(Find("i1"));
        Assert.Equal(1, Find("one more")!.Count);
    }

    [Fact]
    public async Task Recipients_past_the_most_of_one_message_are_unknown_for_good()
    {
        const int Sent = CollectedMessage.MaxOpen + 5;
        for (int i = 0; i < Sent; i++)
            Take("i1", "slow@example.com");
        CollectedMessage message = Find("i1")!;
        Assert.Equal((Sent, CollectedMessage.MaxOpen), (message.Count, message.Open));

        _verifier.Release("slow@example.com");
        RecipientTally tally = await message.SettleAsync(_verifier, TimeSpan.Zero, ReplySettings.Default, _time, (_, _) => { });

        Assert.Equal((CollectedMessage.MaxOpen, 5, MessageOutcome.Unknown), (tally.Good, tally.Unknown, tally.Outcome));
    }

    [Fact]
    public void A_message_is_kept_for_an_hour_after_its_last_recipient()
    {
        Take("i1", "anna@example.com");
        _time.Advance(CollectedMessages.MaxAge);
        Take("i1", "anna@example.com");
        _time.Advance(CollectedMessages.MaxAge);
        Assert.Equal(2, Find("i1")!.Count);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(Find("i1"));
        Assert.Equal(0, _messages.Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(CollectedMessages.MaxInstanceBytes + 1)]
    public void What_names_no_message_is_not_kept(int length)
    {
        string instance = new('x', length);
        Take(instance, "trouble@example.com");

        Assert.Null(Find(instance));
        Assert.Equal(0, _messages.Count);
    }

    private void Take(string instance, string recipient)
    {
        MessageMark? last = null;
        RecipientQuery query = new(Encoding.UTF8.GetBytes(recipient), default, TimeSpan.FromSeconds(8));
        _messages.Take(Encoding.UTF8.GetBytes(instance), _verifier, query, ReplySettings.Default, ref last);
    }

    private CollectedMessage? Find(string instance) => _messages.Find(Encoding.UTF8.GetBytes(instance));
}
