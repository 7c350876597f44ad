using System.Runtime.CompilerServices;
using Docker.DotNet;
namespace InstanceKit.Drivers;
internal sealed record LogLine(string Text);
internal sealed record LogQuery { public int? Tail { get; init; } }
internal sealed class ContainerLogReader(DockerClient c, string id, string s)
{
    public async IAsyncEnumerable<LogLine> ReadAsync(LogQuery q, [EnumeratorCancellation] CancellationToken t)
    {
        using var m = await c.Containers.GetContainerLogsAsync(id, false, new Docker.DotNet.Models.ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Tail = q.Tail?.ToString() ?? "all" }, t);
        var (o, e) = await m.ReadOutputToEndAsync(t);
        foreach (var l in (o + e).Split('\n')) yield return new LogLine(l + s[..0]);
    }
}
