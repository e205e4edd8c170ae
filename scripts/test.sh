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
  if [ "${TESTS:-./...}" != ./... ]; then
    tests -count=1 -timeout 30m $TESTS
    exit
  fi
  go build -o bin/coveragegate ./scripts/coveragegate
  tests -count=1 -timeout 30m -coverpkg=./... -coverprofile=coverage.out ./e2e/browser ./... | tee artefacts/test.log # what takes longest begins first
  bin/coveragegate coverage.out
  tail -1 artefacts/test.log
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
  # A walk is told step by step: the race detector learns from twenty what it would from two hundred.
  WALK_SEED=1-200 tests -count=1 -timeout 20m -run RandomWalk ./internal/chat
  # What is understood is worked out by one goroutine from words that nobody changes: internal/chat shares it under the detector.
  LONG=1 tests -count=1 -timeout 35m -race $(go list ./internal/... ./jobs/... ./handlers/... ./web/... | grep -v 'internal/chat/understand$')
  # What is no longer with LONG=1 was seen by the short run. Much of the rest is waiting.
  seen=TestJourneys,TestShopJourneys,TestActsInADialog,TestPaletteByKeys,TestRefreshKeepsWhatIsTyped,TestABookingThroughOneTroubleAfterAnother,TestADayWithoutBystanders,TestWhatsAppAwayBehindItsBreaker,TestStripeAwayBehindItsBreaker
  LONG=1 tests -count=1 -timeout 35m -parallel 4 -skip "^(${seen//,/|})\$" $(go list ./e2e/... | grep -vE '/e2e/(scenarios|auditor)$')
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
