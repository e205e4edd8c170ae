#!/usr/bin/env bash
# Runs the k6 profile against this machine; k6 is built once, from its Go module, into bin/. A threshold
# that is missed fails the run. VUS, ITERATIONS and SECONDS are bounded in the profile.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=v1.8.1
if [ ! -x bin/k6 ]; then
  echo "building k6 $version, which takes some minutes" >&2
  mkdir -p bin
  GOBIN="$PWD/bin" go install "go.k6.io/k6@$version"
fi
exec bin/k6 run --quiet --no-usage-report --address "" "$@" scripts/load/k6-baseline.js
