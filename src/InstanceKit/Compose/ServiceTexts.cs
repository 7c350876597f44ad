using InstanceKit.Addresses;
using InstanceKit.Models;

namespace InstanceKit.Compose;

/// <summary>The texts of a service that change for one instance, each with who reads it.</summary>
/// <param name="service">The service.</param>
/// <param name="translator">The translator of the instance.</param>
internal sealed class ServiceTexts(ComposeService service, Translator translator)
{
    private const string Gateway = "host-gateway";

    private readonly Translator _translator = translator.ForService(
        service.Ports.Select(p => p.TargetPort).Concat(service.Exposes), service.Ports.Select(p => p.BasePort).OfType<int>(),
        service.ExtraHosts.Where(h => h.Value.Contains(Gateway)).Select(h => h.Key),
        service.UsesEngine);

    private readonly List<Mention> _mentions = [];

    /// <summary>What the texts that were asked for mention, each once.</summary>
    public IReadOnlyList<Mention> Mentions => _mentions;

    /// <summary>The variables whose values change.</summary>
    public IReadOnlyDictionary<string, string> Environment() => Changed(service.Environment, ReaderPlace.ContainerVariable, "environment");

    /// <summary>The build arguments whose values change.</summary>
    public IReadOnlyDictionary<string, string> BuildArguments() => Changed(service.BuildArguments, ReaderPlace.ContainerVariable, "build.args");

    /// <summary>The labels whose values change: they are read outside of the container.</summary>
    public IReadOnlyDictionary<string, string> Labels() => Changed(service.Labels, ReaderPlace.Browser, "labels");

    /// <summary>The options of its log driver that change: the engine reads them on the host.</summary>
    public IReadOnlyDictionary<string, string> LogOptions() => Changed(service.LogOptions, ReaderPlace.Engine, "logging.options");

    /// <summary>The whole command when one of its arguments changes, otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? Command() => Changed(service.Command, ReaderPlace.Container, "command");

    /// <summary>The whole entry point, likewise.</summary>
    public IReadOnlyList<string>? Entrypoint() => Changed(service.Entrypoint, ReaderPlace.Container, "entrypoint");

    /// <summary>The whole health check command when it connects through the host, otherwise <see langword="null"/>.</summary>
    public IReadOnlyList<string>? HealthTest() => Changed(service.HealthCheck?.Test, ReaderPlace.HealthCheck, "healthcheck.test");

    /// <summary>A mounted file for the instance.</summary>
    /// <param name="path">Its path, relative to the workspace.</param>
    public string File(string text, string path)
    {
        var translation = _translator.Translate(text, ReaderPlace.ContainerFile, where: path);
        _mentions.AddRange(translation.Mentions.Select(m => m with { Where = $"{path}:{text.AsSpan(0, m.Position).Count('\n') + 1}" }));
        return translation.Text;
    }

    private SortedDictionary<string, string> Changed(IReadOnlyDictionary<string, string?> values, ReaderPlace place, string section)
    {
        var changed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var known = values.Where(v => v.Value is not null).ToDictionary(v => v.Key, v => v.Value!, StringComparer.Ordinal);
        foreach (var (name, value) in known)
        {
            var text = Noted(_translator.Translate(value, place, name, known, $"services.{service.Name}.{section}.{name}"));
            if (text != value)
                changed[name] = text;
        }

        return changed;
    }

    private List<string>? Changed(IReadOnlyList<string>? words, ReaderPlace place, string section)
    {
        // The word before names a value (--advertise-addr localhost:9092), but not another option.
        var changed = words?.Select((word, i) => Noted(_translator.Translate(
            word, place, i > 0 && !word.StartsWith('-') ? $"{words[i - 1]} {word}" : word, where: $"services.{service.Name}.{section}"))).ToList();
        return changed is null || changed.SequenceEqual(words!) ? null : changed;
    }

    private string Noted(Translation translation)
    {
        _mentions.AddRange(translation.Mentions);
        return translation.Text;
    }
}
