using RcptVerify.Simulation;
using Xunit;

namespace RcptVerify.Tests.Simulation;

public sealed class KnownRecipientsTests
{
    [Theory]
    [InlineData("alice@example.com", "ALICE@Example.COM", true)]
    [InlineData("alice@example.com", "alice@example.org", false)]
    [InlineData("user*@example.com", "User17@EXAMPLE.com", true)]
    [InlineData("user*@example.com", "user@example.com", true)]
    [InlineData("user*@example.com", "use@example.com", false)]
    [InlineData("user*@example.com", "user1@sub.example.com", false)]
    [InlineData("*-ext@example.com", "bob-ext@example.com", true)]
    [InlineData("*-ext@example.com", "bob@example.com", false)]
    [InlineData("ab*ba@example.com", "aba@example.com", false)]
    [InlineData("@example.com", "anyone@example.com", true)]
    [InlineData("@example.com", "anyone@notexample.com", false)]
    public void An_entry_matches_its_addresses_without_regard_to_case(string entry, string address, bool known)
    {
        KnownRecipients recipients = new SimulationContext(new SimulationOptions { Behaviour = "edge", Known = [entry] }).Known;

        Assert.Equal(known, recipients.Contains(address));
        Assert.True(recipients.Remove(entry.ToUpperInvariant()));
        Assert.False(recipients.Contains(address));
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("alice@")]
    [InlineData("alice@*.example.com")]
    [InlineData("a*b*@example.com")]
    public void An_entry_that_is_no_address_is_refused(string entry) =>
        Assert.Throws<ArgumentException>(() => new KnownRecipients().Add(entry));
}
