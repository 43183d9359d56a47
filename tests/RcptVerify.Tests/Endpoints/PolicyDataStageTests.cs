using Microsoft.Extensions.Logging;
using RcptVerify.Endpoints;
using RcptVerify.TestKit.Endpoints;
using Xunit;

namespace RcptVerify.Tests.Endpoints;

/// <summary>With <c>answer_at = "data"</c>: whether the log tells that Postfix does not ask at DATA, and only then.</summary>
public sealed class PolicyDataStageTests : PolicyDoorTest
{
    private int _instance;

    public PolicyDataStageTests() => Settings.Rules = new PolicyDoorRules { AtData = true };

    [Fact]
    public async Task Messages_of_several_clients_that_pass_RCPT_and_never_come_to_DATA_are_told_of()
    {
        InMemoryConnection connection = Connect().Connection;
        await SendAsync(connection, DataStage.MinMessages, clients: DataStage.MinClients);
        Assert.Empty(LinesAt(LogLevel.Warning)); // the last one may still go on

        await SendAsync(connection, 1, clients: 1);

        Assert.Equal(
            "policy: 20 messages passed RCPT and not one was seen at DATA; with answer_at = \"data\" the same check_policy_service must stand in "
                + "smtpd_data_restrictions too, for without it unknown recipients are let in. No matter where these clients all left after RCPT",
            Assert.Single(LinesAt(LogLevel.Warning)));
    }

    [Fact]
    public async Task It_is_told_again_after_an_hour_and_not_before()
    {
        InMemoryConnection connection = Connect().Connection;
        await SendAsync(connection, 1000, clients: 50);
        Assert.Single(LinesAt(LogLevel.Warning));

        Time.Advance(DataStage.Interval);
        await SendAsync(connection, 100, clients: 50);
        Assert.Equal(2, LinesAt(LogLevel.Warning).Count);
    }

    [Fact]
    public async Task One_message_at_DATA_ends_all_doubt()
    {
        InMemoryConnection connection = Connect().Connection;
        await SendAsync(connection, DataStage.MinMessages, clients: 10);
        await connection.SendAsync(PolicySample.Request("", "DATA", instance: "any").Replace("recipient_count=0", "recipient_count=1", StringComparison.Ordinal));

        await SendAsync(connection, 1000, clients: 50);

        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task A_few_clients_that_leave_after_RCPT_are_no_reason()
    {
        InMemoryConnection connection = Connect().Connection;
        await SendAsync(connection, DataStage.MinMessages, clients: 10);
        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task A_monitor_is_no_reason_until_there_are_very_many()
    {
        InMemoryConnection connection = Connect().Connection;
        await SendAsync(connection, DataStage.ManyMessages, clients: 1);
        Assert.Empty(LinesAt(LogLevel.Warning));

        await SendAsync(connection, 1, clients: 1);
        Assert.Single(LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task Messages_whose_recipients_were_all_refused_have_no_DATA_to_come_to()
    {
        await SendAsync(Connect().Connection, 1000, clients: 50, recipient: "nobody@example.com");
        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task Several_recipients_of_one_message_are_one_message()
    {
        InMemoryConnection connection = Connect().Connection;
        for (int i = 0; i < 1000; i++)
            await connection.SendAsync(PolicySample.Request($"user{i}@example.com", instance: "one"));
        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    [Fact]
    public async Task Where_each_message_has_a_connection_of_its_own_those_count_that_were_quiet_for_an_hour()
    {
        for (int i = 0; i < DataStage.MinMessages; i++)
            await SendAsync(Connect().Connection, 1, clients: 10);
        await SendAsync(Connect().Connection, 1, clients: 10);
        Assert.Empty(LinesAt(LogLevel.Warning));

        Time.Advance(CollectedMessages.MaxAge + TimeSpan.FromSeconds(1));
        await SendAsync(Connect().Connection, 1, clients: 10);
        Assert.StartsWith("policy: 21 messages ", Assert.Single(LinesAt(LogLevel.Warning)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_at_RCPT_need_no_DATA()
    {
        Settings.Rules = new PolicyDoorRules();
        await SendAsync(Connect().Connection, 1000, clients: 50);
        Assert.Empty(LinesAt(LogLevel.Warning));
    }

    private async Task SendAsync(InMemoryConnection connection, int messages, int clients, string recipient = "anna@example.com")
    {
        for (int i = 0; i < messages; i++)
        {
            string request = PolicySample.Request(recipient, instance: $"i{_instance++}");
            await connection.SendAsync(request.Replace("client_address=192.0.2.10", $"client_address=192.0.2.{_instance % clients}", StringComparison.Ordinal));
            _ = connection.ReadAvailable();
        }
    }
}
