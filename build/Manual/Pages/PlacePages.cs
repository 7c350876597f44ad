using static Manual.Pages.OptionName;

namespace Manual.Pages;

/// <summary>The targets that set up the machine and the workspace.</summary>
internal static class PlacePages
{
    public static TargetGroup Group => new("Set up machine and workspace", [Doctor, UseInstance, InitStack, LocalImages, Completion]);

    private static TargetPage Doctor => new("Doctor", Summary.Doctor)
    {
        Options = [Instance, Infra, Workspace, StackName, Json],
        Examples =
        [
            new("{build} Doctor", "Shows what is needed, what was found, and the command that gets what is missing."),
            new("{build} Doctor --instance 3", "Looks at the ports of instance 3 as well."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage UseInstance => new("UseInstance", Summary.UseInstance)
    {
        Options = [Instance, Workspace, StackName, Json],
        Examples =
        [
            new("{build} UseInstance --instance 2", "Makes 2 the instance of all later commands in this workspace."),
        ],
    };

    private static TargetPage InitStack => new("InitStack", Summary.InitStack)
    {
        Options = [Workspace, StackName, DryRun, Force, Json],
        Examples =
        [
            new("{build} InitStack --workspace ~/code/shop --dry-run", "Prints what would be written."),
            new("{build} InitStack --workspace ~/code/shop", "Writes ~/code/shop/instancekit.yml."),
        ],
    };

    private static TargetPage LocalImages => new("LocalImages", Summary.LocalImages)
    {
        Options = [Workspace, StackName, Json],
        Examples =
        [
            new("{build} LocalImages", "Makes the images that are missing and points the sample at them."),
        ],
        ExitCodes = [0, 1, 2, 3],
    };

    private static TargetPage Completion => new("Completion", Summary.Completion)
    {
        Options = [Shell],
        Examples =
        [
            new("eval \"$({build} Completion --shell bash)\"", "Completes in this bash; in ~/.bashrc, in every one."),
            new("eval \"$({build} Completion --shell zsh)\"", "Completes in this zsh; in ~/.zshrc, in every one."),
            new("{build} Completion --shell fish > ~/.config/fish/completions/build.sh.fish", "Completes in every fish."),
            new("{build} Completion --shell powershell | Out-String | Invoke-Expression", "Completes in this PowerShell; in $PROFILE, in every one."),
        ],
    };
}
