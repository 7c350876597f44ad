using InstanceKit.Drivers;
using InstanceKit.Instances;
using InstanceKit.Planning;

namespace InstanceKit.Lifecycle;

/// <summary>Tells of the files that a person edited: that they are kept, how they differ, and what has changed since.</summary>
internal static class KeptFiles
{
    /// <summary>Tells of each, and says what is to be remembered of it.</summary>
    public static IReadOnlyDictionary<string, KeptFile> Report(
        InstancePlan plan, IReadOnlyList<FileDecision> decisions, InstanceRecord? record, InstanceProgress progress)
    {
        var paths = plan.Spec.Paths;
        var result = new SortedDictionary<string, KeptFile>(StringComparer.Ordinal);
        foreach (var decision in decisions.Where(d => d.Action == FileAction.Keep))
        {
            var path = Path.Combine(paths.Directory, decision.Name);
            if (InstanceDirectory.ReadText(path) is not { } found)
                continue;
            var file = plan.Files.First(f => f.Name == decision.Name);
            var earlier = record?.Kept.GetValueOrDefault(decision.Name)
                ?? new KeptFile(record?.MadeFrom ?? new Dictionary<string, string>(), "");
            var diff = FileDiff.Between(paths.Relative(path), found, file.Content, earlier.Shown);
            progress.Note(decision.Name, $"{diff.File} was edited and is kept; InitInstance --force writes it anew."
                + Missed(plan, file, earlier, record));
            progress.Differs(diff);
            result[decision.Name] = earlier with { Shown = diff.Hash };
        }

        return result;
    }

    /// <summary>A change of a source that makes no difference to the file is nothing that it lacks.</summary>
    private static string Missed(InstancePlan plan, GeneratedFile file, KeptFile earlier, InstanceRecord? record)
    {
        if (earlier.MadeFrom.Count == 0 || record?.Files.GetValueOrDefault(file.Name) == ContentHash.Of(file.Content))
            return "";
        var changes = SourceChanges.Find(earlier.MadeFrom, plan.MadeFrom, file.Source, plan.SourcesOfOthers(file));
        return changes.Count == 0 ? "" : $" Since then {string.Join(", ", changes)}; your edited file does not have it.";
    }
}
