# shellcheck shell=bash
# Shared by compare.sh and cache.sh: starting, stopping, waiting, reading figures. Sourced, not run.

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")
out=$bench/out
load=$out/load/RcptVerify.Load
work=$(mktemp -d /tmp/rcptverify-bench.XXXXXX)
pids=()
postfix_etc=

stop_all() {
  local pid
  if [ -n "$postfix_etc" ]; then
    postfix -c "$postfix_etc" stop >/dev/null 2>&1 || true
  fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  if [ -n "${KEEP:-}" ]; then echo "kept: $work" >&2; else rm -rf "$work"; fi
}
trap stop_all EXIT
trap 'exit 130' INT TERM

die() {
  echo "$(basename "$0"): $*" >&2
  exit 1
}

# say TEXT: to the terminal and to the result file
say() { printf '%s\n' "$*" | tee -a "$result"; }

# start NAME COMMAND…: in the background, output to $work/NAME.log; its process id is then in $started
start() {
  local name=$1
  shift
  "$@" >"$work/$name.log" 2>&1 </dev/null &
  started=$!
  pids+=("$started")
}

# until_listening NAME PID PORT: waits until PORT accepts; fails with the log when PID ends before or 20 s pass
until_listening() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$3") 2>/dev/null; then return; fi
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$work/$1.log" >&2
  die "$1 does not listen on port $3"
}

# field NAME LINE: the value of NAME=… in a line of the load generator
field() {
  local word
  for word in $2; do
    if [ "${word%%=*}" = "$1" ]; then
      echo "${word#*=}"
      return
    fi
  done
  echo 0
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.3f\n", a / b }'; }

# median, least, greatest: of the numbers on standard input, one a line
median() { sort -g | awk '{ v[NR] = $1 } END { printf "%.3f", NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }
least() { sort -g | head -n 1; }
greatest() { sort -g | tail -n 1; }

# spread FILE: median and range of a file of ratios, for people
spread() { echo "median $(median <"$1") (least $(least <"$1"), greatest $(greatest <"$1"), $(wc -l <"$1") rounds)"; }

# ask WHAT OPTIONS…: one run of the policy generator; its line is then in $line. A closed connection, a missing or a wrong answer ends everything.
ask() { ask_door "$1" policy "${@:2}"; }

# ask_door WHAT DOOR OPTIONS…: the same through another door: milter, socketmap
ask_door() {
  local what=$1 door=$2
  shift 2
  line=$("$load" "$door" "$@") || die "$what: ${line:-no figures}"
}

# exact_counts [KNOWN UNKNOWN]: $line has one right answer for each recipient asked, and no other answer; the two words are the answers' names
exact_counts() {
  local known unknown requests
  requests=$(field requests "$line") known=$(field known "$line") unknown=$(field unknown "$line")
  [ "$(field "${1:-DUNNO}" "$line")" = "$known" ] && [ "$(field "${2:-550}" "$line")" = "$unknown" ] && [ $((known + unknown)) = "$requests" ] ||
    die "counts are off: $line"
}
