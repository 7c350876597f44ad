using InstanceKit.Pm2;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Stacks;

/// <summary>Which files of a workspace are taken for its stack, in a directory of the test's own.</summary>
public sealed class CandidateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("candidates").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("compose.yaml", "compose.yaml", "")]
    [InlineData("docker-compose.yml docker-compose.override.yml docker-compose.dev.yml docker-compose.prod.yml", "docker-compose.yml docker-compose.override.yml", "docker-compose.dev.yml")]
    [InlineData("docker-compose.dev.yml docker-compose.prod.yml", "docker-compose.dev.yml", "")]
    [InlineData("compose.dev.yaml", "compose.dev.yaml", "")]
    [InlineData("docker/docker-compose.dev.yml docker/docker-compose.yml", "docker/docker-compose.yml", "")]
    [InlineData(".docker/compose.local.yaml", ".docker/compose.local.yaml", "")]
    public void A_compose_file_is_found(string files, string chosen, string others)
    {
        Write(files);

        var found = ComposeFileProbe.Find(_folder, NextCommand.Default);

        Assert.Equal((chosen, others), (string.Join(' ', found.Chosen), string.Join(' ', found.Others)));
        Assert.Equal(others.Length == 0 ? null : $"{chosen.Replace(" ", ", ", StringComparison.Ordinal)} is used, and not {others}. To choose, set compose.files in instancekit.yml.", found.Note("compose.files"));
    }

    [Theory]
    [InlineData("compose.dev.yml compose.local.yml", "several compose files: compose.dev.yml, compose.local.yml.")]
    [InlineData("docker/compose.yml deploy/compose.yml", "several compose files: docker/compose.yml, deploy/compose.yml.")]
    [InlineData("docker-compose.prod.yml docker/compose.ci.yml", "dev, only docker-compose.prod.yml, docker/compose.ci.yml.")]
    public void Compose_files_that_leave_a_choice_are_named(string files, string message)
    {
        Write(files);

        var error = Assert.Throws<InstanceKitException>(() => ComposeFileProbe.Find(_folder, NextCommand.Default));

        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("compose: {files: [", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("ecosystem.config.yml", "ecosystem.config.yml", "")]
    [InlineData("ecosystem.config.ts ecosystem.dev.config.js", "ecosystem.config.ts", "")]
    [InlineData("pm2.config.cjs ecosystem.config.json", "pm2.config.cjs", "ecosystem.config.json")]
    [InlineData("ecosystem.dev.config.js webpack.dev.config.js", "ecosystem.dev.config.js", "")]
    [InlineData("ecosystem.config.dev.cjs", "ecosystem.config.dev.cjs", "")]
    [InlineData("webpack.dev.config.js", "", "")]
    [InlineData("config/ecosystem.config.mjs node_modules/pm2.config.js", "config/ecosystem.config.mjs", "")]
    public void A_PM2_config_is_found(string files, string chosen, string others)
    {
        Write(files);

        var found = Pm2ConfigProbe.Find(_folder);

        Assert.Equal((chosen, others), (string.Join(' ', found.Chosen), string.Join(' ', found.Others)));
    }

    [Fact]
    public void A_config_of_another_name_is_one_of_PM2_if_it_has_apps()
    {
        Write("backend.dev.config.js", "module.exports = { apps: [{ script: 'x.js' }] };");

        Assert.Equal(["backend.dev.config.js"], Pm2ConfigProbe.Find(_folder).Chosen);
    }

    [Fact]
    public void Several_PM2_configs_are_named()
    {
        Write("a/ecosystem.config.js b/pm2.config.cjs");

        var found = Pm2ConfigProbe.Find(_folder);

        Assert.Empty(found.Chosen);
        Assert.Equal(
            "There are several candidates, of which none is used: a/ecosystem.config.js, b/pm2.config.cjs. To choose, set pm2 in instancekit.yml, for example 'pm2: a/ecosystem.config.js'.",
            found.Note("pm2"));
    }

    [Theory]
    [InlineData("package-lock.json pnpm-lock.yaml", "{}", "npm ci", "")]
    [InlineData("pnpm-lock.yaml yarn.lock", "{}", "pnpm install --frozen-lockfile", "")]
    [InlineData("yarn.lock", "{}", "yarn install --frozen-lockfile --non-interactive", "")]
    [InlineData("bun.lock", "{}", "bun install --frozen-lockfile", "")]
    [InlineData("package-lock.json bun.lockb", """{"packageManager":"bun@1.2.3+sha512.a"}""", "bun install --frozen-lockfile", "1.2.3")]
    [InlineData("package-lock.json", """{"packageManager":"pnpm@9.1.0"}""", "npm ci", "")]
    [InlineData("package-lock.json", "not JSON", "npm ci", "")]
    public void The_lock_file_decides_about_the_package_manager(string files, string package, string command, string version)
    {
        Write(files);
        Write("package.json", package);

        var manager = PackageManagerProbe.Find(_folder)!;

        Assert.StartsWith(command, $"{manager.Name} {string.Join(' ', manager.Arguments)}", StringComparison.Ordinal);
        Assert.Equal(version, manager.Version);
        Assert.True(new PackageRunner(_folder).IsNeeded);
    }

    [Fact]
    public void Modern_Yarn_has_options_of_its_own_and_no_lock_file_means_no_packages()
    {
        Assert.Null(PackageManagerProbe.Find(_folder));
        Assert.False(new PackageRunner(_folder).IsNeeded);
        Write("yarn.lock", "__metadata:\n  version: 8\n");

        Assert.Equal(["install", "--immutable"], PackageManagerProbe.Find(_folder)!.Arguments);
        Write("node_modules/.yarn-state.yml");
        Assert.False(new PackageRunner(_folder).IsNeeded);
    }

    [Fact]
    public void A_PM2_config_in_YAML_is_read()
    {
        Write("e.yml", "apps:\n  - name: api\n    script: a.js\n    env: {PORT: 4100, V: '08'}\n    autorestart: false\n  - script: ./c.js\n");

        Assert.Equal(
            """[{"name":"api","script":"a.js","env":{"PORT":4100,"V":"08"},"autorestart":false},{"script":"./c.js","name":"c.js"}]""",
            Pm2Yaml.ReadApps(Path.Combine(_folder, "e.yml")));
    }

    [Theory]
    [InlineData("apps: []")]
    [InlineData("apps: [{name: [")]
    [InlineData("services: {}")]
    public void A_PM2_config_in_YAML_without_apps_is_refused(string text)
    {
        Write("e.yml", text);

        Assert.Equal(ExitCode.Usage, Assert.Throws<InstanceKitException>(() => Pm2Yaml.ReadApps(Path.Combine(_folder, "e.yml"))).ExitCode);
    }

    private void Write(string names, string text = "")
    {
        foreach (var name in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, name))!);
            File.WriteAllText(Path.Combine(_folder, name), text);
        }
    }
}
