using System.Text.Json.Nodes;

namespace InstanceKit.Models;

/// <summary>Normalizes a service to the form that Compose prints, so that layers can be merged.</summary>
internal static class ServiceShape
{
    private const string Extension = "x-";
    private const int MostPorts = 65_535;

    /// <summary>The service in that form, without <c>extends</c>.</summary>
    /// <param name="raw">The service as it is written.</param>
    /// <exception cref="InstanceKitException">Something in it is wrong, or only Compose understands it.</exception>
    public static JsonObject Of(JsonObject raw, ComposePlace place)
    {
        var result = new JsonObject();
        foreach (var (key, value) in raw.Where(e => e.Key != "extends"))
        {
            if (key is "command" or "entrypoint")
                result[key] = ListShape.Words(value, place.At(key));
            else if (value is not null)
                result[key] = Member(key, value, place.At(key), place) is var member && member is JsonArray list ? LayerMerge.Once(key, list) : member;
        }

        return result;
    }

    private static JsonNode? Member(string key, JsonNode value, ComposePlace at, ComposePlace service) => key switch
    {
        "environment" => ListShape.Pairs(value, at, missing: null),
        "labels" or "annotations" or "sysctls" => ListShape.Pairs(value, at, missing: ""),
        "ports" => new JsonArray([.. Items(value, at).SelectMany(i => PortShape.Of(i, at)).Take(MostPorts + 1)]) is { Count: <= MostPorts } ports
            ? ports
            : throw at.Wrong($"has more than {MostPorts} ports"),
        "volumes" => new JsonArray([.. Items(value, at).Select(i => MountShape.Of(i, at))]),
        "configs" => new JsonArray([.. Items(value, at).Select(i => Grant(i, "", at))]),
        "secrets" => new JsonArray([.. Items(value, at).Select(i => Grant(i, "/run/secrets/", at))]),
        "networks" => ListShape.Named(value, at, () => null),
        "depends_on" => Dependencies(value, at),
        "extra_hosts" => HostShape.Of(value, at),
        "env_file" => new JsonArray([.. ListShape.Items(value).Select(i => EnvFile(i, at))]),
        "healthcheck" => HealthCheckShape.Of(value, at),
        "build" => BuildShape.Of(value, at),
        _ when ServiceKeys.Texts.Contains(key) => ComposeScalar.Text(value, at),
        _ when ServiceKeys.TextLists.Contains(key) => ListShape.Texts(value, at),
        _ when ServiceKeys.HandedOn.Contains(key) || key.StartsWith(Extension, StringComparison.Ordinal) => value.DeepClone(),
        _ => throw service.Unknown($"has the unknown key {key}"),
    };

    private static JsonArray Items(JsonNode value, ComposePlace at) => value as JsonArray ?? throw at.Wrong("must be a list");

    private static JsonObject Grant(JsonNode? item, string folder, ComposePlace at)
    {
        var result = item is JsonObject entry
            ? (JsonObject)entry.DeepClone()
            : new JsonObject { ["source"] = ComposeScalar.Text(item, at) };
        if (folder.Length > 0)
            result["target"] ??= $"{folder}{result["source"]}";
        return result;
    }

    private static JsonObject Dependencies(JsonNode value, ComposePlace at)
    {
        var result = ListShape.Named(value, at, () => []);
        foreach (var (name, entry) in result)
        {
            entry!["condition"] ??= "service_started";
            entry["required"] = entry["required"] is not { } required || ComposeScalar.Truth(required, at.At(name));
        }

        return result;
    }

    private static JsonObject EnvFile(JsonNode? item, ComposePlace at)
    {
        var entry = item as JsonObject ?? new JsonObject { ["path"] = ComposeScalar.Text(item, at) };
        if (entry["format"] is { } format)
            throw at.Unknown($"has the format {format}");
        if (ComposeScalar.Text(entry["path"], at) is not { Length: > 0 } path)
            throw at.Wrong("has an entry without a path");
        return new JsonObject
        {
            ["path"] = at.Resolve(path),
            ["required"] = entry["required"] is not { } required || ComposeScalar.Truth(required, at),
        };
    }
}

/// <summary>The keys of a service that are brought into their form without further knowledge.</summary>
internal static class ServiceKeys
{
    /// <summary>Keys with one string.</summary>
    public static readonly IReadOnlyList<string> Texts =
    [
        "cgroup", "cgroup_parent", "container_name", "cpuset", "domainname", "hostname", "image", "ipc", "isolation", "mac_address",
        "network_mode", "pid", "platform", "pull_policy", "restart", "runtime", "stop_grace_period", "stop_signal", "user",
        "userns_mode", "uts", "working_dir",
    ];

    /// <summary>Keys with a list of strings, or one.</summary>
    public static readonly IReadOnlyList<string> TextLists =
    [
        "cap_add", "cap_drop", "device_cgroup_rules", "dns", "dns_opt", "dns_search", "expose", "external_links", "group_add",
        "links", "profiles", "security_opt", "tmpfs", "volumes_from",
    ];

    /// <summary>What the model has no use for: it is merged and handed on as it is.</summary>
    public static readonly IReadOnlyList<string> HandedOn =
    [
        "attach", "blkio_config", "cpu_count", "cpu_percent", "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime",
        "cpu_shares", "cpus", "credential_spec", "deploy", "develop", "devices", "gpus", "init", "logging", "mem_limit",
        "mem_reservation", "mem_swappiness", "memswap_limit", "oom_kill_disable", "oom_score_adj", "pids_limit", "post_start",
        "pre_stop", "privileged", "read_only", "scale", "shm_size", "stdin_open", "storage_opt", "tty", "ulimits",
    ];
}

/// <summary>Brings the <c>build</c> of a service into the long form.</summary>
internal static class BuildShape
{
    private static readonly string[] Remote = ["http://", "https://", "git://", "ssh://", "github.com/", "git@"];

    /// <summary>The long form.</summary>
    public static JsonObject Of(JsonNode value, ComposePlace place)
    {
        var result = value as JsonObject is { } build
            ? (JsonObject)build.DeepClone()
            : new JsonObject { ["context"] = ComposeScalar.Text(value, place) };
        if (ComposeScalar.Text(result["context"], place.At("context")) is { } context)
            result["context"] = IsElsewhere(context) ? context : place.Resolve(context);
        foreach (var (key, missing) in new[] { ("args", (string?)null), ("labels", "") })
        {
            if (result[key] is { } pairs)
                result[key] = ListShape.Pairs(pairs, place.At(key), missing);
        }

        result["dockerfile"] ??= result.ContainsKey("dockerfile_inline") ? null : "Dockerfile";
        return result;
    }

    /// <summary>A folder that only a builder can reach stays as it is written.</summary>
    private static bool IsElsewhere(string context) =>
        Remote.Any(p => context.StartsWith(p, StringComparison.Ordinal)) || context.Contains("://", StringComparison.Ordinal);
}

/// <summary>Brings the extra hosts of a service into one form.</summary>
internal static class HostShape
{
    /// <summary>Addresses by host, from a mapping or a list of <c>host=address</c> or <c>host:address</c>.</summary>
    public static JsonObject Of(JsonNode? node, ComposePlace place)
    {
        var result = new JsonObject();
        if (node is JsonObject mapping)
        {
            foreach (var (host, value) in mapping)
                result[host] = new JsonArray([.. ListShape.Items(value).Select(a => Address(ComposeScalar.Text(a, place.At(host))))]);
            return result;
        }

        foreach (var text in ListShape.Items(node).Select(i => ComposeScalar.Text(i, place) ?? ""))
        {
            var at = text.IndexOf('=') is > 0 and var equals ? equals : text.IndexOf(':');
            if (at <= 0)
                throw place.Wrong($"has '{text}', which is not a valid host and address");
            if (result[text[..at]] is not JsonArray known)
                result[text[..at]] = known = [];
            known.Add((JsonNode?)Address(text[(at + 1)..]));
        }

        return result;
    }

    private static JsonValue Address(string? text) => JsonValue.Create((text ?? "").Trim('[', ']'));
}

/// <summary>Brings the health check of a service into its form.</summary>
internal static class HealthCheckShape
{
    /// <summary>The check in Compose's form.</summary>
    public static JsonObject Of(JsonNode value, ComposePlace at)
    {
        if (value is not JsonObject check)
            throw at.Wrong("must be a mapping");
        var result = new JsonObject();
        foreach (var (key, item) in check.Where(e => e.Value is not null))
        {
            result[key] = key switch
            {
                "test" when item is JsonArray => ListShape.Texts(item, at.At(key)),
                "test" => new JsonArray("CMD-SHELL", ComposeScalar.Text(item, at.At(key))),
                "retries" => ComposeScalar.Number(item, at.At(key)),
                "disable" => ComposeScalar.Truth(item, at.At(key)),
                "interval" or "timeout" or "start_period" or "start_interval" => Duration(item, at.At(key)),
                _ when key.StartsWith("x-", StringComparison.Ordinal) => item!.DeepClone(),
                _ => throw at.Unknown($"has the unknown key {key}"),
            };
        }

        return result;
    }

    private static string Duration(JsonNode? node, ComposePlace at)
    {
        var text = ComposeScalar.Text(node, at) ?? "";
        try
        {
            GoDuration.Parse(text == "0" ? "0s" : text);
        }
        catch (FormatException)
        {
            throw at.Wrong($"is '{text}', which is not a valid duration such as 1m30s");
        }

        return text == "0" ? "0s" : text;
    }
}

/// <summary>Normalizes the mounts of a service to the long form, with absolute paths.</summary>
internal static class MountShape
{
    private static readonly string[] Propagations = ["shared", "rshared", "slave", "rslave", "private", "rprivate"];
    private static readonly string[] Consistencies = ["cached", "delegated", "consistent"];

    /// <summary>The long form of one.</summary>
    public static JsonObject Of(JsonNode? item, ComposePlace place) =>
        item is JsonObject entry ? Long(entry, place) : Short(ComposeScalar.Text(item, place) ?? "", place);

    private static JsonObject Short(string text, ComposePlace place)
    {
        var parts = Split(text);
        if (parts.Count is 0 or > 3 || parts.Any(p => p.Length == 0))
            throw place.Wrong($"has '{text}', which is not a valid mount");
        if (parts.Count == 1)
            return new JsonObject { ["type"] = "volume", ["target"] = Clean(parts[0]), ["volume"] = new JsonObject() };

        var isBind = parts[0][0] is '.' or '/' or '~' || ComposePlace.IsDrive(parts[0]);
        var details = isBind ? new JsonObject { ["create_host_path"] = true } : [];
        var result = new JsonObject
        {
            ["type"] = isBind ? "bind" : "volume",
            ["source"] = isBind ? place.Resolve(parts[0]) : parts[0],
            ["target"] = Clean(parts[1]),
            [isBind ? "bind" : "volume"] = details,
        };
        foreach (var option in parts.Count == 3 ? parts[2].Split(',') : [])
            Apply(option, result, details);
        return result;
    }

    /// <summary>Like Compose, ignores unknown options.</summary>
    private static void Apply(string option, JsonObject mount, JsonObject details)
    {
        if (option == "ro")
            mount["read_only"] = true;
        else if (option is "z" or "Z" && mount.ContainsKey("bind"))
            details["selinux"] = option;
        else if (option == "nocopy" && mount.ContainsKey("volume"))
            details["nocopy"] = true;
        else if (Propagations.Contains(option) && mount.ContainsKey("bind"))
            details["propagation"] = option;
        else if (Consistencies.Contains(option))
            mount["consistency"] = option;
    }

    private static JsonObject Long(JsonObject entry, ComposePlace place)
    {
        var type = ComposeScalar.Text(entry["type"], place.At("type")) ?? throw place.Wrong("has a mount without a type");
        var result = new JsonObject { ["type"] = type };
        foreach (var (key, value) in entry)
        {
            result[key] = key switch
            {
                "type" => type,
                "source" when type == "bind" => place.Resolve(ComposeScalar.Text(value, place.At(key)) ?? ""),
                "source" or "consistency" => ComposeScalar.Text(value, place.At(key)),
                "target" => Clean(ComposeScalar.Text(value, place.At(key)) ?? ""),
                "read_only" => ComposeScalar.Truth(value, place.At(key)),
                "bind" or "volume" or "tmpfs" or "image" or "cluster" => value?.DeepClone(),
                _ when key.StartsWith("x-", StringComparison.Ordinal) => value?.DeepClone(),
                _ => throw place.Unknown($"has the unknown key {key}"),
            };
        }

        return result;
    }

    /// <summary>The parts between colons; a colon after a single letter belongs to a drive, on every system.</summary>
    private static List<string> Split(string text)
    {
        var parts = new List<string>();
        for (var at = 0; at <= text.Length;)
        {
            var from = at + 1 < text.Length && char.IsAsciiLetter(text[at]) && text[at + 1] == ':' ? at + 2 : at;
            var end = text.IndexOf(':', from) is >= 0 and var colon ? colon : text.Length;
            parts.Add(text[at..end]);
            at = end + 1;
        }

        return parts;
    }

    /// <summary>The path in the container without <c>.</c>, <c>..</c> and doubled or last slashes.</summary>
    private static string Clean(string path)
    {
        var kept = new List<string>();
        foreach (var part in path.Split('/').Where(p => p is not ("" or ".")))
        {
            if (part != ".." || (kept.Count == 0 && !path.StartsWith('/')))
                kept.Add(part);
            else if (kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
        }

        return (path.StartsWith('/') ? "/" : "") + string.Join('/', kept);
    }
}
