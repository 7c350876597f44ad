using System.Linq.Expressions;
using System.Reflection;
using InstanceKit;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>The base of a build: its targets are its properties of type <see cref="Target"/>.</summary>
public abstract class NukeBuild : INukeBuild
{
    private static ParameterSource? s_parameters;
    private static AbsolutePath? s_root;

    private static ParameterSource Parameters => s_parameters ??= new ParameterSource(Environment.GetCommandLineArgs()[1..]);

    internal static string ParametersFile => Path.Combine(RootDirectory.ToString(), ".nuke", "parameters.json");

    [Parameter("Root directory during build execution.", Name = "Root")]
    public static AbsolutePath RootDirectory => s_root ??= FindRoot();

    private static string TemporaryDirectory => Path.Combine(RootDirectory.ToString(), ".nuke", "temp");

    [Parameter("Logging verbosity during build execution. Default is 'Normal'.")]
    public static Verbosity Verbosity { get; set; } = Verbosity.Normal;

    public static Host Host { get; set; } = Host.Find();

    public static bool IsLocalBuild => Host is not IBuildServer;

    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; set; } = [];

    internal IReadOnlyList<ExecutableTarget> AllTargets { get; private set; } = [];

    [Parameter("List of targets to be invoked. Default is '{default_target}'.", Name = "Target", Separator = "+")]
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => [.. ExecutionPlan.Where(target => target.Invoked)];

    [Parameter("List of targets to be skipped. Empty list skips all dependencies.", Name = "Skip", Separator = "+")]
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => With(ExecutionStatus.Skipped);

    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => With(ExecutionStatus.Succeeded);

    [Parameter("Shows the execution plan.")]
    public bool Plan { get; internal set; }

    [Parameter("Shows the help text for this build assembly.")]
    public bool Help { get; internal set; }

    /// <summary>This engine has no logo; the option is there for those who pass it.</summary>
    [Parameter("Disables displaying the NUKE logo.")]
    public bool NoLogo { get; set; }

    public bool IsSucceeding => !IsFailing;

    public bool IsFailing => ExecutionPlan.Any(target =>
        target.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);

    /// <summary>The exit code of the run; unset, 0 for success and 255 for failure.</summary>
    public int? ExitCode { get; set; }

    AbsolutePath INukeBuild.RootDirectory => RootDirectory;
    bool INukeBuild.IsLocalBuild => IsLocalBuild;

    /// <summary>Runs the targets that the command line names, else the default ones, and returns the exit code.</summary>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargetExpressions)
        where T : NukeBuild, new()
    {
        try
        {
            var build = new T();
            build.Prepare([.. defaultTargetExpressions.Select(NameOf)]);
            new BuildExecutor(build).Run(Parameters.Skipped);
            return build.ExitCode ??= build.IsSucceeding ? 0 : -1;
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"error: {e.Message}");
            return UsageException.ExitCode;
        }
    }

    public void ReportSummary(Configure<Dictionary<string, string>> configurator) =>
        ExecutionPlan.Single(target => target.Status == ExecutionStatus.Running).SummaryInformation = configurator([]);

    public T? TryGetValue<T>(Expression<Func<T>> parameterExpression) where T : class =>
        (T?)ValueOf(parameterExpression);

    public T? TryGetValue<T>(Expression<Func<object>> parameterExpression) => (T?)ValueOf(parameterExpression);

    protected virtual void OnBuildInitialized()
    {
    }

    private void Prepare(IReadOnlyList<string> defaults)
    {
        AllTargets = TargetGraph.Discover(this);
        foreach (var target in AllTargets)
            target.IsDefault = defaults.Contains(target.Name);

        var parameters = Parameter.Of(GetType());
        foreach (var parameter in parameters.Where(one => !one.IsOfEngine || IsFilled(one)))
        {
            if (!parameter.Member.DeclaringType!.IsInterface && Parameters.Find(parameter) is { } value)
                parameter.Fill(this, value);
        }

        SchemaFile.Write(parameters, AllTargets);
        ToolRequests.Answer(Parameters, TemporaryDirectory);

        var called = Parameters.Targets?.Select(name => TargetGraph.Find(AllTargets, name)).Distinct().ToList();
        foreach (var target in called ?? [])
            target.Invoked = true;
        ExecutionPlan = TargetGraph.Plan(AllTargets, called ?? [.. AllTargets.Where(target => target.IsDefault)]);

        var extensions = GetType().GetCustomAttributes<BuildExtensionAttributeBase>().OrderByDescending(one => one.Priority);
        foreach (var extension in extensions)
        {
            extension.Build = this;
            (extension as IOnBuildInitialized)?.OnBuildInitialized(AllTargets, ExecutionPlan);
        }

        OnBuildInitialized();
    }

    private static bool IsFilled(Parameter parameter) =>
        parameter.Name is nameof(Plan) or nameof(Help) or nameof(NoLogo) or nameof(Verbosity);

    private static object? ValueOf(LambdaExpression expression)
    {
        var body = expression.Body is UnaryExpression cast ? cast.Operand : expression.Body;
        var member = ((MemberExpression)body).Member;
        return Parameters.Find(new Parameter(member, member.GetCustomAttribute<ParameterAttribute>()!));
    }

    private static string NameOf<T>(Expression<Func<T, Target>> target) => ((MemberExpression)target.Body).Member.Name;

    private IReadOnlyCollection<ExecutableTarget> With(ExecutionStatus status) =>
        [.. ExecutionPlan.Where(target => target.Status == status)];

    /// <summary>The given root, else the nearest folder upwards that holds <c>.nuke</c>.</summary>
    private static AbsolutePath FindRoot()
    {
        if (Parameters.Root is { } given)
            return (AbsolutePath)Path.GetFullPath(given)!;
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, ".nuke")))
                return (AbsolutePath)folder.FullName!;
        }

        throw new UsageException(
            $"There is no .nuke directory in {Environment.CurrentDirectory} or above it; change to the repository or pass --root PATH.");
    }
}
