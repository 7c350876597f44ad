using InstanceKit.Models;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.Tests.Models;

public sealed class WorkspaceTextReaderTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("\uFEFFA=1\r\nB='é'\r\n")]
    [InlineData("A=1\rB=2")]
    [InlineData("")]
    public void An_env_file_is_written_as_it_was_read(string text)
    {
        var bytes = new System.Text.UTF8Encoding(false).GetBytes(text);
        File.WriteAllBytes(_path, bytes);

        FileStore.Write(_path, WorkspaceTextReader.ReadEnv(_path, "backend/.env")!);

        Assert.Equal(bytes, File.ReadAllBytes(_path));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'A', (byte)'\n', (byte)'B', (byte)'=', 0xE9 }, "backend/.env is not valid UTF-8: line 2 contains the byte 0xE9.")]
    [InlineData(new byte[] { 0xFF, 0xFE, (byte)'A', 0 }, "backend/.env is not valid UTF-8: line 1 contains the byte 0xFF.")]
    [InlineData(new byte[] { (byte)'A', (byte)'=', 0 }, "backend/.env is not valid UTF-8: line 1 contains the byte 0x00.")]
    public void An_env_file_that_is_no_text_is_refused_by_name(byte[] bytes, string message)
    {
        File.WriteAllBytes(_path, bytes);

        var error = Assert.Throws<InstanceKitException>(() => WorkspaceTextReader.ReadEnv(_path, "backend/.env"));

        Assert.Equal((ExitCode.Usage, message), (error.ExitCode, error.Message));
    }
}
