namespace Rendering;

/// <summary>How much a person wants to be told.</summary>
internal enum Detail
{
    /// <summary>Errors, and the data that was asked for.</summary>
    Quiet,

    /// <summary>Also progress and outcome.</summary>
    Normal,

    /// <summary>Every event, and the technical causes of errors.</summary>
    Verbose,
}
