using System.Text;
using Microsoft.Extensions.Time.Testing;
using RcptVerify.Telemetry;
using Xunit;

namespace RcptVerify.Tests.Telemetry;

public sealed class LinePrefixTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 17, 40, 29, TimeSpan.Zero));

    [Fact]
    public void A_line_begins_as_Postfix_begins_it()
    {
        LinePrefix prefix = new(_time, "mx1", 123, journal: false);
        Assert.Equal("Nov 24 17:40:29 mx1 rcptverify[123]: ", Text(prefix));
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal("Nov 24 17:40:29 mx1 rcptverify[123]: ", Text(prefix));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("Nov 24 17:40:30 mx1 rcptverify[123]: ", Text(prefix));
    }

    [Fact]
    public void A_day_of_one_digit_is_padded_with_a_space_and_the_time_is_local()
    {
        _time.SetUtcNow(new DateTimeOffset(2026, 12, 31, 23, 5, 7, TimeSpan.Zero));
        _time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("test", TimeSpan.FromHours(1), "test", "test"));
        Assert.Equal("Jan  1 00:05:07 mx1 rcptverify[123]: ", Text(new LinePrefix(_time, "mx1", 123, journal: false)));
    }

    [Theory]
    [InlineData(3, "<3>")]
    [InlineData(7, "<7>")]
    public void In_the_journal_a_line_begins_with_its_priority(int priority, string expected) =>
        Assert.Equal(expected, Text(new LinePrefix(_time, "mx1", 123, journal: true), priority));

    [Fact]
    public void The_longest_host_name_fits()
    {
        string host = new('h', 300);
        Assert.Equal($"Nov 24 17:40:29 {host[..255]} rcptverify[{int.MaxValue}]: ", Text(new LinePrefix(_time, host, int.MaxValue, journal: false)));
    }

    private static string Text(LinePrefix prefix, int priority = 6)
    {
        byte[] destination = new byte[LinePrefix.MaxBytes];
        return Encoding.UTF8.GetString(destination, 0, prefix.Write(priority, destination));
    }
}
