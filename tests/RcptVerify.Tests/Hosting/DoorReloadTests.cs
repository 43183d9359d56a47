using Microsoft.Extensions.Logging.Abstractions;
using RcptVerify.Configuration;
using RcptVerify.Hosting;
using RcptVerify.Verification;
using Xunit;

namespace RcptVerify.Tests.Hosting;

/// <summary>What a reload changes of the doors that are open.</summary>
public sealed class DoorReloadTests
{
    [Fact]
    public async Task A_reload_changes_the_socketmap_doors_answers_and_keeps_its_times()
    {
        RcptVerifyOptions before = new()
        {
            Cache = new CacheOptions { Store = "memory" },
            Socketmap = new SocketmapOptions { AnswerWithin = TimeSpan.FromSeconds(3), NoRoute = NoRouteAnswer.Ok, MaxIdleTime = TimeSpan.FromSeconds(200) },
        };
        await using VerificationService service = new(before, TimeProvider.System, NullLoggerFactory.Instance);
        Assert.Equal((TimeSpan.FromSeconds(3), NoRouteAnswer.Ok, false), Answers());

        service.Apply(before with
        {
            Reply = before.Reply with { DryRun = true },
            Socketmap = new SocketmapOptions { AnswerWithin = TimeSpan.FromSeconds(4), NoRoute = NoRouteAnswer.Notfound },
        });

        Assert.Equal((TimeSpan.FromSeconds(4), NoRouteAnswer.Notfound, true), Answers());
        Assert.Equal(TimeSpan.FromSeconds(200), service.SocketmapDoor.Limits.IdleTime);

        (TimeSpan, NoRouteAnswer, bool) Answers() =>
            (service.SocketmapDoor.AnswerWithin, service.SocketmapDoor.NoRoute, service.SocketmapDoor.DryRun);
    }
}
