using System.Text;
using InstanceKit.Engine;
using Xunit;

namespace InstanceKit.Tests.Engine;

public sealed class ContainerReaderTests
{
    [Fact]
    public void What_compose_run_has_started_is_not_listed()
    {
        var listed = ContainerReader.List(Bytes("""
            [
              {"Id":"a","Names":["/p-postgres-1"],"State":"created","Labels":{
                "com.docker.compose.project":"p","com.docker.compose.service":"postgres","com.docker.compose.oneoff":"False",
                "dev.instancekit.workspace":"/w"}},
              {"Id":"b","State":"running","Labels":{"com.docker.compose.oneoff":"True"}},
              {"Id":"c","State":"exited","Labels":null}
            ]
            """));

        Assert.Equal([("p", "a"), ("", "c")], listed.Select(l => (l.Project, l.Container.Id)));
        Assert.Equal(
            ("p-postgres-1", "postgres", ContainerState.Created, "/w"),
            (listed[0].Container.Name, listed[0].Container.Service, listed[0].Container.State, listed[0].Container.Workspace));
    }

    [Fact]
    public void All_that_is_needed_of_a_container_is_read()
    {
        var container = ContainerReader.Describe(Bytes("""
            {
              "Id":"0123","Name":"/p-postgres-1","RestartCount":2,
              "State":{"Status":"running","Pid":42,"ExitCode":0,"Error":"","StartedAt":"2026-11-26T10:00:00.123456789Z",
                "Health":{"Status":"starting"}},
              "HostConfig":{"RestartPolicy":{"Name":"unless-stopped"}},
              "NetworkSettings":{"Ports":{"9/udp":[{"HostIp":"","HostPort":"99"}],"8008/tcp":null,
                "5432/tcp":[{"HostIp":"127.0.0.1","HostPort":"5533"},{"HostIp":"::1","HostPort":"5533"}]}},
              "Config":{"Healthcheck":{"Test":["CMD-SHELL","pg_isready"]},
                "Labels":{"com.docker.compose.service":"postgres","com.docker.compose.project.working_dir":"/w/docker",
                  "com.docker.compose.depends_on":"redis:service_started:false,minio:service_healthy:true"}}
            }
            """));

        Assert.Equal(("0123", "p-postgres-1", "postgres", 42), (container.Id, container.Name, container.Service, container.Pid));
        Assert.Equal(["redis", "minio"], container.DependsOn);
        Assert.Equal((ContainerState.Running, ContainerHealth.Starting, 2), (container.State, container.Health, container.RestartCount));
        Assert.Equal(["CMD-SHELL", "pg_isready"], container.HealthTest);
        Assert.Equal([5533], container.Published);
        Assert.Equal(5533, Assert.Single(container.LocalPorts).Value);
        Assert.Equal(new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero), container.StartedAt!.Value, TimeSpan.FromSeconds(1));
        Assert.Equal((false, "/w/docker"), (container.StaysEnded, container.Workspace));
        Assert.Null(container.Error);
    }

    [Theory]
    [InlineData("""{"Id":"1","State":{"Status":"created","StartedAt":"0001-01-01T00:00:00Z","Error":"port is already allocated"}}""")]
    [InlineData("""{"Id":"1","State":{"Status":"created","Error":"port is already allocated"},"Config":{"Labels":{}},"HostConfig":{"RestartPolicy":{"Name":"no"}}}""")]
    public void One_that_never_ran_has_no_start_and_keeps_the_engine_s_words(string json)
    {
        var container = ContainerReader.Describe(Bytes(json));

        Assert.Null(container.StartedAt);
        Assert.Equal((ContainerState.Created, true, "port is already allocated"), (container.State, container.StaysEnded, container.Error));
    }

    private static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);
}
