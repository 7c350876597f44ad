using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace InstanceKit.Drivers;

/// <summary>Where the Docker engine answers: the same place for Compose and for the engine's API.</summary>
public static class EngineEndpoint
{
    private const string DockersPipe = "npipe:////./pipe/";
    private const string LibrarysPipe = "npipe://./pipe/";

    /// <summary>
    /// <c>DOCKER_HOST</c>, then the context that <c>DOCKER_CONTEXT</c> or <c>docker context use</c> chose, then the
    /// platform's default.
    /// </summary>
    /// <exception cref="InstanceKitException">The address is not one that the engine's API can be reached at.</exception>
    public static Uri Resolve()
    {
        var text = Environment.GetEnvironmentVariable("DOCKER_HOST");
        if (string.IsNullOrEmpty(text))
            text = FromContext() ?? Default;
        return Parse(text) ?? throw new InstanceKitException(
            ExitCode.Prerequisite, $"The Docker engine's address '{text}' can't be used.",
            "Set DOCKER_HOST to a unix://, npipe:// or tcp:// address.");
    }

    /// <summary>An address of the engine's API; <see langword="null"/> for one that it can't be reached at.</summary>
    /// <param name="text">What a variable or a context says.</param>
    /// <remarks>
    /// Docker writes pipes of Windows with four slashes, <c>npipe:////./pipe/docker_engine</c>, and the client library
    /// knows them with two only.
    /// </remarks>
    public static Uri? Parse(string text)
    {
        var known = text.StartsWith(DockersPipe, StringComparison.OrdinalIgnoreCase) ? LibrarysPipe + text[DockersPipe.Length..] : text;
        return Uri.TryCreate(known, UriKind.Absolute, out var uri) && uri.Scheme is "unix" or "tcp" or "http" or "https" or "npipe"
            ? uri
            : null;
    }

    private static string Default => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? "npipe://./pipe/docker_engine"
        : "unix:///var/run/docker.sock";

    private static string? FromContext()
    {
        var folder = Environment.GetEnvironmentVariable("DOCKER_CONFIG")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        var name = Environment.GetEnvironmentVariable("DOCKER_CONTEXT")
            ?? Read(Path.Combine(folder, "config.json"), root => Text(root, "currentContext"));
        if (string.IsNullOrEmpty(name) || name == "default")
            return null;
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        return Read(
            Path.Combine(folder, "contexts", "meta", id, "meta.json"),
            root => root.TryGetProperty("Endpoints", out var ends) && ends.TryGetProperty("docker", out var docker)
                ? Text(docker, "Host")
                : null);
    }

    private static string? Read(string path, Func<JsonElement, string?> select)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return select(document.RootElement);
        }
        catch (JsonException e)
        {
            throw new InstanceKitException(
                ExitCode.Prerequisite, $"'{path}' is not valid JSON: {e.Message}", "Repair it, or set DOCKER_HOST.", e);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
