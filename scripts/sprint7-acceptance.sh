#!/usr/bin/env bash
exec "$(dirname "$0")/checks/run.sh" sprint7-acceptance "$@"
