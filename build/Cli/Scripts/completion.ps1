# Completes build.ps1, build.cmd and build.sh of ShipSec.Build in PowerShell; in $PROFILE, with the path of your checkout:
#   PATH/build.cmd Completion --shell powershell | Out-String | Invoke-Expression
# A function that calls it is completed by one more line:
#   Register-ArgumentCompleter -Native -CommandName NAME -ScriptBlock $ShipSecBuildCompleter

$ShipSecBuildCompleter = {
    param($wordToComplete, $commandAst, $cursorPosition)

    # A path is asked itself, if it is a build of this kind; another name stands for the one that wrote this script.
    $root = '{root}'
    $name = [string] $commandAst.GetCommandName()
    if ($name -match '[\\/]') { $root = [IO.Path]::GetDirectoryName($ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($name)) }

    # The program that was compiled last is asked directly: another PowerShell would take longer to start than to answer.
    $run = Get-ChildItem -LiteralPath (Join-Path $root 'build/bin/boot/run') -Directory -ErrorAction SilentlyContinue |
        Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $run) { return }
    $dotnet = [IO.File]::ReadAllText((Join-Path $run.FullName 'sdk')).Trim()

    # What stands between the last blank and the cursor; PowerShell counts only what follows a comma.
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition -or ($_.Extent.EndOffset -eq $cursorPosition -and -not $wordToComplete) })
    $under = $commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -ge $cursorPosition -and $_.Extent.StartOffset -lt $cursorPosition } | Select-Object -First 1
    $current = if ($under) { $under.Extent.Text.Substring(0, [Math]::Min($under.Extent.Text.Length, $cursorPosition - $under.Extent.StartOffset)) } else { '' }
    $before = @($before | Where-Object { $_ -ne $under } | ForEach-Object { if ($_ -is [Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text } })
    $parted = if ($current.EndsWith($wordToComplete)) { $current.Substring(0, $current.Length - $wordToComplete.Length) } else { '' }

    $replies = @(& $dotnet (Join-Path $run.FullName '_build.dll') _complete powershell ":$current" @before 2>$null)
    if ($replies.Count -gt 0 -and $replies[0] -eq ':folders') { return }
    foreach ($reply in $replies) {
        $value, $about = $reply -split "`t", 2
        $shown = if ($about) { $about } else { $value }
        $text = if ($value.StartsWith($parted)) { $value.Substring($parted.Length) } else { $value }
        [Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $shown)
    }
}
Register-ArgumentCompleter -Native -CommandName build.ps1, build.cmd, build.sh -ScriptBlock $ShipSecBuildCompleter
