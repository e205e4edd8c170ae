#!/usr/bin/env bash
# Builds k6 once, from its Go module, into bin/.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=v1.8.1
[ ! -x bin/k6 ] || exit 0
echo "building k6 $version, which takes some minutes" >&2
mkdir -p bin
GOBIN="$PWD/bin" go install "go.k6.io/k6@$version"
