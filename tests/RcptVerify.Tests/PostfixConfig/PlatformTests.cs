using RcptVerify.PostfixConfig.Versions;
using Xunit;

namespace RcptVerify.Tests.PostfixConfig;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("debian", "debian")]
    [InlineData("Debian GNU/Linux 12", "debian")]
    [InlineData("raspbian", "debian")]
    [InlineData("ubuntu-24.04", "ubuntu")]
    [InlineData("RHEL 10", "rhel10")]
    [InlineData("rhel9.4", "rhel9")]
    [InlineData("el7", "rhel8")]
    [InlineData("rocky10", "rhel10")]
    [InlineData("AlmaLinux-11", "rhel10")]
    [InlineData("CentOS Stream 9", "rhel9")]
    [InlineData("ol8", "rhel8")]
    [InlineData("fedora41", "fedora")]
    [InlineData("alpine3.19", "alpine")]
    [InlineData("opensuse-leap 15.6", "suse")]
    [InlineData("sles15", "suse")]
    [InlineData("FreeBSD14", "freebsd")]
    [InlineData("rhel", null)]
    [InlineData("centos", null)]
    [InlineData("10", null)]
    [InlineData("", null)]
    [InlineData("unknown", null)]
    [InlineData("debian12x", null)]
    [InlineData("rhel99999999999999999999", null)]
    [InlineData("windows", null)]
    public void A_platform_is_known_by_the_names_that_people_use(string name, string? platform) => Assert.Equal(platform, Platform.Find(name)?.Name);

    [Fact]
    public void Each_platform_is_found_by_its_own_name() => Assert.All(Platform.All, platform => Assert.Same(platform, Platform.Find(platform.Name)));
}
