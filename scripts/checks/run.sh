#!/usr/bin/env bash
# Runs a list of checks against a running program: run.sh LIST [-Name value]... The words a list is
# written in stand in docs/scripts.md; run.ps1 reads the same lists in the same way. Needs curl, jq, perl.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
umask 077

declare -A value=()                # parameters, and what checks keep
failed=0 passed=0 skipped=0        # checks
title="" state="" status=""        # of the check under way: state is ok, bad or skip
method="" path="" body="" times=1 apart="" signed=""

stop() { echo "$*" >&2; exit 2; }

default() { # name, then the variables that may hold it
  local name=$1 variable; shift
  for variable; do
    [ -n "${value[$name]:-}" ] || value[$name]=${!variable:-}
  done
}

parameters() {
  local known=" ApiBase WebBase WebOrigin VerifyToken WaAppSecret CatalogSyncKey AdminToken Phone Lang Current Rollback Iterations P95Products P95Cart P95CheckoutInit "
  while [ $# -gt 0 ]; do
    local name=${1##*-}
    case $name in TestPhone | From) name=Phone ;; Secret) name=WaAppSecret ;; esac
    [[ $1 == -* && $known == *" $name "* ]] || stop "unknown: $1. Known are:$known"
    [ $# -gt 1 ] || stop "$1 needs a value"
    value[$name]=$2
    shift 2
  done
  default ApiBase API_BASE BASE_URL
  default WebBase WEB_BASE BASE_URL
  default VerifyToken VERIFY_TOKEN WHATSAPP_VERIFY_TOKEN
  default WaAppSecret WA_APP_SECRET WHATSAPP_APP_SECRET
  default CatalogSyncKey CATALOG_SYNC_KEY
  default AdminToken ADMIN_TOKEN
  default WebOrigin WEB_ORIGIN
  value[Phone]=${value[Phone]:-15551234567}; value[Phone]=${value[Phone]#+}
  value[Lang]=${value[Lang]:-en} value[Iterations]=${value[Iterations]:-20}
  value[P95Products]=${value[P95Products]:-200} value[P95Cart]=${value[P95Cart]:-200} value[P95CheckoutInit]=${value[P95CheckoutInit]:-250}
}

bad() { # one reason is enough
  [ "$state" = ok ] || return 0
  state=bad
  echo "x $title: $*"
}

# fill puts values where {names} stand, into $filled.
fill() {
  filled=$1
  while [[ $filled =~ \{([A-Za-z][A-Za-z0-9]*)\} ]]; do
    local name=${BASH_REMATCH[1]} with
    if [ "$name" = fresh ]; then
      with="check-$RANDOM$RANDOM$RANDOM$RANDOM"
    elif [ -n "${value[$name]:-}" ]; then
      with=${value[$name]}
    else
      bad "{$name} is not known"
      return 1
    fi
    filled=${filled//"{$name}"/"$with"}
  done
}

begin() {
  finish
  title=$1 state=ok status="" method="" path="" body="" times=1 apart="" signed=""
  : >"$work/headers"
}

finish() {
  case $state in
  ok) passed=$((passed + 1)); echo "+ $title" ;;
  bad) failed=$((failed + 1)) ;;
  skip) skipped=$((skipped + 1)) ;;
  esac
  state=""
}

# ask sends the request, as often as it is to be sent, and remembers how long each took.
ask() {
  method=$1
  fill "$2" || return
  path=$filled
  local url=$path i seconds
  [[ $path == http* ]] || url=${value[ApiBase]%/}$path
  : >"$work/times"
  for ((i = 0; i < times; i++)); do
    local args=(--silent --show-error --max-time 30 --max-redirs 0 -X "$method" -D "$work/answered" -o "$work/body" -w '%{http_code} %{time_total}\n')
    [ -n "$apart" ] || args+=(-b "$work/cookies" -c "$work/cookies")
    fill "$(cat "$work/headers")" || return
    printf '%s\n' "$filled" >"$work/sent"
    fill "$body" || return
    printf '%s' "$filled" >"$work/asked"
    if [ -n "$filled" ]; then
      printf 'Content-Type: application/json\n' >>"$work/sent"
      args+=(--data-binary "@$work/asked")
    elif [ "$method" != GET ]; then
      args+=(--data-binary "")
      printf 'Content-Type:\n' >>"$work/sent"
    fi
    [ -z "$signed" ] || printf 'X-Hub-Signature-256: sha256=%s\n' "$(SECRET=${value[WaAppSecret]} perl -MDigest::SHA=hmac_sha256_hex -e 'local $/; print hmac_sha256_hex(<STDIN>, $ENV{SECRET})' <"$work/asked")" >>"$work/sent"
    : >"$work/body"
    if ! read -r status seconds < <(curl "${args[@]}" -H "@$work/sent" "$url" 2>"$work/trouble"); then
      status=000
    fi
    if [ "${status:-000}" = 000 ]; then
      bad "$method $path: $(head -c 200 "$work/trouble")"
      return
    fi
    echo "$status $seconds" >>"$work/times"
  done
}

want() {
  local answered
  while read -r answered _; do
    [[ " $* " == *" $answered "* ]] || bad "$method $path answered $answered, not $*: $(head -c 200 "$work/body")"
  done <"$work/times"
}

# fast holds the slowest but one in twenty to a limit in milliseconds.
fast() {
  fill "$1" || return
  local p95
  p95=$(cut -d' ' -f2 "$work/times" | sort -n | awk '{t[NR] = $1} END {i = int(NR * 0.95 + 0.999999); printf "%d", t[i] * 1000 + 0.5}')
  echo "  p95 of $times: $p95 ms, at most $filled"
  [ "$p95" -le "$filled" ] || bad "$method $path: p95 is $p95 ms, more than $filled"
}

# at gives what stands at a path of the answer, one value a line.
at() { jq -r "[.$1] | .[] | if type == \"object\" or type == \"array\" then tojson else tostring end" "$work/body" 2>/dev/null; }

json() {
  local where=$1 how=${2:-} is right=""
  shift 2
  fill "$*" || return
  local expected=$filled
  is=$(at "$where")
  case $how in
  =) [ "$is" = "$expected" ] && right=yes ;;
  in) [ -n "$is" ] && [[ " $expected " == *" $is "* ]] && right=yes ;;
  has) grep -qxF -- "$expected" <<<"$is" && right=yes ;;
  '>') [[ $is =~ ^-?[0-9]+$ ]] && [ "$is" -gt "$expected" ] && right=yes ;;
  list) [[ $is == '['* ]] && right=yes ;;
  count) [ "$(jq -r ".$where | length" "$work/body" 2>/dev/null)" = "$expected" ] && right=yes ;;
  present) [ -n "$is" ] && [ "$is" != null ] && right=yes ;;
  absent) jq -e . "$work/body" >/dev/null 2>&1 && { [ -z "$is" ] || [ "$is" = null ]; } && right=yes ;;
  *) stop "json: unknown $how" ;;
  esac
  [ -n "$right" ] || bad "$method $path: $where is ${is:0:100}, not $how $expected"
}

text() {
  local how=$1 is
  shift
  fill "$*" || return
  is=$(cat "$work/body")
  case $how in
  is) [ "$is" = "$filled" ] ;;
  has) [[ $is == *"$filled"* ]] ;;
  lacks) [[ $is != *"$filled"* ]] ;;
  *) stop "text: unknown $how" ;;
  esac || bad "$method $path: the answer not $how $filled: ${is:0:100}"
}

head_() {
  local name=$1 is expected
  shift
  expected=$*
  fill "${expected#= }" || return
  is=$(grep -i "^$name:" "$work/answered" | tail -1 | cut -d: -f2- | tr -d '\r' | sed 's/^ *//')
  [ -n "$is" ] && { [ -z "$filled" ] || [ "$is" = "$filled" ]; } || bad "$method $path: header $name is ${is:-missing}"
}

keep() {
  local is
  is=$(at "$2" | head -1)
  if [ -z "$is" ] || [ "$is" = null ]; then
    bad "$method $path gave no $2"
  else
    value[$1]=$is
  fi
}

show() {
  echo "  $status, x-request-id $(grep -i '^x-request-id:' "$work/answered" | cut -d: -f2- | tr -d '\r ')"
  echo "  $(head -c 500 "$work/body")"
}

anew() { rm -f "$work/cookies"; : >"$work/cookies"; }

play() { # a list
  local list=$1 word rest
  [ -f "$here/$list.check" ] || stop "no list is called $list"
  echo "== $list, ${value[ApiBase]}"
  anew
  while read -r word rest <&3 || [ -n "$word" ]; do
    case $word in
    '' | '#'*) continue ;;
    check) begin "$rest"; continue ;;
    run) finish; include $rest; continue ;;
    anew) finish; anew; continue ;;
    needs) [ -n "${value[$rest]:-}" ] || { state=skip; echo "~ $title: left out, no $rest is given"; } ;;
    esac
    [ "$state" = ok ] || continue
    case $word in
    needs) ;;
    with) printf '%s\n' "$rest" >>"$work/headers" ;;
    body) body=$rest ;;
    signed) signed=yes ;;
    apart) apart=yes ;;
    times) fill "$rest" && times=$filled ;;
    GET | POST | PUT | PATCH | DELETE) ask "$word" "$rest" ;;
    want) want $rest ;;
    fast) fast "$rest" ;;
    json) json $rest ;;
    text) text $rest ;;
    head) head_ $rest ;;
    keep) keep $rest ;;
    show) show ;;
    *) stop "$list: unknown word $word" ;;
    esac
  done 3<"$here/$list.check"
  finish
}

include() { # a list, and where it is to run when not here
  local base=${value[ApiBase]}
  if [ "${2:-}" = at ]; then
    fill "$3" || stop "$title: $3"
    value[ApiBase]=$filled
  fi
  play "$1" 3<&-
  value[ApiBase]=$base
}

set -f # a * in a list is a *
[ $# -gt 0 ] || stop "usage: run.sh LIST [-Name value]..."
list=$1
shift
parameters "$@"
[ -n "${value[ApiBase]}${value[Current]:-}" ] || stop "-ApiBase is needed (or API_BASE, or BASE_URL of demo.env)"
play "$list"
echo "$passed passed, $failed failed, $skipped left out"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
