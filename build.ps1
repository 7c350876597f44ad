# Runs targets of the build from any directory: .\build.ps1 [TARGET ...] [--OPTION VALUE ...]; --help lists them.
# Compiles the program in build/ first when its sources have changed, and finds or installs the SDK of global.json.
# There is no param block, so that PowerShell does not take the options for its own.
Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'
$arguments = $args

# The directory of the script, also when it is called through a symbolic link.
function Find-Root {
    $path = $PSCommandPath
    while (($file = Get-Item -LiteralPath $path -Force).LinkType -eq 'SymbolicLink') {
        $path = [IO.Path]::GetFullPath([IO.Path]::Combine((Split-Path $path), @($file.Target)[0]))
    }
    return Split-Path $path
}

$root = Find-Root
# Below build/, because NUKE searches for the project in the parent directories of the program.
$state = Join-Path $root 'build/bin/boot'
$temporary = Join-Path $root '.nuke/temp'
$localSdk = Join-Path $temporary 'dotnet'
$isWindowsHere = $env:OS -eq 'Windows_NT'
$dotnetName = if ($isWindowsHere) { 'dotnet.exe' } else { 'dotnet' }

function Say([string] $text) { [Console]::Error.WriteLine("build.ps1: $text") }

$sha = [Security.Cryptography.SHA256]::Create()
function Get-Hash([byte[]] $bytes) {
    return [BitConverter]::ToString($sha.ComputeHash($bytes)).Replace('-', '').ToLowerInvariant()
}

# Paths of files below a directory, relative to the root, with slashes; without build outputs.
function Find-Sources([string] $folder) {
    foreach ($file in [IO.Directory]::GetFiles((Join-Path $root $folder))) { "$folder/" + [IO.Path]::GetFileName($file) }
    foreach ($child in [IO.Directory]::GetDirectories((Join-Path $root $folder))) {
        $name = [IO.Path]::GetFileName($child)
        if ($name -cne 'bin' -and $name -cne 'obj') { Find-Sources "$folder/$name" }
    }
}

# By content, so that switching back to a branch needs no compilation. build.sh hashes the same text,
# so that either script finds what the other has compiled.
function Get-Stamp {
    $files = New-Object Collections.Generic.List[string]
    foreach ($folder in 'build', 'src') { Find-Sources $folder | ForEach-Object { $files.Add($_) } }
    foreach ($file in [IO.Directory]::GetFiles($root)) {
        $name = [IO.Path]::GetFileName($file)
        if ($name -ceq 'global.json' -or $name -clike 'Directory.*' -or $name -eq 'nuget.config') { $files.Add($name) }
    }
    $files.Sort([StringComparer]::Ordinal)
    $lines = @($files | ForEach-Object { (Get-Hash ([IO.File]::ReadAllBytes((Join-Path $root $_)))) + "  $_" })
    $lines += "$env:BuildEngine"
    return (Get-Hash ([Text.Encoding]::UTF8.GetBytes(($lines -join "`n") + "`n"))).Substring(0, 16)
}

function Use-Sdk([string] $path) {
    $script:dotnet = $path
    if ((Split-Path $path) -eq $localSdk) {
        $env:DOTNET_ROOT = $localSdk
        $env:PATH = $localSdk + [IO.Path]::PathSeparator + $env:PATH
    }
}

function Find-Sdk {
    $found = Get-Command dotnet -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    foreach ($candidate in @($(if ($found) { $found.Source }), (Join-Path $localSdk $dotnetName))) {
        if (-not $candidate -or -not (Test-Path $candidate)) { continue }
        if ((Invoke-Quietly $candidate @('--version')) -eq 0) { Use-Sdk $candidate; return }
        if ($output -notmatch 'SDK') { Say "'$candidate --version' fails: $($output.Trim())"; exit 3 }
    }
    Say 'installing the .NET SDK of global.json into .nuke/temp/dotnet'
    try {
        $extension = if ($isWindowsHere) { 'ps1' } else { 'sh' }
        $installer = Join-Path $temporary "dotnet-install.$extension"
        [Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12
        (New-Object Net.WebClient).DownloadFile("https://dot.net/v1/dotnet-install.$extension", $installer)
        $json = Join-Path $root 'global.json'
        if ($isWindowsHere) { & $installer -JSonFile $json -InstallDir $localSdk -NoPath | Out-Null }
        else { & bash $installer --jsonfile $json --install-dir $localSdk --no-path | Out-Null }
        if (-not (Test-Path (Join-Path $localSdk $dotnetName))) { throw 'the installer did not install an SDK' }
    }
    catch {
        Say "the .NET SDK of global.json is missing and could not be downloaded ($($_.Exception.Message)); install it from https://dotnet.microsoft.com/download"
        exit 3
    }
    Use-Sdk (Join-Path $localSdk $dotnetName)
}

# Windows PowerShell drops quotes and empty arguments when it calls a program, so the command line is built here.
function Join-Arguments([object[]] $words) {
    $quoted = foreach ($word in $words) {
        # At a PowerShell prompt 1,2 is a list.
        $text = if ($word -is [array]) { $word -join ',' } else { [string] $word }
        if ($text -ne '' -and $text -notmatch '[\s"]') { $text; continue }
        $text = $text -replace '(\\*)"', '$1$1\"'
        $text = $text -replace '(\\+)$', '$1$1'
        '"' + $text + '"'
    }
    return $quoted -join ' '
}

function New-Start([string] $program, [object[]] $words) {
    $start = New-Object Diagnostics.ProcessStartInfo
    $start.FileName = $program
    $start.Arguments = Join-Arguments $words
    $start.UseShellExecute = $false
    return $start
}

# Runs a program in the root directory without input, and stores its output in $script:output.
function Invoke-Quietly([string] $program, [object[]] $words) {
    $start = New-Start $program $words
    $start.WorkingDirectory = $root
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    # A build server that keeps running would keep the inherited streams open.
    $start.EnvironmentVariables['MSBUILDDISABLENODEREUSE'] = '1'
    $process = [Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $errors = $process.StandardError.ReadToEndAsync()
    $script:output = $process.StandardOutput.ReadToEnd() + $errors.Result
    $process.WaitForExit()
    return $process.ExitCode
}

# The system releases such a lock when its holder dies. On Unix it is the one that build.sh takes.
function Lock-State {
    New-Item -ItemType Directory -Force $state | Out-Null
    while ($true) {
        try { $lock = [IO.File]::Open((Join-Path $state 'lock'), 'OpenOrCreate', 'ReadWrite', 'None'); break }
        catch [IO.IOException] { [Threading.Thread]::Sleep(200) }
    }
    [IO.File]::WriteAllText((Join-Path $state 'lock.holder'), "$PID`n")
    return $lock
}

function Invoke-Compile {
    $next = Join-Path $state "next.$PID"
    $lock = Lock-State
    try {
        if (Test-Path (Join-Path $run '_build.dll')) {
            # Another run has compiled it meanwhile, or its SDK is gone.
            [IO.File]::WriteAllText((Join-Path $run 'sdk'), $dotnet)
            return
        }
        $engine = $env:BuildEngine
        if (-not $engine) {
            [void] (Invoke-Quietly $dotnet @('msbuild', 'build/Engine.proj', '-t:Choose', '-getProperty:BuildEngine', '-nologo', '-verbosity:quiet'))
            $engine = $output.Trim()
        }
        Say "compiling (engine: $engine)"
        $build = @('build', 'build/_build.csproj', '--configuration', 'Release', '--artifacts-path', (Join-Path $state 'objects'),
            '--output', $next, '-nologo', '-verbosity:quiet',
            '-p:RunAnalyzers=false', '-p:TreatWarningsAsErrors=false', '-p:UseSharedCompilation=false')
        $exitCode = Invoke-Quietly $dotnet ($build + '-p:AheadOfTime=true')
        if ($exitCode -ne 0 -and $output -match 'crossgen') {
            # The ahead-of-time compiler is a package that is not available on every NuGet source and system.
            Say 'compiling without crossgen2, which is not available; commands start more slowly'
            $exitCode = Invoke-Quietly $dotnet $build
        }
        if ($exitCode -ne 0) {
            [Console]::Error.WriteLine($output)
            Say 'the program in build/ does not compile; see the errors above'
            exit 1
        }
        [IO.File]::WriteAllText((Join-Path $next 'sdk'), $dotnet)
        [IO.File]::WriteAllText((Join-Path $next 'engine'), $engine)
        New-Item -ItemType Directory -Force (Join-Path $state 'run') | Out-Null
        if (Test-Path $run) { Remove-Item $run -Recurse -Force }
        Move-Item $next $run

        # Keeps the five programs that were compiled last, and those that run. Windows does not move a folder in use.
        $running = (Get-Process | Where-Object { $_.PSObject.Properties['CommandLine'] } | ForEach-Object { $_.CommandLine }) -join "`n"
        Get-ChildItem (Join-Path $state 'run') | Sort-Object LastWriteTime -Descending | Select-Object -Skip 5 |
            Where-Object { -not $running.Contains($_.Name) } | ForEach-Object {
                Move-Item $_.FullName "$($_.FullName).old" -ErrorAction SilentlyContinue
                Remove-Item "$($_.FullName).old" -Recurse -Force -ErrorAction SilentlyContinue
            }
    }
    finally {
        if (Test-Path $next) { Remove-Item $next -Recurse -Force -ErrorAction SilentlyContinue }
        $lock.Dispose()
    }
}

$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$run = Join-Path $state "run/$(Get-Stamp)"
$sdkFile = Join-Path $run 'sdk'
if ((Test-Path $sdkFile) -and (Test-Path ([IO.File]::ReadAllText($sdkFile).Trim()))) {
    Use-Sdk ([IO.File]::ReadAllText($sdkFile).Trim())
}
else {
    New-Item -ItemType Directory -Force $temporary | Out-Null
    Find-Sdk
    Invoke-Compile
}

$start = New-Start $dotnet (@(Join-Path $run '_build.dll') + $arguments)
$start.WorkingDirectory = (Get-Location).ProviderPath
$process = [Diagnostics.Process]::Start($start)
try { $process.WaitForExit() }
finally {
    # Ctrl-C also stops this script, at any statement, but the program decides how to handle it and with which
    # exit code. A PowerShell that was started for this script exits with that code; an interactive one continues.
    $process.WaitForExit()
    $global:LASTEXITCODE = $process.ExitCode
    if ([Environment]::GetCommandLineArgs() -match '^-f(i(le?)?)?$') { [Environment]::Exit($process.ExitCode) }
}
exit $process.ExitCode
