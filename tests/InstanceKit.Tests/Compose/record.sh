#!/bin/sh
# Records what Docker Compose (2.24.4 or newer) makes of the files beside this script, alone and with the override
# that the snapshots hold. Run it after a change of either, and review the difference. A test compares the corpus with
# what Compose says today. New cases: run it, write the overrides by UPDATE_SNAPSHOTS=1, run it again.
set -eu
cd "$(dirname "$0")"

config() {
  docker compose -p shipsec-dev-1 --project-directory /home/dev/studio "$@" config --format json
}

for name in reading spellings studio ties; do
  config -f "$name.yml" > "$name.json"
done

for pair in studio:Studio ties:Ties; do
  name=${pair%:*}
  config -f "$name.yml" -f "Snapshots/ComposeOverrideSnapshots.${pair#*:}.golden.yml" > "$name.merged.json"
done

# A case is a folder: its paths are recorded as if it lay in /home/dev/studio.
case_config() {
  folder=$PWD/corpus/$1
  out=$2
  override=${3-}
  set -- -f "$folder/compose.yml"
  for file in "$folder"/compose.*.yml $override; do
    [ ! -e "$file" ] || set -- "$@" -f "$file"
  done
  [ ! -e "$folder/profiles" ] || set -- "$@" --profile "$(cat "$folder/profiles")"
  docker compose -p shipsec-dev-1 --project-directory "$folder" "$@" config --format json > "$folder/$out.new"
  sed "s|$folder|/home/dev/studio|g" "$folder/$out.new" > "$folder/$out"
  rm "$folder/$out.new"
}

for folder in corpus/*/; do
  name=$(basename "$folder")
  case_config "$name" model.json
  if [ -e "corpus/$name/override.golden.yml" ]; then
    case_config "$name" merged.json "$PWD/corpus/$name/override.golden.yml"
  fi
done
