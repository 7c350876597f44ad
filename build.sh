#!/usr/bin/env bash
# Runs targets of the build from any directory: ./build.sh [TARGET ...] [--OPTION VALUE ...]; --help lists them.
# Compiles the program in build/ first when its sources have changed, and finds or installs the SDK of global.json.
# BuildNative=now|made|off: compile a native program now, only use an existing one, or do not use one. By default, one is
# compiled in the background from the tenth call on (build/Cli/Hosting/NativeProgram.cs): it starts several times faster.
set -euo pipefail

script=${BASH_SOURCE[0]}
while [ -L "$script" ]; do
  target=$(readlink "$script")
  case $target in /*) script=$target ;; *) script=$(dirname "$script")/$target ;; esac
done
[[ $script == */* ]] || script=./$script
root=$(cd -P "${script%/*}/" && pwd -P)

# .NET, NuGet and PM2 store files in the home directory. If HOME is not set, the shell reads it from the user database.
[ -n "${HOME-}" ] || { unset HOME; HOME=~; }
export HOME DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Below build/, because NUKE searches for the project in the parent directories of the program.
state=$root/build/bin/boot
current=$state/current${BuildEngine:+-$BuildEngine}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/shipsec-build/programs
local_sdk=$root/.nuke/temp/dotnet

say() { printf 'build.sh: %s\n' "$*" >&2; }
fail() { say "${@:2}"; exit "$1"; }

find_sources() {
  shopt -s nullglob
  cd "$root"
  find build src global.json Directory.* [Nn]u[Gg]et.[Cc]onfig \( -name bin -o -name obj \) -prune -o "$@"
}

# Names the program of these sources. By content, so that switching back to a branch compiles nothing.
find_stamp() {
  local sum=(sha256sum)
  command -v sha256sum >/dev/null || sum=(shasum -a 256)
  stamp=$({ (find_sources -type f -print0) | LC_ALL=C sort -z | (cd "$root" && xargs -0 "${sum[@]}"); echo "${BuildEngine-}"; } |
    "${sum[@]}" | cut -c1-16)
  run=$state/run/$stamp
  cached=$cache/$stamp-$OSTYPE-$HOSTTYPE
}

# Whether no source was written since the last program was found. A directory is written when a file in it is added or removed.
is_current() {
  { read -r stamp <"$current" && run=$state/run/$stamp && read -r dotnet <"$run/sdk"; } 2>/dev/null || return 1
  [ -x "$dotnet" ] && [ -z "$(find_sources -newer "$current" -print 2>&1)" ]
}

find_sdk() {
  local words installer=$root/.nuke/temp/dotnet-install.sh url=https://dot.net/v1/dotnet-install.sh
  for dotnet in "$(command -v dotnet || true)" "$local_sdk/dotnet"; do
    [ -x "$dotnet" ] || continue
    ! words=$(cd "$root" && "$dotnet" --version 2>&1) || return 0
    [[ $words == *SDK* ]] || fail 3 "'$dotnet --version' fails: $words"
  done
  say "installing the .NET SDK of global.json into .nuke/temp/dotnet"
  { curl -fsSL --retry 2 -o "$installer" "$url" 2>/dev/null || wget -qO "$installer" "$url"; } &&
    bash "$installer" --jsonfile "$root/global.json" --install-dir "$local_sdk" --no-path >&2 ||
    fail 3 "the .NET SDK of global.json is missing and could not be downloaded; install it from https://dotnet.microsoft.com/download"
}

use_sdk() { [ "$dotnet" != "$local_sdk/dotnet" ] || export DOTNET_ROOT=$local_sdk PATH=$local_sdk:$PATH; }

# The system releases such a lock when its holder dies. macOS has no flock, but Perl.
try_lock() {
  if command -v flock >/dev/null; then flock -n 9; else perl -e 'open my $lock, ">&=9"; exit !flock $lock, 2 | 4'; fi
}

# Waits while another run compiles. The compiler of a killed run is not waited for; it may still write to the objects.
lock() {
  local waited=0
  exec 9>>"$state/lock"
  until try_lock; do
    [ $((waited += 1)) != 10 ] || say "waiting for another run to compile the program (process $(cat "$state/lock.holder"))"
    [ $waited -lt 4500 ] || fail 6 "process $(cat "$state/lock.holder") is still compiling the program after 15 minutes; stop it, then retry"
    sleep 0.2
  done
  echo $$ >"$state/lock.holder"
  objects=$state/objects next=$state/next.$$
  if ls "$state"/next.* >/dev/null 2>&1; then objects=$next/objects && rm -rf "$state"/next.* || true; fi
}

# The compiler would only report that it failed.
require_writable() {
  for place; do { echo >"$place/.probe.$$" && rm "$place/.probe.$$"; } || fail 3 "can't compile: '$place' is not writable"; done
}

run_sdk() { (cd "$root" && exec "$dotnet" "$@" -nologo -nodeReuse:false -verbosity:quiet 9>&- </dev/null); }

build_program() {
  run_sdk build build/_build.csproj --configuration Release --artifacts-path "$objects" --output "$next/program" \
    -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false -p:UseSharedCompilation=false "$@" >"$log" 2>&1
}

compile() {
  local engine log=$state/compile.log
  # Another run has compiled it meanwhile, or the SDK that it was compiled with is gone.
  [ ! -f "$run/_build.dll" ] || { echo "$dotnet" >"$run/sdk.$$" && mv -f "$run/sdk.$$" "$run/sdk" && return; }
  engine=${BuildEngine:-$(run_sdk msbuild build/Engine.proj -t:Choose -getProperty:BuildEngine 2>/dev/null)} || engine=unknown
  say "compiling (engine: $engine)"
  # The ahead-of-time compiler is a package that is not available on every NuGet source and system.
  build_program -p:AheadOfTime=true || {
    grep -qi crossgen "$log" && say "compiling without crossgen2, which is not available; commands start more slowly" && build_program
  } || { cat "$log" >&2; require_writable "$state" "$HOME"; fail 1 "the program in build/ does not compile; see the errors above"; }
  echo "$dotnet" >"$next/program/sdk"
  echo "$engine" >"$next/program/engine"
  mkdir -p "$state/run"
  rm -rf "$run"
  mv "$next/program" "$run"
  share "$run" "$cached"
  prune "$cache"
  prune "$state/run"
}

# Links or copies a directory, all of it or nothing. A full disk is not a failure.
share() {
  [ -d "$1" ] && [ ! -e "$2" ] || return 0
  { mkdir -p "${2%/*}" && { cp -al "$1" "$2.$$" || { rm -rf "$2.$$" && cp -a "$1" "$2.$$"; }; } && [ ! -e "$2" ] &&
    mv "$2.$$" "$2"; } 2>/dev/null || rm -rf "$2.$$"
}

# For NativeProgram.cs: takes the native program of the stamp $1 from the cache, or the one in $2, while the sources are the same.
share_native() {
  find_stamp
  [ "$stamp" = "$1" ] || return 0
  share "$cached/native" "$run/native"
  share "${2-}" "$run/native"
  [ ! -x "$run/native/_build" ] || [ ! -f "$cached/sdk" ] || share "$run/native" "$cached/native"
}

# Keeps the five directories that were used last, and those of running programs.
prune() {
  local running old
  running=$({ ps -axwwo args= || cat /proc/[0-9]*/cmdline; } 2>/dev/null | tr '\0' ' ')
  { ls -dt "$1"/*/ 2>/dev/null || true; } | tail -n +6 | while IFS= read -r old; do [[ $running == *"$old"* ]] || rm -rf "$old"; done
}

# Sets the program to that of the sources, and compiles it where no checkout of this user has. Sources that are written while
# they are read count as changed.
update() {
  local begun
  begun=$(TZ=UTC0 date +%Y%m%d%H%M.%S)
  find_stamp
  touch -c "$cached" 2>/dev/null || true
  share "$cached" "$run"
  if ! { read -r dotnet <"$run/sdk"; } 2>/dev/null || [ ! -x "$dotnet" ]; then
    [ "${1-}" != _complete ] || exit 0 # completion must not compile
    mkdir -p "$state" "$root/.nuke/temp" || true
    require_writable "$state" "$root/.nuke/temp" "${TMPDIR:-/tmp}"
    find_sdk
    use_sdk
    lock
    trap 'rm -rf "$next"' EXIT
    compile
    rm -rf "$next"
    exec 9>&-
  fi
  { echo "$stamp" >"$current.$$" && TZ=UTC0 touch -t "$begun" "$current.$$" && mv -f "$current.$$" "$current"; } 2>/dev/null || true
}

[ "${1-}" != _share_native ] || { share_native "${@:2}"; exit; }
is_current || update "$@"
use_sdk
[ "${BuildNative-}" != now ] || [ -x "$run/native/_build" ] || "$dotnet" "$run/_build.dll" _native
[ "${BuildNative-}" = off ] || [ ! -x "$run/native/_build" ] || exec "$run/native/_build" "$@"
exec "$dotnet" "$run/_build.dll" "$@"
