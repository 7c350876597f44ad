using System.Net;
using System.Text.RegularExpressions;
using InstanceKit.Platform;
using Xunit;

namespace InstanceKit.IntegrationTests.Newcomer;

/// <summary>A headless Chromium.</summary>
internal static partial class Browser
{
    private const int Attempts = 4;
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>
    /// Opens a page until it shows all the texts, as a person reloads one that has lost its patience with a busy machine.
    /// </summary>
    public static async Task SeeAsync(string url, params string[] texts)
    {
        var page = "";
        for (var opened = 0; opened < Attempts; opened++)
        {
            page = await ReadAsync(url);
            if (texts.All(t => page.Contains(t, StringComparison.Ordinal)))
                return;
        }

        Assert.All(texts, t => Assert.Contains(t, page, StringComparison.Ordinal));
    }

    /// <summary>The text of a page as a person sees it some seconds after it was opened.</summary>
    private static async Task<string> ReadAsync(string url)
    {
        var profile = Directory.CreateTempSubdirectory("ik-browser-").FullName;
        try
        {
            var result = await ProcessRunner.RunAsync(new ProcessSpec
            {
                Program = Find(),
                Arguments =
                [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", $"--user-data-dir={profile}",
                    "--virtual-time-budget=6000", "--dump-dom", url,
                ],
                Timeout = TimeSpan.FromSeconds(90),
            });
            Assert.True(result.Succeeded, $"{url}: {result.StandardError}");
            var body = Invisible().Replace(result.StandardOutput, "");
            return WebUtility.HtmlDecode(Spaces().Replace(Tags().Replace(body, " "), " "));
        }
        finally
        {
            Directory.Delete(profile, recursive: true);
        }
    }

    /// <summary>Skips the test where there is none, or fails it where it was promised.</summary>
    public static void Require()
    {
        if (TryFind() is not null)
            return;
        Assert.False(Requires.IsStrict, "No Chromium is on the search path.");
        Assert.Skip("No Chromium is on the search path.");
    }

    private static string Find() => TryFind()!;

    private static string? TryFind() => Names.FirstOrDefault(n => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(f => File.Exists(Path.Combine(f, n))));

    [GeneratedRegex("<(script|style)\\b.*?</\\1>", RegexOptions.Singleline)]
    private static partial Regex Invisible();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+")]
    private static partial Regex Spaces();
}
