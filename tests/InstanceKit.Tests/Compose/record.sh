#!/bin/sh
# Records what Docker Compose (2.24.4 or newer) makes of the files beside this script, alone and with the override
# that the snapshots hold. Run it after a change of either, and review the difference.
set -eu
cd "$(dirname "$0")"

config() {
  docker compose -p shipsec-dev-1 --project-directory /home/dev/studio "$@" config --format json
}

for name in reading studio ties; do
  config -f "$name.yml" > "$name.json"
done

for pair in studio:Studio ties:Ties; do
  name=${pair%:*}
  config -f "$name.yml" -f "../Generation/Snapshots/ComposeOverrideSnapshots.${pair#*:}.golden.yml" > "$name.merged.json"
done
