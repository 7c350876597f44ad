using System.Text.RegularExpressions;
using InstanceKit.Compose;
using InstanceKit.Engine;
using InstanceKit.Instances;
using InstanceKit.Logs;
using InstanceKit.Platform;
using InstanceKit.Reconcile;
using InstanceKit.Stacks;

namespace InstanceKit.Starting;

/// <summary>What the engine and the system know about a failed start.</summary>
internal interface IFailureFacts
{
    Task<IReadOnlyList<ObservedContainer>> ListAsync(CancellationToken cancellation);

    /// <summary>The last lines that a container wrote.</summary>
    Task<IReadOnlyList<string>> TailAsync(string container, CancellationToken cancellation);

    /// <inheritdoc cref="EngineClient.FindAbsentImagesAsync"/>
    Task<IReadOnlySet<string>> FindAbsentImagesAsync(IEnumerable<string> images, CancellationToken cancellation);

    /// <summary>Who has a port of this machine; <see langword="null"/> when nobody has it any more.</summary>
    Task<string?> FindOwnerAsync(int port, CancellationToken cancellation);
}

internal sealed class FailureFacts(EngineClient engine, PortGuard guard, InstanceSpec spec) : IFailureFacts
{
    public Task<IReadOnlyList<ObservedContainer>> ListAsync(CancellationToken cancellation) => engine.ListAsync(spec.Project, cancellation);

    public Task<IReadOnlyList<string>> TailAsync(string container, CancellationToken cancellation) => engine.TailAsync(container, LastLines.Count, cancellation);

    public Task<IReadOnlySet<string>> FindAbsentImagesAsync(IEnumerable<string> images, CancellationToken cancellation) =>
        engine.FindAbsentImagesAsync(images, cancellation);

    public async Task<string?> FindOwnerAsync(int port, CancellationToken cancellation) =>
        PortProbe.Probe([port]) is [var taken, ..] ? await guard.DescribeOwnerAsync(taken, spec, cancellation) : null;
}

/// <summary>Explains why <c>docker compose up</c> failed, from its output.</summary>
internal sealed partial class ComposeFailure(NextCommand next, IFailureFacts facts, InstancePlan plan)
{
    /// <summary>The error to show.</summary>
    public async Task<InstanceKitException> ExplainAsync(ProcessResult result, CancellationToken cancellation)
    {
        var words = result.StandardError;
        if (TakenPort().Match(words) is { Success: true } port)
            return await PortTakenAsync(int.Parse(port.Groups["port"].Value), cancellation);
        if (Dependency().Match(words) is { Success: true } dependency)
            return await NotReadyAsync(dependency, cancellation);
        if (await MissingImages.ExplainAsync(next, facts, plan, result, cancellation) is { } missing)
            return missing;

        var remedy = RefusedLimit.Find(words) is { } limit
            ? await RemedyForAsync(limit, cancellation)
            : Pools().IsMatch(words)
            ? "The Docker engine has no address range left for another network: remove an unused instance with Clean, "
                + "or configure more 'default-address-pools'."
            : "See the output above; 'Logs' shows the output of the containers.";
        var ordered = result with { StandardError = ComposeMessage.ReasonFirst(words) };
        return new CommandFailedException($"start the services of {plan.Spec.Project}", Described(), ordered, remedy);
    }

    private ProcessSpec Described() => new()
    {
        Program = ComposeClient.CommandLine(plan.Spec) + " up --detach",
    };

    /// <summary>The compose file can stay as it is: the override can remove the limits.</summary>
    private async Task<string> RemedyForAsync(string limit, CancellationToken cancellation)
    {
        var containers = await facts.ListAsync(cancellation);
        var service = containers.FirstOrDefault(c => c.Error is { } error && RefusedLimit.Find(error) is not null)?.Service;
        var file = plan.Spec.Paths.Relative(plan.Spec.Paths.Override);
        return $"The Docker engine is not permitted to raise the ulimit '{limit}'{(service is null ? "" : $" of service {service}")} to the value in the "
            + $"compose file. Remove it in {file} (in 'services: {service ?? "SERVICE"}:' add 'ulimits: !reset null'; "
            + $"Up keeps your edit), or run the engine itself with a higher limit ({RaisedBy(limit)}).";
    }

    private static string RaisedBy(string limit) =>
        limit is "nofile" or "memlock" or "nproc" or "core" or "stack"
            ? $"for systemd's docker.service: Limit{limit.ToUpperInvariant()}=infinity"
            : "ulimit in the shell or service that starts it";

    private async Task<InstanceKitException> PortTakenAsync(int port, CancellationToken cancellation)
    {
        var owner = await facts.FindOwnerAsync(port, cancellation);
        var assignment = plan.Ports.Assignments.FirstOrDefault(a => a.Port == port);
        var wanted = assignment is null ? "" : $" ({assignment.Name}, {assignment.Owner})";
        return PortGuard.Error(plan.Spec, [$"port {port}{wanted} is already in use by {owner ?? "a process that has since exited"}"]);
    }

    private async Task<InstanceKitException> NotReadyAsync(Match dependency, CancellationToken cancellation)
    {
        var name = dependency.Groups["container"].Value;
        var containers = await facts.ListAsync(cancellation);
        var container = containers.FirstOrDefault(c => c.Name == name);
        var subject = container is null ? $"container {name}" : $"service {container.Service}";
        var lines = container is null ? [] : await facts.TailAsync(container.Id, cancellation);
        return new InstanceKitException(
            ExitCode.NotReady,
            $"{plan.Spec.Title} is not ready: {subject} {dependency.Groups["why"].Value.Trim()}, and other services depend on it."
            + LastLines.Format(subject, lines),
            $"See the full log: {next.For("Logs", plan.Spec.Number, container is null ? "" : $"--only {container.Service}")}");
    }

    [GeneratedRegex(@"(?:[Bb]ind for \S+:(?<port>\d+) failed: port is already allocated)|(?:listen (?:tcp|udp)\d? \S+:(?<port>\d+): bind: address already in use)|(?:ports are not available: exposing port \S+ \S+:(?<port>\d+))")]
    private static partial Regex TakenPort();

    [GeneratedRegex(@"dependency failed to start: container (?<container>\S+) (?<why>[^\r\n]+)")]
    private static partial Regex Dependency();

    [GeneratedRegex("predefined address pools|could not find an available, non-overlapping", RegexOptions.IgnoreCase)]
    private static partial Regex Pools();
}

/// <summary>Explains a start that failed because images could not be pulled and are not there.</summary>
internal static class MissingImages
{
    private const int ShownLines = 4;

    /// <summary>The error, or <see langword="null"/> when every image is there: it failed for another reason.</summary>
    /// <param name="result">What Compose ended with.</param>
    /// <remarks>Compose itself names only the image whose pull failed first, in words that depend on the registry.</remarks>
    public static async Task<MissingImagesException?> ExplainAsync(
        NextCommand next, IFailureFacts facts, InstancePlan plan, ProcessResult result, CancellationToken cancellation)
    {
        var services = plan.Model.Services.Where(s => s is { Image: not null, IsBuilt: false })
            .Select(s => (s.Name, Image: ImageName.Replace(plan.Spec.Stack.Images, s.Image!) ?? s.Image!)).ToList();
        var absent = await facts.FindAbsentImagesAsync(services.Select(s => s.Image), cancellation);
        if (absent.Count == 0)
            return null;

        var lines = services.Where(s => absent.Contains(s.Image)).GroupBy(s => s.Image, s => s.Name)
            .Select(g => $"\n  {g.Key} (service {string.Join(", ", g)})");
        return new MissingImagesException(
            [.. absent.Order(StringComparer.Ordinal)],
            $"{plan.Spec.Title} needs {(absent.Count == 1 ? "an image that" : $"{absent.Count} images that")} "
                + $"can neither be pulled nor found on this machine:{string.Concat(lines)}\nOutput of Compose:{Words(result)}",
            $"Run the services without images: {next.For("Up", plan.Spec.Number, "--infra embedded")}. Or build stand-ins "
                + $"of the sample's images from Debian packages: {next.OfMachine("LocalImages")}. Or, where the compose file has a variable, name available images in the "
                + $"workspace's .env. Or replace an image in {StackFile.FileName}: 'images: {{{absent.Order(StringComparer.Ordinal).First()}: OTHER-IMAGE}}'.");
    }

    private static string Words(ProcessResult result) => string.Concat(
        result.StandardError.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).Distinct(StringComparer.Ordinal)
            .TakeLast(ShownLines).Select(l => $"\n    {l}"));
}

/// <summary>The images of an instance can neither be pulled nor found.</summary>
/// <param name="images">Which.</param>
/// <param name="message">What could not be done and why.</param>
/// <param name="remedy">What the person can do next.</param>
internal sealed class MissingImagesException(IReadOnlyList<string> images, string message, string remedy)
    : InstanceKitException(ExitCode.Prerequisite, message, remedy)
{
    private const int Shown = 3;

    /// <summary>Says, in place of the error, that the services run without them.</summary>
    public string ToNote() =>
        $"Docker answers, but {(images.Count == 1 ? "an image" : $"{images.Count} images")} can neither be pulled nor found on this machine: "
        + string.Join(", ", images.Take(Shown)) + (images.Count > Shown ? $" and {images.Count - Shown} more" : "")
        + ". Using embedded infrastructure instead; to require containers, pass --infra compose.";
}

/// <summary>Turns a line of Compose's plain progress into an event about a service, network or volume.</summary>
internal static partial class ComposeProgress
{
    /// <summary>Reports one line; an empty one is passed over.</summary>
    public static void Report(InstanceProgress progress, string project, string line)
    {
        var match = Line().Match(line);
        if (!match.Success)
        {
            if (ComposeMessage.FindWarning(line) is { } warning)
                progress.NoteOnce("compose", warning);
            else if (!string.IsNullOrWhiteSpace(line))
                progress.Step("compose", line.Trim());
            return;
        }

        var state = match.Groups["state"].Value.ToLowerInvariant();
        var isContainer = match.Groups["kind"].Value == "Container";
        var name = Shorten(match.Groups["name"].Value.Trim('"'), project);
        var subject = isContainer ? Replica().Replace(name, "") : $"{match.Groups["kind"].Value.ToLowerInvariant()} {name}";

        // A started container is not ready yet; all other steps end with these words.
        if (state == "removed" || (!isContainer && state == "created"))
            progress.Done(subject, state);
        else
            progress.Step(subject, state);
    }

    private static string Shorten(string name, string project) =>
        name.StartsWith(project, StringComparison.Ordinal) ? name[project.Length..].TrimStart('-', '_') : name;

    [GeneratedRegex(@"^\s*(?<kind>Container|Network|Volume)\s+(?<name>\S+)\s+(?<state>\S.*?)\s*$")]
    private static partial Regex Line();

    [GeneratedRegex(@"-\d+$")]
    private static partial Regex Replica();
}
