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
  tests -count=1 -timeout 30m ${TESTS:-./e2e/browser ./...} # what takes longest begins first
  ;;
long)
  targets=$(grep -roE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . | sed -E 's#/[^/]+_test\.go:func # #' | sort)
  each=$((${FUZZTIME:-120} / $(wc -l <<<"$targets")))s # together FUZZTIME seconds; building them takes nearly as long
  while read -r dir name; do
    echo "fuzz $dir $name for $each"
    # The engine may call the end of its time a failure; a real one leaves its input behind, or a build error.
    go test -run '^$' -fuzz "^$name\$" -fuzztime "$each" "$dir" >artefacts/fuzz.log 2>&1 </dev/null ||
      { grep -q 'context deadline exceeded' artefacts/fuzz.log && ! grep -q 'Failing input' artefacts/fuzz.log; } ||
      { cat artefacts/fuzz.log; exit 1; }
  done <<<"$targets"
  go build -o bin/coveragegate ./scripts/coveragegate
  # A walk is told step by step: the race detector learns from twenty what it would from two hundred.
  WALK_SEED=1-200 tests -count=1 -timeout 20m -coverpkg=./... -coverprofile=coverage.out $(go list ./... | grep -v /e2e)
  bin/coveragegate coverage.out
  LONG=1 tests -count=1 -timeout 35m -race $(go list ./internal/... ./jobs/... ./handlers/... ./web/...)
  LONG=1 tests -count=1 -timeout 35m -parallel 4 ./e2e/... # much of it is waiting
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
