#!/usr/bin/env bash
# Runs the tests on one private Postgres and Redis: short, long, or cover.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts bin
go build -o bin/testsummary ./scripts/testsummary
go build -o bin/withservers ./scripts/withservers
export CI="${CI:-}"

tests() { bin/withservers go test -json "$@" 2>&1 | bin/testsummary; }

case "${1:-short}" in
short)
  scripts/lint.sh
  tests -count=1 -timeout 15m ${TESTS:-./...}
  ;;
long)
  fuzz=$(grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u)
  for dir in $fuzz; do
    for target in $(grep -hoE '^func Fuzz[A-Za-z0-9_]+' "$dir"/*_test.go | sed 's/func //'); do
      echo "fuzz $dir $target"
      bin/withservers go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-20s}" "$dir" >artefacts/fuzz.log 2>&1 || { cat artefacts/fuzz.log; exit 1; }
    done
  done
  go build -o bin/coveragegate ./scripts/coveragegate
  tests -count=1 -timeout 20m -coverpkg=./... -coverprofile=coverage.out $(go list ./... | grep -v /e2e) 
  bin/coveragegate coverage.out
  LONG=1 tests -count=1 -timeout 35m -race $(go list ./internal/... ./jobs/... ./handlers/... ./web/...)
  LONG=1 tests -count=1 -timeout 35m ./e2e/...
  ;;
cover)
  go build -o bin/coveragegate ./scripts/coveragegate
  tests -count=1 -timeout 20m -coverpkg=./... -coverprofile=coverage.out $(go list ./... | grep -v /e2e)
  bin/coveragegate coverage.out
  ;;
*)
  echo "usage: scripts/test.sh short|long|cover" >&2
  exit 2
  ;;
esac
