#!/usr/bin/env bash
exec "$(dirname "$0")/../checks/run.sh" sprint6/test-cms-templates "$@"
