using InstanceKit.Reconcile;
using Xunit;

namespace InstanceKit.Tests.Reconcile;

public sealed class OperationTests
{
    [Fact]
    public void Every_operation_reads_as_a_sentence() => Assert.Equal(
        """
        write it: cause
        keep it: cause
        install packages of it: cause
        start service it: cause
        restart service it: cause
        start app it: cause
        restart app it: cause
        remove app it: cause
        remove container it: cause
        remove service it: cause
        remove network it: cause
        remove volume it: cause
        delete it: cause
        release number it: cause

        """.ReplaceLineEndings("\n"),
        new OperationPlan([.. Enum.GetValues<OperationKind>().Select(k => new Operation(k, "it", "cause"))]).ToString());

    [Fact]
    public void A_plan_that_only_keeps_files_changes_nothing()
    {
        var keep = new OperationPlan([new(OperationKind.KeepFile, "backend.env", "was edited")]);
        var write = new OperationPlan([new(OperationKind.WriteFile, "worker.env", "does not exist")]);

        Assert.True(new OperationPlan([]).IsEmpty);
        Assert.True(keep.IsEmpty);
        Assert.False(keep.Then(write).IsEmpty);
    }

    [Fact]
    public void One_plan_follows_another()
    {
        var plan = new OperationPlan([new(OperationKind.RemoveApp, "a", "")])
            .Then(new OperationPlan([new(OperationKind.RemoveContainer, "b", ""), new(OperationKind.RemoveApp, "c", "")]));

        Assert.Equal("remove app a: \nremove container b: \nremove app c: \n", plan.ToString());
        Assert.Equal(["a", "c"], plan.TargetsOf(OperationKind.RemoveApp));
        Assert.Empty(plan.TargetsOf(OperationKind.StartApp));
    }
}
