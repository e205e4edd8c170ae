#!/usr/bin/env bash
# Runs the k6 profile against this machine. A threshold that is missed fails the run. VUS, ITERATIONS and SECONDS are
# bounded in the profile.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts/load/get-k6.sh
exec bin/k6 run --quiet --no-usage-report --address "" "$@" scripts/load/k6-baseline.js
