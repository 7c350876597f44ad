using System.Text.Json.Nodes;
using InstanceKit.Apps;
using Xunit;

namespace InstanceKit.Tests.Apps;

public sealed class WindowsLaunchTests
{
    private const string Shell = @"C:\Windows\System32\cmd.exe";

    private static readonly Dictionary<string, string> Installed = new()
    {
        ["npm"] = @"C:\Program Files\nodejs\npm.cmd",
        ["pnpm"] = @"C:\Users\me\AppData\Roaming\npm\pnpm.CMD",
        ["bun"] = @"C:\Users\me\.bun\bin\bun.exe",
    };

    [Theory]
    [InlineData("""{"script":"npm","args":"run dev"}""", "/d /s /c npm run dev")]
    [InlineData("""{"script":"pnpm","args":["dev","--port","5273"],"interpreter":"none"}""", "/d /s /c pnpm dev --port 5273")]
    [InlineData("""{"script":"npm.cmd"}""", "/d /s /c npm.cmd")]
    [InlineData("""{"script":"tools\\run.bat","args":["a"]}""", @"/d /s /c tools\run.bat a")]
    public void Scripts_of_the_command_shell_are_given_to_it(string entry, string arguments)
    {
        var changed = Apply(entry);

        Assert.Equal(Shell, (string)changed["script"]!);
        Assert.Equal(arguments, string.Join(' ', changed["args"]!.AsArray()));
        Assert.Equal("none", (string)changed["interpreter"]!);
    }

    [Theory]
    [InlineData("""{"script":"bun","args":"dev"}""")]
    [InlineData("""{"script":"src/index.js"}""")]
    [InlineData("""{"script":"npm.js"}""")]
    [InlineData("""{"script":"unknown"}""")]
    [InlineData("""{"name":"x"}""")]
    public void Everything_else_stays(string entry) => Assert.Equal(entry, Apply(entry).ToJsonString());

    private static JsonObject Apply(string text)
    {
        var entry = JsonNode.Parse(text)!.AsObject();
        WindowsLaunch.Apply(entry, Installed.GetValueOrDefault, Shell);
        return entry;
    }
}
