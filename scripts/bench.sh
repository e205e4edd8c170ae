#!/usr/bin/env bash
# Measures the built program with a year of data on a private Postgres and Redis that keep what they
# acknowledge. ONLY=turns,acks measures some sections.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p artefacts bin "${ARTEFACTS:-artefacts}"
go build -o bin/frontdesk ./web
go build -o bin/withservers ./scripts/withservers
go build -o bin/bench ./bench
case ",${ONLY:-story}," in *,story,*) scripts/load/get-k6.sh ;; esac
bin/withservers -durable bin/bench -program bin/frontdesk -out "${ARTEFACTS:-artefacts}/bench.txt" -only "${ONLY:-}"
