using InstanceKit.IntegrationTests.Corpus;
using InstanceKit.IntegrationTests.Embedded;
using InstanceKit.IntegrationTests.Newcomer;
using InstanceKit.IntegrationTests.Scenarios;
using InstanceKit.IntegrationTests.Support;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Each of these tests starts containers and processes of its own; more at once would only measure the machine, and on a
// slow one with two processors everything else that a test waits for would come too late.
[assembly: Parallelization(Mode = ParallelMode.Collections, MaxThreads = 2)]
[assembly: TestCollectionOrderer(typeof(InstanceKit.IntegrationTests.LongestFirst))]

namespace InstanceKit.IntegrationTests;

/// <summary>The collections that take minutes begin, so that none of them is left to run alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        LowNumbers.Name, nameof(ThreeInstances), nameof(TwiceAtOnceTests), nameof(EmbeddedUpTests), nameof(PostgresTests), nameof(ManyInstancesTests),
        nameof(Pm2DaemonTests), nameof(RecordingTests),
    ];

    /// <inheritdoc />
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Array.FindIndex(Long, name => c.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is >= 0 and var place ? place : Long.Length)
            .ThenBy(c => c.UniqueID, StringComparer.Ordinal)];
}

/// <summary>The test that takes the shared instances down comes after those that only look at them.</summary>
public sealed class ReadersFirst : ITestClassOrderer
{
    /// <inheritdoc />
    public IReadOnlyCollection<TTestClass?> OrderTestClasses<TTestClass>(IReadOnlyCollection<TTestClass?> testClasses)
        where TTestClass : ITestClass =>
        [.. testClasses.OrderBy(c => c?.TestClassSimpleName == nameof(OneOfThreeTests)).ThenBy(c => c?.UniqueID, StringComparer.Ordinal)];
}
