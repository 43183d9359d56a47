using System.Net;
using System.Net.Sockets;
using RcptVerify.TestKit.Processes;
using Xunit;

namespace RcptVerify.IntegrationTests.Caching;

/// <summary>The admin door where its port is taken.</summary>
public sealed class AdminDoorTests
{
    [Fact]
    public async Task A_default_port_that_is_taken_is_told_and_mail_is_served()
    {
        using Socket holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            holder.Bind(new IPEndPoint(IPAddress.Loopback, 10080));
            holder.Listen();
        }
        catch (SocketException)
        {
            Assert.NotNull(holder); // somebody else on this host has it: taken is taken
        }

        IPEndPoint policy = new(IPAddress.Loopback, FreePort.Next());
        Dictionary<string, string> environment = new()
        {
            ["RCPTVERIFY__POLICY__LISTEN"] = $"inet:{policy}",
            ["RCPTVERIFY__ADMIN__SOCKET"] = "",
            ["RCPTVERIFY__CACHE__STORE"] = "memory",
        };
        await using DaemonProcess daemon = new(["serve", "--route", "cli.lab.test=127.0.0.1:9"], environment);
        await daemon.WaitForListenerAsync(policy);
        Assert.Contains("cannot listen on inet:127.0.0.1:10080", daemon.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_port_that_is_taken_is_an_error()
    {
        using Socket holder = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        Dictionary<string, string> environment = new()
        {
            ["RCPTVERIFY__POLICY__LISTEN"] = $"inet:127.0.0.1:{FreePort.Next()}",
            ["RCPTVERIFY__ADMIN__LISTEN"] = $"inet:{holder.LocalEndPoint}",
            ["RCPTVERIFY__ADMIN__SOCKET"] = "",
            ["RCPTVERIFY__CACHE__STORE"] = "memory",
        };
        await using DaemonProcess daemon = new(["serve", "--route", "cli.lab.test=127.0.0.1:9"], environment);
        Assert.Equal(78, await daemon.WaitForExitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains(holder.LocalEndPoint!.ToString()!, daemon.Output.Text, StringComparison.Ordinal);
    }
}
