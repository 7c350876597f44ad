#!/usr/bin/env bash
# Runs targets of the build from any directory: ./build.sh [TARGET ...] [--OPTION VALUE ...]; --help lists them.
# Compiles the program in build/ first when its sources have changed, and finds or installs the SDK of global.json.
# BuildNative=now|made|off: compile a native program now, only use an existing one, or do not use one. By default, one is
# compiled in the background from the tenth call on: it starts several times faster, but takes minutes to compile.
set -euo pipefail

script=${BASH_SOURCE[0]}
while [ -L "$script" ]; do
  target=$(readlink "$script")
  case $target in /*) script=$target ;; *) script=$(dirname "$script")/$target ;; esac
done
root=$(cd -P "$(dirname "$script")" && pwd -P)

# Below build/, because NUKE searches for the project in the parent directories of the program.
state=$root/build/bin/boot
current=$state/current
local_sdk=$root/.nuke/temp/dotnet
no_nuke=$root/.nuke/temp/no-nuke

say() { printf 'build.sh: %s\n' "$*" >&2; }

# .NET, NuGet and PM2 store files in the home directory. If HOME is not set, the shell reads it from the user database.
[ -n "${HOME-}" ] || { unset HOME; HOME=~; }
export HOME

hash_lines() {
  if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi
}

# By content, so that switching back to a branch needs no compilation.
hash_sources() {
  cd "$root"
  {
    find build src \( -name bin -o -name obj \) -prune -o -type f -print0
    for file in global.json Directory.* [Nn]u[Gg]et.[Cc]onfig; do [ ! -f "$file" ] || printf '%s\0' "$file"; done
  } | LC_ALL=C sort -z | if command -v sha256sum >/dev/null; then xargs -0 sha256sum; else xargs -0 shasum -a 256; fi
}

# NuGet's global packages folder: from the variable, from the nearest configuration that sets it, or the default.
find_packages() {
  local folder=$root config text
  packages=${NUGET_PACKAGES-}
  while [ -z "$packages" ]; do
    for config in "${folder%/}"/[Nn]u[Gg]et.[Cc]onfig; do
      [ -f "$config" ] && text=$(<"$config") && [[ $text == *globalPackagesFolder* ]] && read_packages || continue
      return 0
    done
    [ "$folder" != "${HOME-}/.nuget/NuGet" ] || break
    folder=${folder%/*}
    [ -n "$folder" ] || folder=${HOME-}/.nuget/NuGet
  done
  packages=${packages:-${HOME-}/.nuget/packages}
}

# Reads the folder from a configuration; a relative path is relative to that file.
read_packages() {
  local name
  packages=$(printf '%s' "$text" | tr '\n' ' ' |
    sed -nE 's/<!--([^-]|-[^-])*-->//g; s/.*<add +key="globalPackagesFolder" +value="([^"]*)".*/\1/p')
  while [[ $packages =~ %([A-Za-z_][A-Za-z0-9_]*)% ]]; do
    name=${BASH_REMATCH[1]}
    packages=${packages//"%$name%"/${!name-}}
  done
  case $packages in '') return 1 ;; /*) ;; *) packages=${config%/*}/$packages ;; esac
}

# The same rule as in build/BuildEngine.props, which reads only the configurations of this directory and of the user.
choose_engine() {
  local packages
  engine=${BuildEngine:-}
  [ -z "$engine" ] || return 0
  find_packages
  if [ -f "$packages/nuke.common/$nuke_version/nuke.common.nuspec" ] && [ ! -f "$no_nuke" ] &&
    [ -f "$packages/nuke.components/$nuke_version/nuke.components.nuspec" ]; then
    engine=Nuke
  else
    engine=Bundled
  fi
}

# Whether the program that ran last is up to date: none of its sources was written since. A directory counts as
# written when a file is added to it or removed.
is_current() {
  local -a sources=("$root"/build "$root"/src "$root"/global.json "$root"/Directory.* "$root"/[Nn]u[Gg]et.[Cc]onfig)
  local last
  { read -r nuke_version && read -r stamp && read -r sdk; } 2>/dev/null <"$current" || return 1
  choose_engine
  program=$state/run/$stamp/_build.dll
  [ "${stamp%%-*}" = "$engine" ] && [ -f "$program" ] && [ -x "$sdk" ] || return 1
  [ -e "${sources[${#sources[@]} - 1]}" ] || unset "sources[${#sources[@]} - 1]"
  last=$(find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -newer "$current" -print 2>&1 | head -n 1)
  [ -z "$last" ]
}

# If it contains only a log, native compilation of these sources failed.
native_folder() { printf '%s' "$state/run/$stamp/native"; }

# Whether native compilation pays off: from the tenth call of the same program on, and not on CI, where machines are
# billed by the minute.
is_native_due() {
  local calls=$state/run/$stamp/calls made=
  [ -z "${BuildNative-}" ] && [ -z "${CI-}" ] && [ "$engine" = Bundled ] && [ "${1-}" != _complete ] || return 1
  [ ! -e "$(native_folder)" ] && printf . 2>/dev/null >>"$calls" || return 1
  IFS= read -r made <"$calls" || true
  [ $((${#made} % 10)) = 0 ]
}

# Publishes into a separate directory, and moves the program next to the managed one if the sources have not changed.
compile_native() {
  local pid made=$stamp
  pid=$(exec sh -c 'echo "$PPID"')
  work=$state/native.$pid # not local: the EXIT trap needs it
  remove_killed
  printf '%s\n' "$pid" >"$state/native.pid"
  trap 'rm -rf "$work" "$state/native.pid"' EXIT
  mkdir -p "$work/native"
  [ "${1-}" != idle ] || await_ups
  if ! command -v clang >/dev/null && ! command -v gcc >/dev/null; then
    echo "Neither clang nor gcc was found on PATH; one of them is required to link the program." >"$work/native/log"
  else
    nice -n 19 "$dotnet" publish "$root/build/_build.csproj" --configuration Release -p:PublishAot=true \
      --artifacts-path "$work/objects" --output "$work/out" -nologo -verbosity:quiet -p:RunAnalyzers=false \
      -p:TreatWarningsAsErrors=false -p:UseSharedCompilation=false >"$work/native/log" 2>&1 </dev/null || true
    [ ! -f "$work/out/_build" ] || mv "$work/out/_build" "$work/native/_build"
  fi
  stamp_of_now
  [ "$stamp" = "$made" ] || return 0
  rm -rf "$(native_folder)"
  mv "$work/native" "$(native_folder)"
  keep 2>/dev/null || true
}

# Removes what a killed compilation left behind.
remove_killed() {
  local left
  for left in "$state"/native.[0-9]*; do
    [ ! -d "$left" ] || kill -0 "${left##*.}" 2>/dev/null || rm -rf "$left"
  done
}

is_native_compiling() {
  local holder
  holder=$(cat "$state/native.pid" 2>/dev/null) && kill -0 "$holder" 2>/dev/null
}

# An Up needs the processors itself. An hour is more than any Up takes; one that never ends must not keep a shell waiting.
await_ups() {
  local waited=0
  while [ $waited -lt 720 ] && ps -axo args= | grep -F "$state/run/" | grep -qE ' (Up|Restart)( |$)'; do
    sleep 5
    waited=$((waited + 1))
  done
}

# Detached from the caller: no inherited streams, terminal signals or child process to wait for.
start_compile_native() {
  ! is_native_compiling || return 0
  say "compiling natively in the background, so that commands start several times faster"
  (
    trap '' HUP INT
    exec </dev/null >/dev/null 2>&1
    for fd in /dev/fd/*; do
      case ${fd##*/} in 0 | 1 | 2 | 255) ;; *) eval "exec ${fd##*/}>&-" ;; esac
    done
    compile_native idle &
  )
}

compile_native_now() {
  if [ "$engine" != Bundled ]; then
    say "BuildNative=now needs the bundled engine, but this program is compiled for $engine; also set BuildEngine=Bundled"
    exit 2
  fi
  say "compiling natively; this takes minutes"
  local waited=0
  while is_native_compiling; do
    sleep 1
    waited=$((waited + 1))
    [ $waited != 2 ] || say "waiting for process $(cat "$state/native.pid"), which is already compiling natively"
    [ $waited -lt 1800 ] || { say "process $(cat "$state/native.pid") is still compiling natively after 30 minutes; stop it, then retry"; exit 6; }
  done
  [ -x "$(native_folder)/_build" ] || (compile_native)
  if [ ! -x "$(native_folder)/_build" ]; then
    cat "$(native_folder)/log" >&2 || true
    say "native compilation failed; see the output above. Without BuildNative=now, the managed program runs"
    exit 1
  fi
}

# Replaces this shell with the program.
run_program() {
  [ "${BuildNative-}" != now ] || [ -x "$(native_folder)/_build" ] || compile_native_now
  if [ -x "$(native_folder)/_build" ] && [ "${BuildNative-}" != off ]; then
    exec "$(native_folder)/_build" "$@"
  fi
  ! is_native_due "$@" || start_compile_native
  exec "$dotnet" "$program" "$@"
}

# Sources that are written while they are read count as changed.
remember() {
  printf '%s\n' "$nuke_version" "$stamp" "$(cat "$state/run/$stamp/sdk")" 2>/dev/null >>"$1" && touch -r "$1.begun" "$1" && mv -f "$1" "$current" || true
  rm -f "$1" "$1.begun"
}

stamp_of_now() {
  choose_engine
  stamp=$engine-$({ hash_sources; echo "$engine"; } | hash_lines | cut -c1-16)
  program=$state/run/$stamp/_build.dll
}

# A program that any checkout of this user has compiled from the same sources is taken over, linked where that goes.
cached() { printf '%s' "${XDG_CACHE_HOME:-$HOME/.cache}/shipsec-build/programs/$stamp-$(uname -s)-$(uname -m)"; }

copy_folder() {
  local made=$2.$$
  { mkdir -p "${2%/*}" && { cp -al "$1" "$made" || { rm -rf "$made" && cp -a "$1" "$made"; }; } && [ ! -e "$2" ] && mv "$made" "$2"; } 2>/dev/null || rm -rf "$made"
}

take_over() {
  local from
  from=$(cached)
  [ ! -f "$program" ] && [ -d "$from" ] || return 0
  [ -x "$(cat "$from/sdk")" ] || { rm -rf "$from"; return 0; } # made with an SDK that is gone
  touch -c "$from" || true
  copy_folder "$from" "$state/run/$stamp"
}

# Keeps what was compiled for other checkouts, and of all programs the five that were used last. A full disk is no failure here.
keep() {
  local to old
  to=$(cached)
  if [ ! -d "$to" ]; then
    copy_folder "$state/run/$stamp" "$to"
  elif [ ! -d "$to/native" ] && [ -x "$(native_folder)/_build" ]; then
    copy_folder "$(native_folder)" "$to/native"
  fi
  ls -dt "${to%/*}"/*/ | tail -n +6 | while IFS= read -r old; do rm -rf "$old"; done
}

use_sdk() {
  dotnet=$1
  if [ "$dotnet" = "$local_sdk/dotnet" ]; then
    export DOTNET_ROOT=$local_sdk PATH=$local_sdk:$PATH
  fi
}

find_sdk() {
  local candidate words
  for candidate in "$(command -v dotnet || true)" "$local_sdk/dotnet"; do
    [ -x "$candidate" ] || continue
    if words=$(cd "$root" && "$candidate" --version 2>&1); then
      use_sdk "$candidate"
      return
    elif [[ $words != *SDK* ]]; then
      say "'$candidate --version' fails: $words"
      exit 3
    fi
  done

  say "installing the .NET SDK of global.json into .nuke/temp/dotnet"
  local installer=$root/.nuke/temp/dotnet-install.sh url=https://dot.net/v1/dotnet-install.sh
  if ! { curl -fsSL --retry 2 -o "$installer" "$url" 2>/dev/null || wget -qO "$installer" "$url"; } ||
    ! bash "$installer" --jsonfile "$root/global.json" --install-dir "$local_sdk" --no-path >&2; then
    say "the .NET SDK of global.json is missing and could not be downloaded; install it from https://dotnet.microsoft.com/download"
    exit 3
  fi
  use_sdk "$local_sdk/dotnet"
}

# Fails with the reason if a directory is not writable; the compiler would only report that it failed.
require_place() {
  local reason
  reason=$({ [ -z "${3-}" ] || mkdir -p "$1"; } 2>&1 && { printf x >"$1/.probe.$$" && rm -f "$1/.probe.$$"; } 2>&1) && return
  rm -f "$1/.probe.$$" 2>/dev/null || true
  say "can't compile: '$1' is not writable (${reason##*: }). $2"
  exit 3
}

# A system lock is released when its holder dies. Without flock, a directory is the lock, and its holder is checked.
try_lock() {
  local holder
  if command -v flock >/dev/null; then
    flock -n 9
    return
  fi
  ! mkdir "$state/lock.d" 2>/dev/null || return 0
  holder=$(cat "$state/lock.d/pid" 2>/dev/null || true)
  if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null && mv "$state/lock.d" "$state/stale.$$" 2>/dev/null; then
    [ "$(cat "$state/stale.$$/pid")" = "$holder" ] || mv "$state/stale.$$" "$state/lock.d" # another process took it first
    rm -rf "$state/stale.$$"
  fi
  return 1
}

# Two concurrent runs must not compile concurrently. The wait is reported, and limited to the time of a compilation.
lock() {
  local waited=0 pid since mode
  exec 9>>"$state/lock"
  until try_lock; do
    sleep 0.2
    waited=$((waited + 1))
    [ "$waited" -ge 10 ] || continue
    read -r pid since 2>/dev/null <"$state/lock.holder" || { pid=unknown since=; }
    mode=$(ps -o stat= -p "$pid" 2>/dev/null || true)
    [ "$waited" != 10 ] || say "waiting for another run to compile the program (process $pid${since:+, since $since}${mode:+, state ${mode:0:1}})"
    case $waited-$mode in
      [5-9][0-9]-T* | [1-9][0-9][0-9]-T*) say "process $pid, which compiles the program, is stopped; resume it (kill -CONT $pid) or stop it (kill -KILL $pid), then retry"; exit 6 ;;
      4500-*) say "process $pid is still compiling the program after 15 minutes; stop it (kill $pid), then retry"; exit 6 ;;
    esac
  done
  [ ! -d "$state/lock.d" ] || echo $$ >"$state/lock.d/pid"
  printf '%s %s\n' $$ "$(date +%T)" >"$state/lock.holder"
}

unlock() {
  exec 9>&- || true
  if [ "$(cat "$state/lock.d/pid" 2>/dev/null || true)" = $$ ]; then rm -rf "$state/lock.d"; fi
}

# Tries to restore NUKE from the NuGet sources. A failure is remembered for a week, or
# until the configuration of the sources changes.
probe_nuke() {
  [ -z "${BuildEngine:-}" ] && [ "$engine" = Bundled ] || return 0
  if [ -n "$(find "$no_nuke" -mtime -7 2>/dev/null || true)" ]; then
    local config is_fresh=yes
    for config in "$root"/[Nn]u[Gg]et.[Cc]onfig "$HOME/.nuget/NuGet/NuGet.Config"; do
      [ ! "$config" -nt "$no_nuke" ] || is_fresh=no
    done
    [ $is_fresh = no ] || return 0
  fi

  local probe=$root/.nuke/temp/probe
  mkdir -p "$probe"
  cat >"$probe/probe.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <ItemGroup>
    <PackageReference Include="Nuke.Common" />
    <PackageReference Include="Nuke.Components" />
  </ItemGroup>
</Project>
XML
  if "$dotnet" restore "$probe/probe.csproj" 9>&- >"$probe/restore.log" 2>&1; then
    rm -f "$no_nuke"
  else
    echo "Nuke.Common $nuke_version could not be restored; see probe/restore.log. Delete this file to try again." >"$no_nuke"
  fi
  stamp_of_now
}

build_program() {
  [ ! -f "$log" ] || mv -f "$log" "$log.ahead"
  "$dotnet" build "$root/build/_build.csproj" --configuration Release --artifacts-path "$state/objects" \
    --output "$next" -nologo -verbosity:quiet -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false \
    -p:UseSharedCompilation=false -p:BuildEngine="$engine" "$@" 9>&- >"$log" 2>&1 </dev/null
}

compile() {
  local next=$state/next.$$ log=$state/compile.log
  trap 'rm -rf "$next" "$current.$$.begun"; unlock' EXIT
  lock
  [ ! -f "$program" ] || return 0 # another run has compiled it meanwhile
  probe_nuke
  [ ! -f "$program" ] || return 0
  say "compiling (engine: $engine)"
  if ! build_program -p:AheadOfTime=true; then
    # The ahead-of-time compiler is a package that is not available on every NuGet source and system.
    if ! grep -qi crossgen "$log" || ! build_program; then
      cat "$log" >&2
      require_place "$state" "Free space there, then retry."
      require_place "$HOME" "NuGet needs it: set HOME to a directory that you own, then retry."
      say "the program in build/ does not compile; see the errors above"
      exit 1
    fi
    say "not compiled ahead of time because $(grep -oim 1 'microsoft.netcore.app.crossgen2[a-z0-9.-]*' "$log.ahead" || echo its compiler) is not available; commands start more slowly"
  fi
  printf '%s\n' "$dotnet" >"$next/sdk"
  mkdir -p "$state/run"
  rm -rf "$state/run/$stamp"
  mv "$next" "$state/run/$stamp"
  keep 2>/dev/null || true

  # Earlier programs may still be running from their directories; keep those of the last hour.
  find "$state/run" -mindepth 1 -maxdepth 1 -type d -mmin +60 ! -name "$stamp" -exec rm -rf {} +
}

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
if is_current; then
  use_sdk "$sdk"
  run_program "$@"
fi
{ mkdir -p "$state" && : >"$current.$$.begun"; } 2>/dev/null || true
nuke_version=$(sed -n 's:.*<NukeVersion>\(.*\)</NukeVersion>.*:\1:p' "$root/Directory.Packages.props")
stamp_of_now
take_over 2>/dev/null || true
if [ -f "$program" ] && [ -x "$(cat "$state/run/$stamp/sdk")" ]; then
  use_sdk "$(cat "$state/run/$stamp/sdk")"
elif [ "${1-}" = _complete ]; then
  exit 0 # completion must not compile
else
  require_place "$state" "Free space there, or give your user access to it, then retry." make
  require_place "$root/.nuke/temp" "Free space there, or give your user access to it, then retry." make
  require_place "${TMPDIR:-/tmp}" "The compiler needs it: create it, or set TMPDIR to a directory that exists, then retry."
  find_sdk
  compile
  trap - EXIT
  unlock
fi
remember "$current.$$"
run_program "$@"
