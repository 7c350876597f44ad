using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Docker.DotNet;
using InstanceKit.Engine;
using Xunit;

namespace InstanceKit.IntegrationTests.Engine;

/// <summary>What a native program must be told of the client library's models.</summary>
public sealed class EngineModelTypesTests
{
    [Fact]
    public void Every_collection_over_values_of_the_models_is_named()
    {
        var making = typeof(EngineClient).Assembly.GetType("InstanceKit.Engine.EngineModelTypes", throwOnError: true)!.GetMethod("MakeAll")!;
        var named = making.GetCustomAttributes<DynamicDependencyAttribute>().Select(a => a.Type!).ToHashSet();
        Assert.Equal(named, ((object[])making.Invoke(null, null)!).Select(o => o.GetType()).ToHashSet());

        var needed = typeof(DockerClient).Assembly.GetExportedTypes().Where(t => t.Namespace == "Docker.DotNet.Models")
            .SelectMany(t => t.GetProperties()).SelectMany(p => Parts(p.PropertyType)).Select(Made).OfType<Type>().Distinct();

        Assert.Equal([], needed.Where(t => !named.Contains(t)).Select(t => t.ToString()));
    }

    private static IEnumerable<Type> Parts(Type type) =>
        type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Prepend(type) : [];

    /// <summary>What the reader makes for an interface over values.</summary>
    private static Type? Made(Type type) => type.GetGenericTypeDefinition() switch
    {
        _ when !type.GetGenericArguments().Any(a => a.IsValueType) => null,
        var d when d == typeof(IList<>) || d == typeof(IEnumerable<>) => typeof(List<>).MakeGenericType(type.GetGenericArguments()),
        var d when d == typeof(IDictionary<,>) => typeof(Dictionary<,>).MakeGenericType(type.GetGenericArguments()),
        var d when d == typeof(Nullable<>) => null,
        _ => type,
    };
}
