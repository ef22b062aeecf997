#!/usr/bin/env bash
# Runs the main job and makes its results the committed reference, then refreshes the output shown in the documents.
# Run it when the model has changed on purpose, and say in the commit why the numbers moved.
set -euo pipefail
cd "$(dirname "$0")/.."
npm run bench
mkdir -p results/claim
cp results/latest/* results/claim/
scripts/record-model.sh results/traces/e1000-model.log.gz
node scripts/update-docs.mjs
