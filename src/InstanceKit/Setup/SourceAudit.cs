using InstanceKit.Addresses;
using InstanceKit.Env;
using InstanceKit.Instances;
using InstanceKit.Models;
using InstanceKit.Stacks;

namespace InstanceKit.Setup;

/// <summary>
/// What the sources of a workspace assume of the stack, for one instance: defaults of variables that nothing sets are set for the
/// apps that run the file; addresses that no variable replaces are reported.
/// </summary>
/// <param name="spec">The instance.</param>
/// <param name="model">The services; those built from a folder run its sources in a container.</param>
/// <param name="scan">What the sources contain.</param>
/// <param name="translator">Points texts to the instance.</param>
/// <param name="covered">Files whose texts are translated elsewhere: the PM2 config, compose files, mounted files.</param>
internal sealed class SourceAudit(InstanceSpec spec, ComposeModel model, SourceScan scan, Translator translator, IReadOnlySet<string> covered)
{
    private readonly SourceScope _scope = new(spec.Stack.Apps, scan.Packages,
    [
        .. model.Services.Where(s => s.BuildContext is not null)
            .Select(s => (Folder: spec.Paths.Relative(s.BuildContext!), Service: s)).Where(s => !s.Folder.StartsWith("..", StringComparison.Ordinal)),
    ]);
    private readonly Dictionary<string, AppFacts> _facts = new(StringComparer.Ordinal);

    /// <summary>The defaults that count for an app, since neither its env files nor the instance set the variables.</summary>
    /// <param name="app">The app.</param>
    /// <param name="document">Its env file.</param>
    /// <param name="set">What the instance sets.</param>
    public IReadOnlyDictionary<string, string> DefaultsFor(AppDefinition app, DotEnvDocument document, IReadOnlyList<KeyValuePair<string, string>> set)
    {
        var values = new Dictionary<string, string>(document.EffectiveValues(), StringComparer.Ordinal);
        foreach (var (key, value) in set)
            values[key] = value;
        var candidates = from file in Files
                         where _scope.AppsOf(file.Path).Contains(app)
                         from finding in file.Findings
                         where finding.Use == SourceUse.Default && !IsSet(finding, app, values)
                         select (Name: finding.Variables[0], finding.Text);
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        var conflicts = new HashSet<string>(StringComparer.Ordinal);
        foreach (var group in candidates.GroupBy(c => c.Name))
        {
            var texts = group.Select(c => c.Text).DistinctBy(t => t.TrimEnd('/')).ToList();
            if (texts.Count > 1 && texts.Any(t => MentionsOf(t, group.Key, values, "").Any()))
                conflicts.Add(group.Key);
            else
                result[group.Key] = texts[0];
        }

        _facts[app.Name] = new AppFacts(values, result, conflicts);
        return result;
    }

    /// <summary>Remembers what was set for an app because of its sources.</summary>
    public void Remember(AppDefinition app, IReadOnlyDictionary<string, string> assumed) => _facts[app.Name] = _facts[app.Name] with { Assumed = assumed };

    /// <summary>Every place of the sources that names a part of the stack, and what became of it.</summary>
    public IEnumerable<Mention> Mentions() =>
        from file in Files
        let apps = _scope.AppsOf(file.Path)
        from finding in file.Findings
        where !IsScript(file, finding)
        from mention in Decide(finding, apps, file.Path)
        select mention;

    private IEnumerable<SourceFile> Files => scan.Files.Where(f => !covered.Contains(f.Path));

    /// <summary>The scripts of package.json that apps run are translated with their entries; people run the others.</summary>
    private static bool IsScript(SourceFile file, SourceFinding finding) =>
        file.Path.EndsWith("package.json", StringComparison.Ordinal) && (finding.Text.Contains(' ') || finding.Text.Contains('='));

    private IEnumerable<Mention> Decide(SourceFinding finding, IReadOnlyList<AppDefinition> apps, string path)
    {
        var where = $"{path}:{finding.Line}";
        var name = finding.Variables.Count > 0 ? finding.Variables[0] : "";
        var facts = apps.Select(a => _facts.GetValueOrDefault(a.Name)).OfType<AppFacts>().FirstOrDefault();
        var values = new Dictionary<string, string>(facts?.Defaults ?? new Dictionary<string, string>(), StringComparer.Ordinal);
        foreach (var (key, value) in facts?.Values ?? new Dictionary<string, string>())
            values[key] = value;
        if (finding.Use is SourceUse.Engine or SourceUse.Cookie)
        {
            foreach (var mention in Shared(finding, apps, where))
                yield return mention;
            yield break;
        }

        foreach (var mention in MentionsOf(finding.Text, name, values, where))
            yield return mention.Decision == MentionDecision.Translated ? Decide(finding, apps, mention, path) : mention;

        // A host alone means the port that its client assumes.
        if (finding.Use != SourceUse.Default)
            yield break;
        foreach (var (key, port) in translator.Missing(new Dictionary<string, string> { [name] = finding.Text }))
        {
            var users = apps.Where(a => _facts.GetValueOrDefault(a.Name)?.Assumed.GetValueOrDefault(key) == port).ToList();
            if (users.Count > 0 && int.TryParse(port, out var number))
            {
                yield return new Mention(where, 0, $"{finding.Text}:{translator.Ports.BaseOf(number)}", MentionForm.Siblings, MentionDecision.Set)
                {
                    To = $"{finding.Text}:{port}", Reason = SetFor(key, users),
                };
            }
        }
    }

    /// <summary>What a file does to things that all instances share.</summary>
    private IEnumerable<Mention> Shared(SourceFinding finding, IReadOnlyList<AppDefinition> apps, string where)
    {
        if (translator.Ports.IsIdentity)
            return [];
        if (finding.Use == SourceUse.Cookie)
        {
            return apps.Count == 0 ? [] : [Of("cookies", MentionDecision.Kept,
                "browsers send cookies of localhost to every port, so signing in to one instance signs you out of another. Open each by a name of its own, such as one.localhost")];
        }

        var names = MentionsOf(SharedScanner.NamesIn(finding.Text), "container network volume", new Dictionary<string, string>(), where)
            .Where(m => m.Form == MentionForm.Name).ToList();
        return names.Count > 0 ? names.Select(n => n with { Decision = MentionDecision.Unknown, To = null, Reason = $"it belongs to instance 0. In this instance it is {n.To}" })
            : SharedScanner.TieOf(finding.Text) is var (what, reason) ? [Of(what, MentionDecision.Unknown, reason)]
            : [];

        Mention Of(string what, MentionDecision decision, string reason) => new(where, 0, what, MentionForm.Shared, decision) { Reason = reason };
    }

    private Mention Decide(SourceFinding finding, IReadOnlyList<AppDefinition> apps, Mention mention, string path)
    {
        var names = string.Join(" or ", finding.Variables);
        if (finding.Use == SourceUse.Message)
            return Kept("it is only shown");
        if (apps.Count == 0 && _scope.ServiceOf(path) is { } service)
        {
            if (finding.Variables.Any(n => service.Environment.ContainsKey(n) || service.BuildArguments.ContainsKey(n)))
                return Kept($"{names} is set for service {service.Name}");
            if (!_scope.IsForBrowsers(path) && !LocalHost.IsHostOfContainers(mention.What[..Math.Max(0, mention.What.LastIndexOf(':'))]))
                return Kept($"it runs in the container of service {service.Name}, which is localhost there");
        }

        if (finding.Use == SourceUse.Literal)
            return Unknown("no variable replaces it");

        var all = apps.Count > 0 ? apps : [.. spec.Stack.Apps.Where(a => IsSet(finding, a))];
        var unset = all.Where(a => !IsSet(finding, a)).ToList();
        if (all.Count == 0)
            return Unknown($"it is the default of {names}, which no app of the stack sets");
        if (unset.Count == 0)
            return Kept($"{names} is set for {NamesOf(all)}");
        if (finding.Use == SourceUse.PartOfDefault)
            return Unknown($"it is a part of the default of {names}; set that in an env file");
        if (unset.Find(a => _facts.GetValueOrDefault(a.Name)?.Assumed.ContainsKey(finding.Variables[0]) != true) is { } open)
        {
            return Unknown(_facts.GetValueOrDefault(open.Name)?.Conflicts.Contains(finding.Variables[0]) == true
                ? $"the sources have different defaults for {names}; set it in an env file"
                : $"it is the default of {names}, which nothing sets for {NamesOf([open])}");
        }

        return mention with { Decision = MentionDecision.Set, Reason = SetFor(finding.Variables[0], unset) };

        Mention Kept(string reason) => mention with { Decision = MentionDecision.Kept, To = null, Reason = reason };
        Mention Unknown(string reason) => mention with { Decision = MentionDecision.Unknown, To = null, Reason = reason };
    }

    private static string SetFor(string name, IReadOnlyList<AppDefinition> apps) => $"{name} is set for {NamesOf(apps)}";

    private static string NamesOf(IReadOnlyList<AppDefinition> apps) =>
        $"{(apps.Count == 1 ? "app" : "apps")} {string.Join(", ", apps.Select(a => a.Name))}";

    private IEnumerable<Mention> MentionsOf(string text, string name, IReadOnlyDictionary<string, string> values, string where) =>
        translator.Translate(text, ReaderPlace.HostApp, name, values, where).Mentions;

    private bool IsSet(SourceFinding finding, AppDefinition app) =>
        _facts.GetValueOrDefault(app.Name) is { } facts && IsSet(finding, app, facts.Values);

    private static bool IsSet(SourceFinding finding, AppDefinition app, IReadOnlyDictionary<string, string> values) => finding.Variables.Any(
        n => app.ConfigVariables.Contains(n) || (values.TryGetValue(n, out var value) && (value.Length > 0 || !finding.IsForEmpty)));

    /// <summary>What is known of an app.</summary>
    /// <param name="Values">The variables that are set for it.</param>
    /// <param name="Defaults">What its sources assume of others.</param>
    /// <param name="Conflicts">The variables of which its sources assume different values.</param>
    private sealed record AppFacts(
        IReadOnlyDictionary<string, string> Values, IReadOnlyDictionary<string, string> Defaults, IReadOnlySet<string> Conflicts)
    {
        /// <summary>What the instance sets because of them.</summary>
        public IReadOnlyDictionary<string, string> Assumed { get; init; } = new Dictionary<string, string>();
    }
}

/// <summary>What runs a source file: the apps of its folder, those that depend on its package, or a service that is built from it.</summary>
internal sealed class SourceScope(
    IReadOnlyList<AppDefinition> apps, IReadOnlyList<SourcePackage> packages, IReadOnlyList<(string Folder, ComposeService Service)> built)
{
    private static readonly string[] Pages = [".tsx", ".jsx", ".vue", ".svelte", ".astro", ".html"];

    private static readonly string[] Frameworks =
        ["vite", "react", "react-dom", "vue", "svelte", "next", "nuxt", "astro", "@angular/core", "preact", "solid-js", "@sveltejs/kit", "react-scripts"];

    /// <summary>Folders of programs that people run by hand, or that run in containers.</summary>
    private static readonly HashSet<string> Tools = new(
        ["scripts", "script", "tools", "tool", "bin", "hack", "ci", "deploy", "deployment", "docker", "infra", "infrastructure", "ops", "k8s", "helm", "terraform"],
        StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, IReadOnlyList<AppDefinition>> _ofFolders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _used = new(StringComparer.Ordinal);

    /// <summary>The apps; none for a program beside them.</summary>
    public IReadOnlyList<AppDefinition> AppsOf(string path)
    {
        if (SourceFiles.IsCommands(path))
            return [];
        var folder = path[..Math.Max(0, path.LastIndexOf('/'))];
        if (!_ofFolders.TryGetValue(folder, out var result))
            _ofFolders[folder] = result = Find(folder);
        return result;
    }

    /// <summary>The service that is built from the file; <see langword="null"/> for none.</summary>
    public ComposeService? ServiceOf(string path) => ServicesOf(path).FirstOrDefault();

    /// <summary>Whether a browser runs the file, to which localhost is this machine wherever the file comes from.</summary>
    public bool IsForBrowsers(string path) =>
        Pages.Contains(Path.GetExtension(path)) || PackageOf(path)?.Uses.Any(Frameworks.Contains) == true;

    // A context that contains all says nothing, unless all is built.
    private IEnumerable<ComposeService> ServicesOf(string path) =>
        built.Where(b => b.Folder == "." ? apps.Count == 0 : IsIn(path, b.Folder)).OrderByDescending(b => b.Folder.Length).Select(b => b.Service);

    private SourcePackage? PackageOf(string path) => packages.Where(p => IsIn(path, p.Folder)).MaxBy(p => p.Folder.Length);

    private IReadOnlyList<AppDefinition> Find(string folder)
    {
        var around = apps.Where(a => IsIn(folder, FolderOf(a))).GroupBy(a => FolderOf(a).Length).OrderByDescending(g => g.Key).FirstOrDefault();
        var package = PackageOf(folder) is { Folder.Length: > 0 } own ? own : null;
        IEnumerable<AppDefinition> users = package is null ? [] : apps.Where(a => Uses(a).Contains(package.Name));
        var found = apps.Where(a => users.Contains(a) || around?.Contains(a) == true).ToList();
        return found.Count > 0 || package is not null || ServicesOf(folder).Any() || Tools.Contains(folder.Split('/')[0]) ? found : apps;
    }

    /// <summary>The packages that an app depends on, directly or not.</summary>
    private HashSet<string> Uses(AppDefinition app)
    {
        var folder = FolderOf(app);
        if (_used.TryGetValue(folder, out var names))
            return names;
        _used[folder] = names = new HashSet<string>(StringComparer.Ordinal);
        var next = new Queue<SourcePackage>(packages.Where(p => p.Folder == folder));
        while (next.TryDequeue(out var package))
        {
            foreach (var each in package.Uses.Where(names.Add))
            {
                foreach (var used in packages.Where(p => p.Name == each))
                    next.Enqueue(used);
            }
        }

        return names;
    }

    private static string FolderOf(AppDefinition app)
    {
        var folder = app.Directory.TrimEnd('/');
        return folder == "." ? "" : folder.StartsWith("./", StringComparison.Ordinal) ? folder[2..] : folder;
    }

    private static bool IsIn(string folder, string parent) =>
        parent.Length == 0 || folder == parent || folder.StartsWith(parent + "/", StringComparison.Ordinal);
}
