using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Platform;

public sealed class RefusedLimitTests
{
    [Theory]
    [InlineData("Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 8: operation not permitted: unknown", "memlock")]
    [InlineData("OCI runtime create failed: container_linux.go:380: starting container process caused: process_linux.go:545: container init caused: setting rlimits for ready process caused: error setting rlimit type 7: operation not permitted: unknown", "nofile")]
    [InlineData("crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied", "nofile")]
    [InlineData("error setting rlimit type 99: operation not permitted", "99")]
    public void The_limit_is_named_as_a_compose_file_names_it(string words, string limit) => Assert.Equal(limit, RefusedLimit.Find(words));

    [Theory]
    [InlineData("Bind for 127.0.0.1:5433 failed: port is already allocated")]
    [InlineData("operation not permitted")]
    [InlineData("")]
    public void Other_words_are_about_something_else(string words) => Assert.Null(RefusedLimit.Find(words));
}
