namespace InstanceKit.Platform;

/// <summary>The commands that install what is missing, for each operating system. They are only shown, never run.</summary>
internal static class InstallHints
{
    private const string DotNetPage = "https://dotnet.microsoft.com/download";
    private const string DockerPage = "https://docs.docker.com/engine/install/";
    private const string GoWithout = "Without it, services run as processes (--infra embedded).";
    private const string ComposePage = "https://docs.docker.com/compose/install/";

    /// <summary>What to do, as a sentence with the command.</summary>
    /// <param name="program">What is missing or too old.</param>
    /// <param name="system">Where.</param>
    public static string For(Installable program, HostSystem system)
    {
        var page = PageOf(program);
        var packages = PackagesOf(program, system.Family);
        var install = packages is null ? $"Install it: {page}" : $"Install it: {Command(system, packages)}";
        var older = packages is null ? "" : $" (if that version is too old: {page})";
        // Up to Debian 12, the package is Compose 1, which is not a plugin.
        var debian = system.Family is SystemFamily.Debian ? $" (on Debian 12 and earlier, its Compose is too old: {page})" : "";
        return program switch
        {
            Installable.Node or Installable.Npm => $"{install}{older}. Node.js 18 or later, with npm, must be on PATH.",
            Installable.Engine => $"{install}{ThenStart(system)}{debian}. {GoWithout}",
            Installable.Compose => $"{install}{(debian.Length > 0 ? debian : older)}.",
            Installable.DotNetSdk => $"{install}, or let the build script download it into .nuke/temp/dotnet.",
            _ => $"{install}.",
        };
    }

    /// <summary>How to start an engine that is installed and does not answer.</summary>
    public static string StartEngine(HostSystem system) =>
        $"Start {(StartOf(system) is { } command ? $"it: {command}" : "Docker")}, or set DOCKER_HOST to its address. {GoWithout}";

    /// <summary>How to be let in by an engine that runs, on this machine, for others.</summary>
    public static string JoinEngine(HostSystem system) => system.Family is SystemFamily.MacOS or SystemFamily.Windows
        ? $"Sign in as the user who runs Docker Desktop. {GoWithout}"
        : $"Join the docker group and log in again: sudo usermod -aG docker $USER (its members have root privileges). {GoWithout}";

    /// <summary>"sudo " where this user needs it.</summary>
    public static string Sudo(HostSystem system) =>
        system.IsAdministrator || system.Family is SystemFamily.MacOS or SystemFamily.Windows ? "" : "sudo ";

    private static string Command(HostSystem system, string packages) => system.Family switch
    {
        SystemFamily.Debian or SystemFamily.Ubuntu => $"{Sudo(system)}apt-get install -y {packages}",
        SystemFamily.Fedora => $"{Sudo(system)}dnf install -y {packages}",
        SystemFamily.Alpine => $"{Sudo(system)}apk add {packages}",
        SystemFamily.MacOS => $"brew install {packages}",
        _ => $"winget install -e --id {packages}",
    };

    private static string? PackagesOf(Installable program, SystemFamily family) => (program, family) switch
    {
        (_, SystemFamily.Other) => null,
        (Installable.Node or Installable.Npm, SystemFamily.MacOS) => "node",
        (Installable.Node or Installable.Npm, SystemFamily.Windows) => "OpenJS.NodeJS.LTS",
        (Installable.Node or Installable.Npm, _) => "nodejs npm",
        (Installable.Git, SystemFamily.Windows) => "Git.Git",
        (Installable.Git, _) => "git",
        (Installable.DotNetSdk, SystemFamily.Debian) => null, // only in Microsoft's own source
        (Installable.DotNetSdk, SystemFamily.Alpine) => "dotnet10-sdk",
        (Installable.DotNetSdk, SystemFamily.MacOS) => "--cask dotnet-sdk",
        (Installable.DotNetSdk, SystemFamily.Windows) => "Microsoft.DotNet.SDK.10",
        (Installable.DotNetSdk, _) => "dotnet-sdk-10.0",
        (_, SystemFamily.MacOS) => "--cask docker-desktop",
        (_, SystemFamily.Windows) => "Docker.DockerDesktop",
        (Installable.Engine, SystemFamily.Debian) => "docker.io docker-compose",
        (Installable.Engine, SystemFamily.Ubuntu) => "docker.io docker-compose-v2",
        (Installable.Engine, SystemFamily.Fedora) => "moby-engine docker-compose",
        (Installable.Engine, _) => "docker docker-cli-compose",
        (_, SystemFamily.Ubuntu) => "docker-compose-v2",
        (_, SystemFamily.Alpine) => "docker-cli-compose",
        _ => "docker-compose",
    };

    private static string ThenStart(HostSystem system) => StartOf(system) is { } command ? $" && {command}" : ", and start it";

    /// <summary>The command that starts an engine; <see langword="null"/> where a window does.</summary>
    private static string? StartOf(HostSystem system) => system.Family switch
    {
        SystemFamily.MacOS => "open -a Docker",
        SystemFamily.Windows or SystemFamily.Other => null,
        SystemFamily.Alpine => $"{Sudo(system)}rc-service docker start",
        _ => $"{Sudo(system)}systemctl start docker",
    };

    private static string PageOf(Installable program) => program switch
    {
        Installable.DotNetSdk => DotNetPage,
        Installable.Engine => DockerPage,
        Installable.Compose => ComposePage,
        Installable.Git => "https://git-scm.com/downloads",
        _ => "https://nodejs.org/en/download",
    };
}

/// <summary>What may have to be installed.</summary>
internal enum Installable
{
    /// <summary>The .NET SDK of <c>global.json</c>.</summary>
    DotNetSdk,

    /// <summary>Node.js.</summary>
    Node,

    /// <summary>npm, which is part of Node.js.</summary>
    Npm,

    /// <summary>The Docker engine, with Compose.</summary>
    Engine,

    /// <summary>The Compose plugin.</summary>
    Compose,

    /// <summary>git.</summary>
    Git,
}
