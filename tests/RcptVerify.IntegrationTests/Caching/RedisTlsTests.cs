using Microsoft.Extensions.Logging;
using RcptVerify.Caching;
using RcptVerify.TestKit.Postfix;
using RcptVerify.TestKit.Processes;
using RcptVerify.TestKit.Redis;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>A real Redis that speaks TLS, asks for our certificate as it does by default, and knows our user.</summary>
[Collection(Alone.Name)]
public sealed class RedisTlsTests
{
    private static readonly string[] Administrator = ["--no-auth-warning", "--pass", RedisDocument.Password];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_documented_string_and_user_do_all_that_nodes_do_over_TLS()
    {
        using RedisCertificates certificates = new();
        await using RedisServer redis = await StartAsync(certificates);
        await AllThatNodesDo.WorksAsync(SettingsFor(redis, certificates));
        Assert.Contains("user=rcptverify", await ClientsDuringAsync(redis, certificates), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_daemon_takes_the_files_from_its_configuration()
    {
        using RedisCertificates certificates = new();
        await using RedisServer redis = await StartAsync(certificates);
        await using SmtpSink server = await SmtpSink.StartAsync(SmtpSinkMode.AcceptAll);
        RedisServerSettings settings = SettingsFor(redis, certificates);
        await using SharingDaemon daemon = await SharingDaemon.StartAsync(settings.ConnectionString, server.Port, server.Port,
            $"redis_ca_file = \"{settings.CaFile}\"\nredis_cert_file = \"{settings.CertFile}\"\nredis_key_file = \"{settings.KeyFile}\"");
        Assert.StartsWith("DUNNO", await daemon.AskAsync($"user@{SharingDaemon.Known}"), StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () => (await redis.CliAsync([.. Administrator, "dbsize"])).Trim() == "1", "the verdict in Redis", Patience);
    }

    [Theory]
    [InlineData("another authority", "no trusted authority vouches for it")]
    [InlineData("another authority of the same name", "it is not signed with the key of the authority that it names")]
    [InlineData("the system's authorities", "no trusted authority vouches for it")]
    [InlineData("another name", "it is not for 127.0.0.1")]
    [InlineData("expired", "it is expired or not yet valid")]
    [InlineData("no authority's file", "redis_ca_file /nonexistent/ca.pem: ")]
    [InlineData("no key's file", "redis_cert_file ")]
    public async Task A_certificate_that_does_not_pass_is_told_loudly_and_service_goes_on_without_Redis(string fault, string told)
    {
        using RedisCertificates certificates = new(fault == "another name" ? "redis.example" : "127.0.0.1", fault == "expired");
        using RedisCertificates others = new(issuer: fault == "another authority" ? "Authority of another Redis" : "Authority of one Redis");
        await using RedisServer redis = await StartAsync(certificates);
        RedisServerSettings settings = SettingsFor(redis, certificates);
        settings = fault switch
        {
            "another authority" or "another authority of the same name" => settings with { CaFile = others.CaFile },
            "the system's authorities" => settings with { CaFile = "" },
            "no authority's file" => settings with { CaFile = "/nonexistent/ca.pem" },
            "no key's file" => settings with { KeyFile = "/nonexistent/key.pem" },
            _ => settings,
        };
        await GoesOnWithoutAsync(redis, settings, told);
    }

    [Fact]
    public async Task Without_our_certificate_or_with_a_wrong_password_service_goes_on_without_Redis()
    {
        using RedisCertificates certificates = new();
        await using RedisServer redis = await StartAsync(certificates);
        RedisServerSettings settings = SettingsFor(redis, certificates);
        await GoesOnWithoutAsync(redis, settings with { CertFile = "", KeyFile = "" }, "IS AWAY");
        string wrong = settings.ConnectionString.Replace(RedisDocument.Password, "wrong", StringComparison.Ordinal);
        await GoesOnWithoutAsync(redis, settings with { ConnectionString = wrong }, "AuthenticationFailure");
    }

    [Fact]
    public async Task A_Redis_that_comes_back_with_another_authoritys_certificate_is_refused_until_it_shows_the_right_one()
    {
        using RedisCertificates certificates = new();
        using RedisCertificates others = new(issuer: "Authority of another Redis");
        await using RedisServer redis = await RedisServer.StartTlsAsync(certificates, "--tls-auth-clients", "no");
        CountingBackend backend = new();
        await using RedisNode node = await RedisNode.StartAsync(
            new RedisServerSettings($"{redis.ConnectionString},ssl=true") { CaFile = certificates.CaFile }, backend);
        await RestartAsync(others);
        await UntilToldAsync(node, "no trusted authority vouches for it");
        Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync("user@example.com"));
        Assert.False(node.Redis.IsUp);
        await RestartAsync(certificates);
        await node.UntilUpAsync();
        await Eventually.HoldsAsync(async () => (await redis.CliAsync("dbsize")).Trim() == "1", "what was learnt meanwhile in Redis", Patience);

        async Task RestartAsync(RedisCertificates with)
        {
            await redis.SignalAsync(UnixSignal.Kill);
            redis.Take(with);
            await redis.StartAgainAsync();
        }
    }

    private static async Task<RedisServer> StartAsync(RedisCertificates certificates)
    {
        RedisServer redis = await RedisServer.StartTlsAsync(certificates);
        await redis.CliAsync(["acl", "setuser", "rcptverify", .. RedisDocument.UserRules]);
        await redis.CliAsync("acl", "setuser", "default", "resetpass", ">" + RedisDocument.Password); // nobody comes in without a password
        return redis;
    }

    private static RedisServerSettings SettingsFor(RedisServer redis, RedisCertificates certificates) =>
        new(RedisDocument.ConnectionString("ssl=true", redis.ConnectionString))
        {
            CaFile = certificates.CaFile,
            CertFile = certificates.ClientCertFile,
            KeyFile = certificates.ClientKeyFile,
        };

    private static async Task<string> ClientsDuringAsync(RedisServer redis, RedisCertificates certificates)
    {
        await using RedisNode node = await RedisNode.StartAsync(SettingsFor(redis, certificates), new CountingBackend());
        return await redis.CliAsync([.. Administrator, "client", "list"]);
    }

    private static async Task GoesOnWithoutAsync(RedisServer redis, RedisServerSettings settings, string told)
    {
        CountingBackend backend = new();
        await using RedisNode node = await RedisNode.StartAsync(settings, backend, wait: false);
        await UntilToldAsync(node, told);
        Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync("user@example.com"));
        Assert.Equal(VerificationOutcome.Undeliverable, await node.AskAsync("no@example.com"));
        Assert.Equal(VerificationOutcome.Deliverable, await node.AskAsync("user@example.com"));
        Assert.Equal(2, backend.Probes.Count);
        Assert.False(node.Redis.IsUp);
        Assert.Equal("0", (await redis.CliAsync([.. Administrator, "dbsize"])).Trim());
        Assert.DoesNotContain(node.Log.Lines, line => line.Text.Contains(RedisDocument.Password, StringComparison.Ordinal));
    }

    private static Task UntilToldAsync(RedisNode node, string told) => Eventually.HoldsAsync(
        () => node.Log.Lines.Any(line => line.Level == LogLevel.Error && line.Text.Contains(told, StringComparison.Ordinal)),
        $"an error that tells \"{told}\"", Patience, () => string.Join('\n', node.Log.Lines));
}
