using System.Text.Json.Nodes;
using InstanceKit.Addresses;
using InstanceKit.Apps;
using InstanceKit.Models;
using InstanceKit.Stacks;
using Xunit;

namespace InstanceKit.Tests.Apps;

public sealed class Pm2ArgumentsTests
{
    private static readonly AppDefinition Frontend = Studio.App("frontend");

    [Theory]
    [InlineData("bun", "run dev", "vite", "run dev --port 5273 --strictPort")]
    [InlineData("npm", "run dev", "vite", "run dev -- --port 5273 --strictPort")]
    [InlineData("npm", "run dev -- --host", "vite", "run dev -- --host --port 5273 --strictPort")]
    [InlineData("npm", "start", "next start", "start -- --port 5273")]
    [InlineData("pnpm", "dev", "vite dev", "dev --port 5273 --strictPort")]
    [InlineData("yarn", "dev", "vite --port 3000", "dev --port 5273 --strictPort")]
    [InlineData("pnpm", "--filter web dev", "vite", "--filter web dev")]
    [InlineData("npm", "run dev", "tsc -b && vite", "run dev -- --port 5273 --strictPort")]
    [InlineData("npm", "run dev", "vite && echo done", "run dev")]
    [InlineData("npm", "run dev", "vite | tee log", "run dev")]
    [InlineData("npm", "run dev", "vite build", "run dev")]
    [InlineData("npm", "run dev", "cross-env NODE_ENV=development next dev", "run dev -- --port 5273")]
    [InlineData("npm", "run dev", "A=1 B=2 npx --yes nuxt dev", "run dev -- --port 5273")]
    [InlineData("npm", "run dev", "bun x vite", "run dev -- --port 5273 --strictPort")]
    [InlineData("npm", "run dev", "node server.js", "run dev")]
    [InlineData("npm", "run other", "vite", "run other")]
    [InlineData("npm", "install", "vite", "install")]
    [InlineData("npx", "vite", "", "vite --port 5273 --strictPort")]
    [InlineData("bun", "x vite", "", "x vite --port 5273 --strictPort")]
    [InlineData("./node_modules/.bin/vite", "", "", "--port 5273 --strictPort")]
    [InlineData("node_modules/vite/bin/vite.js", "--host", "", "--host --port 5273 --strictPort")]
    [InlineData("node_modules/.bin/webpack", "serve --hot", "", "serve --hot --port 5273")]
    [InlineData("node_modules/.bin/webpack", "--watch", "", "--watch")]
    [InlineData("node_modules/.bin/storybook", "dev", "", "dev --port 5273 --exact-port")]
    [InlineData("python", "manage.py runserver", "", "manage.py runserver 5273")]
    [InlineData("python3", "manage.py runserver 0.0.0.0:8000", "", "manage.py runserver 0.0.0.0:8000")]
    [InlineData("manage.py", "runserver", "", "runserver 5273")]
    [InlineData("python3.12", "-m http.server -d public", "", "-m http.server -d public 5273")]
    [InlineData("php", "artisan serve", "", "artisan serve --port 5273")]
    [InlineData("npm", "start", "react-scripts start", "start")]
    public void A_dev_server_is_given_its_port_and_held_to_it(string script, string args, string text, string expected)
    {
        Assert.Equal(expected, Words(Apply(new JsonObject { ["script"] = script, ["args"] = args }, text).Entry));
        Assert.Equal(expected, Words(Apply(
            new JsonObject { ["script"] = script, ["args"] = new JsonArray([.. args.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => (JsonNode)a)]) },
            text).Entry));
    }

    [Theory]
    [InlineData("PORT=3000 node server.js", "sets PORT itself")]
    [InlineData("cross-env PORT=3000 node server.js", "sets PORT itself")]
    [InlineData("dotenv -o -- node server.js", "lets its .env override the environment")]
    [InlineData("env-cmd node server.js", "lets env-cmd override the environment")]
    public void A_script_that_defies_its_environment_is_named(string text, string how) => Assert.Equal(
        $"App frontend may not listen on port 5273: its script {how}. Pass the port with portArguments in instancekit.yml.",
        Apply(new JsonObject { ["script"] = "npm", ["args"] = "run dev" }, text).Note);

    [Theory]
    [InlineData("node server.js")]
    [InlineData("dotenv -- node server.js")]
    [InlineData("env-cmd --no-override node server.js")]
    [InlineData("PORT=3000 vite")]
    public void Others_are_not(string text) => Assert.Null(Apply(new JsonObject { ["script"] = "npm", ["args"] = "run dev" }, text).Note);

    [Fact]
    public void The_stack_s_own_words_win() => Assert.Equal(
        "run dev -- -l 5273",
        Words(Apply(new JsonObject { ["script"] = "npm", ["args"] = "run dev" }, "vite", Frontend with { PortArguments = ["-l", "{port:FRONTEND}"] }).Entry));

    [Fact]
    public void Addresses_in_words_follow_the_instance()
    {
        var entry = Apply(new JsonObject
        {
            ["script"] = "serve.js",
            ["args"] = "--db localhost:5433 --remote db.example.com:5433",
            ["node_args"] = new JsonArray("--title=localhost:6379"),
        }, "").Entry;

        Assert.Equal("--db localhost:5533 --remote db.example.com:5433", Words(entry));
        Assert.Equal("--title=localhost:6479", (string?)entry["node_args"]![0]);
    }

    private static (JsonObject Entry, string? Note) Apply(JsonObject entry, string script, AppDefinition? app = null)
    {
        var ports = Studio.Ports(1);
        var translator = Studio.Spec(1).TranslatorFor(ports);
        var note = Pm2Arguments.Apply(
            entry, app ?? Frontend, 5273,
            new Dictionary<string, string> { ["dev"] = script, ["start"] = script },
            new Pm2Literals(translator),
            template => InstanceTemplate.Expand(template, 1, "shipsec", "shipsec-dev-1", ports.PortOf));
        return (entry, note);
    }

    private static string Words(JsonObject entry) => string.Join(' ', StartCommand.ArgumentsOf(entry));
}
