#!/usr/bin/env bash
# Formatting, vet, generated files fresh, static checks.
set -euo pipefail
cd "$(dirname "$0")/.."
unformatted=$(gofmt -l $(git ls-files '*.go'))
[ -z "$unformatted" ] || { echo "not formatted:"; echo "$unformatted"; exit 1; }
go vet ./...
before=$(git ls-files -s -- '*_templ.go' | sha256sum; cat $(git ls-files '*_templ.go') | sha256sum)
go tool templ generate -path views >/dev/null
after=$(git ls-files -s -- '*_templ.go' | sha256sum; cat $(git ls-files '*_templ.go') | sha256sum)
[ "$before" = "$after" ] || { echo "generated views are stale: run make generate"; exit 1; }
go tool staticcheck ./...
echo "lint: clean"
