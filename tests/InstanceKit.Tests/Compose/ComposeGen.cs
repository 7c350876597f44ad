using CsCheck;
using InstanceKit.Models;

namespace InstanceKit.Tests.Compose;

/// <summary>Generators of compose models, from plain to hostile.</summary>
internal static class ComposeGen
{
    private static readonly Gen<string> Atom = Gen.OneOf<string>(
        "a", "B", "1", " ", "  ", "\t", "\n", "\r", "\r\n", "\0", "\a", "\u001B", "\u007F", "\u0085", "\u00A0", "\u2028",
        "\u2029", "\uFEFF", "\uFFFD", "é", "漢", "😀", "'", "\"", "`", "\\", "$", "$$", "${A}", "$${A}", "#", " #", ":", ": ",
        "- ", "? ", "!", "!reset ", "&a", "*a", "|", ">", "%", "@", "{", "}", "[", "]", ",", "---", "...", "~", "null",
        "true", "0x1", "1e3", "<<", "=", "localhost:5433", "http://localhost:5173/", "0.0.0.0:9092", "127.0.0.1:4000",
        "[::1]:9000", "advertise", "public");

    /// <summary>Pieces that mean something to YAML, Compose or the patcher, in any order.</summary>
    public static readonly Gen<string> Text = Gen.Frequency<string>(
        (4, Atom.Array[0, 8].Select(string.Concat)), (1, Gen.String[Gen.Char[' ', '\uD7FF'], 0, 200]));

    /// <summary>A name that Compose allows for a service, network or volume.</summary>
    public static readonly Gen<string> Name = Gen.OneOf<string>(
        Gen.OneOf<string>("postgres", "null", "true", "Yes", "no", "on", "off", "y", "N", "123", "1.5", "1e3", "0x1F", "0o7", ".inf",
            "-", "-a", "._", "a.b", "a-b", "1_000", "2001-01-01"),
        Gen.String[Gen.OneOf(Gen.Char['a', 'z'], Gen.Char['0', '9'], Gen.OneOf<char>('.', '_', '-')), 1, 6]);

    private static readonly Gen<string> Variable = Gen.OneOf<string>(
        Gen.OneOf<string>("A", "B", "PUBLIC_URL", "CORS_ORIGINS", "null", "1", "a b", "a: b", "#", "~", "?", "-", ""), Text);

    private static readonly Gen<ComposeHealthCheck?> HealthCheck = Gen.Select(
        Gen.Int[0, 3], Gen.Int[1, 90_000], Gen.Int[1, 50], (kind, ms, retries) => kind == 0
            ? null
            : new ComposeHealthCheck(kind == 1, TimeSpan.FromMilliseconds(ms), retries));

    /// <summary>Ports without their service: target, base or none, protocol, host address.</summary>
    private static readonly Gen<PublishedPort> Port = Gen.Select(
        Gen.Int[1, 65535], Gen.OneOf<int>(0, 5433, 9000, 9092), Gen.Int[1024, 4999], Gen.OneOf<string>("tcp", "udp"),
        Gen.OneOf<string>("", "0.0.0.0", "127.0.0.1", "::1"),
        (target, known, other, protocol, host) => new PublishedPort(
            "", target, known == 0 ? other : known == 9000 ? null : known, protocol, host.Length == 0 ? null : host));

    private static readonly Gen<ComposeService> Service = Gen.Select(
        Port.Array[0, 3], Gen.Dictionary(Variable, Text)[0, 4], Text.Array[0, 4], HealthCheck, Gen.Int[0, 7],
        (ports, environment, command, check, flags) => new ComposeService
        {
            Name = "",
            ContainerName = (flags & 1) == 0 ? null : "studio-fixed",
            Ports = ports,
            Environment = environment.ToDictionary(v => v.Key, v => v.Value == "null" ? null : v.Value),
            Command = (flags & 2) == 0 ? null : command,
            HealthCheck = check,
            NetworkMode = flags == 7 ? "host" : null,
        });

    private static readonly Gen<(string Key, string Name, bool IsExternal)> Resource = Gen.Select(Name, Gen.Int[0, 2], (key, kind) =>
        (key, kind switch { 0 => $"shipsec-dev-1_{key}", 1 => "studio-fixed", _ => key }, kind == 2));

    /// <summary>Models that Compose could print under project <c>shipsec-dev-1</c>; no two services publish one port.</summary>
    public static readonly Gen<ComposeModel> Model = Gen.Select(
        Gen.Select(Name, Service).Array[0, 5], Resource.Array[0, 3], Resource.Array[0, 3], (services, networks, volumes) =>
        {
            // Every second service is waited for until it is healthy.
            var awaited = services.DistinctBy(s => s.Item1).Where((_, i) => i % 2 == 0)
                .ToDictionary(s => s.Item1, _ => "service_healthy");
            var taken = new HashSet<(int?, string)>();
            return new ComposeModel(
                "shipsec-dev-1",
                [.. services.DistinctBy(s => s.Item1).Select(s => s.Item2 with
                {
                    Name = s.Item1,
                    DependsOn = awaited,
                    Ports = [.. s.Item2.Ports.Where(p => p.BasePort is null || taken.Add((p.BasePort, p.Protocol)))
                        .Select(p => p with { Service = s.Item1 })],
                })],
                [.. networks.DistinctBy(n => n.Key).Select(n => new ComposeNetwork(n.Key, n.Name, n.IsExternal))],
                [.. volumes.DistinctBy(v => v.Key).Select(v => new ComposeVolume(v.Key, v.Name, v.IsExternal))],
                "");
        });
}
