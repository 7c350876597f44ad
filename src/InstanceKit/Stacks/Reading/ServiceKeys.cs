namespace InstanceKit.Stacks;

/// <summary>The keys of a service that are brought into their form without further knowledge.</summary>
internal static class ServiceKeys
{
    /// <summary>Those that hold one text.</summary>
    public static readonly IReadOnlyList<string> Texts =
    [
        "cgroup", "cgroup_parent", "container_name", "cpuset", "domainname", "hostname", "image", "ipc", "isolation", "mac_address",
        "network_mode", "pid", "platform", "pull_policy", "restart", "runtime", "stop_grace_period", "stop_signal", "user",
        "userns_mode", "uts", "working_dir",
    ];

    /// <summary>Those that hold texts, or one.</summary>
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
