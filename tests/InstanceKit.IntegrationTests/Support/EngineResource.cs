namespace InstanceKit.IntegrationTests.Support;

/// <summary>A volume or network of the engine.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Identity">What changes when it is made anew: a network's id, the moment a volume was made.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record EngineResource(string Name, string Identity, IReadOnlyDictionary<string, string> Labels);
