#!/usr/bin/env bash
# What a screen reader needs of the shop's pages, by axe in Chromium: test-axe.sh [-WebBase URL], else
# WEB_BASE or BASE_URL. Needs Go and Chromium.
set -euo pipefail
if [ "${1:-}" = -WebBase ]; then WEB_BASE=${2:?-WebBase needs a value}; fi
cd "$(dirname "$0")/../.."
AXE_BASE=${WEB_BASE:-${BASE_URL:?-WebBase is needed}} exec go test ./e2e/checks -count=1 -run '^TestAxe$'
