#!/usr/bin/env bash
# Installs the Debian packages Frontdesk needs and lacks: all of them for `make test`, the servers
# alone for `make run` (argument: servers), with wrk for `make bench` (argument: bench). Prints the command before it runs it; without the right
# to install it stops with that one command.
set -euo pipefail
what=${1:-all}

missing=()
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || command -v postgres >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
if [ "$what" = all ]; then
  command -v curl >/dev/null || missing+=(curl)
  command -v jq >/dev/null || missing+=(jq)
  command -v chromium >/dev/null || missing+=(chromium)
  [ -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf ] || missing+=(fonts-noto-color-emoji)
fi
if [ "$what" = bench ]; then
  command -v wrk >/dev/null || missing+=(wrk)
fi
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo "
install="${as_root}apt-get install -y --no-install-recommends ${missing[*]}"
echo "Frontdesk needs ${missing[*]}. Running: $install" >&2
if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null && [ ! -t 0 ]; then
  echo "No right to install here. Run this, then try again:" >&2
  echo "  $install" >&2
  exit 1
fi
${as_root}apt-get update -q >&2
${as_root}env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >&2
