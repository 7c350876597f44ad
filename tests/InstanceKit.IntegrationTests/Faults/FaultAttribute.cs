using System.Runtime.CompilerServices;
using Xunit;
using Xunit.v3;

namespace InstanceKit.IntegrationTests.Faults;

/// <summary>Marks a test of a <see cref="FaultScenario"/>. <c>Test --faults</c> runs them all, <c>Test</c> the quick ones.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FaultAttribute : FactAttribute, ITraitAttribute
{
    /// <param name="name">The fault in a few words: "Redis is stopped by hand". Unique.</param>
    /// <param name="section">The section of the list of faults that it belongs to, 1 to 8.</param>
    /// <param name="file">Filled in by the compiler.</param>
    /// <param name="line">Filled in by the compiler.</param>
    public FaultAttribute(string name, int section, [CallerFilePath] string? file = null, [CallerLineNumber] int line = -1)
        : base(file, line)
    {
        Name = name;
        Section = section;
        DisplayName = $"Fault {section}: {name}";
        Timeout = 600_000;
    }

    /// <summary>The fault in a few words.</summary>
    public string Name { get; }

    /// <summary>The section of the list of faults.</summary>
    public int Section { get; }

    /// <summary>Whether it takes a few seconds only and is in every run of the tests.</summary>
    public bool Quick { get; init; }

    /// <inheritdoc />
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() =>
        [new("Fault", Quick ? "quick" : "slow"), new("Section", $"{Section}")];
}
