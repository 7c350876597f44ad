using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace InstanceKit.Engine;

/// <summary>Where the Docker engine answers: the same place for Docker's own programs and for the engine's API.</summary>
/// <param name="Address">The address, for this library: <c>unix</c>, <c>npipe</c> or <c>tcp</c>.</param>
/// <param name="Host">The same as Docker writes it.</param>
/// <param name="Origin">What it was read from, for messages: "DOCKER_HOST".</param>
/// <param name="Tls">The certificates; <see langword="null"/> for a connection without TLS.</param>
public sealed record EngineEndpoint(Uri Address, string Host, string Origin, EngineTls? Tls)
{
    private const string DockersPipe = "npipe:////./pipe/";
    private const string LibrarysPipe = "npipe://./pipe/";
    private const string UnixScheme = "unix://";
    private const int PlainPort = 2375;
    private const int SecurePort = 2376;

    /// <summary>The variables that lead Docker's own programs to this engine, whatever they would choose by themselves.</summary>
    public IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>(WithoutEngine)
    {
        ["DOCKER_HOST"] = Host,
        ["DOCKER_TLS"] = Tls is { Verifies: false } ? "1" : null,
        ["DOCKER_TLS_VERIFY"] = Tls is { Verifies: true } ? "1" : null,
        ["DOCKER_CERT_PATH"] = Tls?.Folder,
    };

    /// <summary>The variables that keep Docker's programs from contacting an engine, for commands that need none.</summary>
    public static IReadOnlyDictionary<string, string?> WithoutEngine { get; } = new Dictionary<string, string?>
    {
        ["DOCKER_HOST"] = null,
        ["DOCKER_CONTEXT"] = "default",
        ["DOCKER_TLS"] = null,
        ["DOCKER_TLS_VERIFY"] = null,
        ["DOCKER_CERT_PATH"] = null,
    };

    /// <summary>The address as Docker writes it.</summary>
    public override string ToString() => Host;

    /// <summary>
    /// <c>DOCKER_HOST</c>, then the context that <c>DOCKER_CONTEXT</c> or <c>docker context use</c> chose, then the
    /// platform's default.
    /// </summary>
    /// <exception cref="InstanceKitException">
    /// The address is not one that the engine's API can be reached at, or the context or its certificates can't be read.
    /// </exception>
    public static EngineEndpoint Resolve() => Resolve(Environment.GetEnvironmentVariable);

    /// <summary>The same, with other variables than those of this process.</summary>
    /// <inheritdoc cref="Resolve()"/>
    public static EngineEndpoint Resolve(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        var folder = Given(variable, "DOCKER_CONFIG")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
        if (Given(variable, "DOCKER_HOST") is { } host)
            return Create(host, "DOCKER_HOST", OfVariables);
        var (name, origin) = Given(variable, "DOCKER_CONTEXT") is { } chosen
            ? (chosen, "DOCKER_CONTEXT")
            : (Read(Path.Combine(folder, "config.json"), root => Text(root, "currentContext")), Path.Combine(folder, "config.json"));
        return string.IsNullOrEmpty(name) || name == "default"
            ? Create(Default, "the default", OfVariables)
            : OfContext(folder, name, origin);

        EngineTls? OfVariables()
        {
            var verifies = Given(variable, "DOCKER_TLS_VERIFY") is not null;
            return verifies || Given(variable, "DOCKER_TLS") is not null
                ? EngineTls.Read(Given(variable, "DOCKER_CERT_PATH") ?? folder, verifies, needsAuthority: verifies, "DOCKER_TLS_VERIFY")
                : null;
        }
    }

    /// <summary>An address of the engine's API; <see langword="null"/> for one that it can't be reached at.</summary>
    /// <param name="text">The value of a variable or context.</param>
    /// <remarks>
    /// Docker writes pipes of Windows with four slashes, <c>npipe:////./pipe/docker_engine</c>, and the client library
    /// accepts two only. A socket path is taken literally, as in Docker.
    /// </remarks>
    public static Uri? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.StartsWith(UnixScheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = text[UnixScheme.Length..];
            return path.StartsWith('/') && path.Length > 1 && !path.Contains('\0', StringComparison.Ordinal)
                ? new Uri(UnixScheme + string.Join('/', path.Split('/').Select(Uri.EscapeDataString)))
                : null;
        }

        var known = text.StartsWith(DockersPipe, StringComparison.OrdinalIgnoreCase) ? LibrarysPipe + text[DockersPipe.Length..] : text;
        return Uri.TryCreate(known, UriKind.Absolute, out var uri)
            && (uri.Scheme is "npipe" || (uri.Scheme is "tcp" && uri is { Host.Length: > 0, Port: not 0, PathAndQuery: "" or "/", UserInfo: "" }))
                ? uri
                : null;
    }

    private static EngineEndpoint Create(string given, string origin, Func<EngineTls?> tls)
    {
        var text = given.Trim();
        if (text.StartsWith("ssh://", StringComparison.OrdinalIgnoreCase))
        {
            throw new NoAnswerException(
                $"The Docker engine at {text} ({origin}) can't be used: an engine behind SSH is not supported, since the ports of its containers are on another machine.",
                "Use an engine of this machine: set DOCKER_HOST to its unix:// or tcp:// address, or run 'docker context use default'.");
        }

        var address = Parse(text) ?? throw new NoAnswerException(
            $"'{text}' ({origin}) is not a valid Docker engine address.",
            "Set DOCKER_HOST to an address such as unix:///var/run/docker.sock or tcp://127.0.0.1:2375, or unset it.");
        if (address.Scheme is not "tcp")
            return new EngineEndpoint(address, text, origin, null);
        var secured = tls();
        var port = address.Port > 0 ? address.Port : secured is null ? PlainPort : SecurePort;
        var exact = new Uri($"tcp://{address.Host}:{port}");
        return new EngineEndpoint(exact, $"tcp://{address.Host}:{port}", origin, secured);
    }

    private static string Default => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? DockersPipe + "docker_engine"
        : "unix:///var/run/docker.sock";

    private static EngineEndpoint OfContext(string folder, string name, string chosenBy)
    {
        var id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
        var meta = Path.Combine(folder, "contexts", "meta", id, "meta.json");
        if (!File.Exists(meta))
        {
            throw new NoAnswerException(
                $"The Docker context '{name}' ({chosenBy}) does not exist: there is no '{meta}'.",
                "Choose another context ('docker context ls' lists them, 'docker context use default' switches back to the default), or set DOCKER_HOST.");
        }

        var certificates = Path.Combine(folder, "contexts", "tls", id, "docker");
        var (host, skipsVerification) = Read(meta, root =>
        {
            var docker = Member(Member(root, "Endpoints"), "docker");
            return (Text(docker, "Host"), Member(docker, "SkipTLSVerify").ValueKind == JsonValueKind.True);
        });
        if (string.IsNullOrEmpty(host))
        {
            throw new NoAnswerException(
                $"The Docker context '{name}' has no engine address in '{meta}'.",
                $"Create it again (docker context rm {name}; docker context create {name}), or set DOCKER_HOST.");
        }

        return Create(host, $"context '{name}'", () => Directory.Exists(certificates) || skipsVerification
            ? EngineTls.Read(certificates, !skipsVerification, needsAuthority: false, $"context '{name}'")
            : null);
    }

    private static T? Read<T>(string path, Func<JsonElement, T?> select)
    {
        try
        {
            if (!File.Exists(path))
                return default;
            using var document = JsonDocument.Parse(File.ReadAllText(path));
            return select(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new NoAnswerException(
                $"The Docker configuration '{path}' can't be read: {e.Message}", "Fix or remove that file, or set DOCKER_HOST.", e);
        }
    }

    private static string? Given(Func<string, string?> variable, string name) => variable(name) is { Length: > 0 } value ? value : null;

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
