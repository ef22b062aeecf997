#!/usr/bin/env bash
# Records what the model of e1000 does with the traffic that a phase of the real log shows, to the named log.
set -euo pipefail
cd "$(dirname "$0")/.."
node dist/cli/main.js init - --from-log results/traces/e1000-64k.log.gz --phase bulk-tx 2>/dev/null |
  node dist/cli/main.js run /dev/stdin --set nic.profile=e1000 --set host.path=real \
    --set run.bytes=16MB --set run.warmup=1MB --record "$1" >/dev/null
