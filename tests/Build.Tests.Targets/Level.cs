namespace Build.Tests.Targets;

/// <summary>A parameter's type with a closed set of values.</summary>
internal enum Level
{
    Low,
    High,
}
