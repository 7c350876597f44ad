using System.Net;
using System.Net.Sockets;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Support;

/// <summary>What macOS is asked through <c>ps</c> and <c>lsof</c>, asked here with the same words: it must say what /proc says.</summary>
public sealed class OtherUnixTests
{
    [Fact]
    public async Task Ps_tells_of_the_same_processes_as_the_kernel()
    {
        var own = ProcessTree.ReadOne(Environment.ProcessId)!;

        var all = PsListing.Parse(await ReadAsync(PsListing.Command("-ax")));
        var one = PsListing.Parse(await ReadAsync(PsListing.Command("-p", $"{Environment.ProcessId}")));

        Assert.Contains(all, p => p.Pid == own.Pid && p.ParentPid == own.ParentPid && p.Command == own.Command);
        Assert.Contains(all, p => p.Pid == own.ParentPid);
        Assert.Equal(own.Pid, Assert.Single(one).Pid);
        // The two tell a moment by different clocks, and each only compares what it has told itself.
        var started = DateTimeOffset.FromUnixTimeSeconds(one[0].StartMark);
        Assert.InRange(started, DateTimeOffset.UtcNow.AddHours(-2), DateTimeOffset.UtcNow.AddMinutes(5));
    }

    [Fact]
    public async Task Lsof_tells_of_the_same_listener_as_the_kernel()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var sockets = LsofListing.Parse(await ReadAsync(LsofListing.Command));

        Assert.Contains(new ListeningSocket(port, IPAddress.Loopback, Environment.ProcessId), sockets);
        Assert.Equal(ListeningSockets.Snapshot([port]), sockets.Where(s => s.Port == port));
    }

    private static async Task<string> ReadAsync(ProcessSpec command)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere other tests take this way.");
        try
        {
            return (await ProcessRunner.RunAsync(command, cancellation: TestContext.Current.CancellationToken)).StandardOutput;
        }
        catch (InstanceKitException e)
        {
            Assert.Skip(e.Message);
            throw;
        }
    }
}
