using InstanceKit.Lifecycle;

namespace Rendering;

/// <summary>Shows a plan that was not carried out.</summary>
internal static class OperationPlanText
{
    /// <summary>A heading, then one operation a line with its cause.</summary>
    public static void Write(Surface surface, OperationReport report)
    {
        var instance = $"Instance {report.Instance}";
        var operations = report.Plan.Operations;
        surface.WriteLine(
            (instance, Palette.Strong),
            ($" ({report.Project}): {Count(report)}", null));
        foreach (var operation in operations)
            surface.WriteLine($"  {operation}");
    }

    private static string Count(OperationReport report)
    {
        if (report.Plan.IsEmpty)
            return "nothing would change.";
        var changes = report.Plan.Operations.Count;
        return changes == 1 ? "1 step planned, nothing touched." : $"{changes} steps planned, nothing touched.";
    }
}
