#!/usr/bin/env bash
# Runs the main job and makes its results the committed reference, then refreshes the output shown in the documents.
# Run it when the model has changed on purpose, and say in the commit why the numbers moved.
set -euo pipefail
cd "$(dirname "$0")/.."
npm run bench
mkdir -p results/claim
find results/latest -maxdepth 1 -type f -exec cp {} results/claim/ \;
scripts/record-model.sh results/traces/e1000-model.log.gz
# The two kernels that docs/COMPARE.md compares.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p results/compare
for revision in v3 v4.12; do
  node dist/cli/main.js run --no-progress --set "host.revision=$revision" --set host.path=real \
    --set run.bytes=8MB --set run.warmup=1MB --set run.draws=100 --out "$folder" >/dev/null
  cp "$folder/claim.json" "results/compare/$revision.json"
  cp "$folder/claim-raw.csv" "results/compare/$revision-raw.csv"
done
scripts/reference-sweeps results/sweeps
node scripts/update-schemas.mjs
node scripts/update-docs.mjs
node scripts/update-claim.mjs
