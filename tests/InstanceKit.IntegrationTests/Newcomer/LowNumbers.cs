using Xunit;

namespace InstanceKit.IntegrationTests.Newcomer;

/// <summary>The tests that need low instance numbers, which they can't share: they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LowNumbers
{
    /// <summary>The collection's name.</summary>
    public const string Name = "low numbers";
}
