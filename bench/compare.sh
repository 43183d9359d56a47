#!/usr/bin/env bash
# Ours against the floor and against Debian's postfwd, in alternating runs. See README.md beside this file.
# usage: compare.sh [policy|milter|socketmap|postfix|idle|cold|probe]        policy is the default
#   ROUNDS=5        alternating rounds
#   SCALE=100       size of each run in percent
#   SERVE_CMD=…     another daemon to measure: a shell command that gets $PORT, $SOCKET, $MILTER_PORT, $SOCKETMAP_PORT, $BACKEND_PORT
#   BACKEND_CMD=…   another backend: gets $BACKEND_PORT
#   RT=5            load and servers with this real-time priority (needs root): what else the machine does stands still meanwhile
#   KEEP=1          keep the working folder with its logs
set -euo pipefail
mode=${1:-policy}
case $mode in policy | milter | socketmap | postfix | idle | cold | probe) ;; *) sed -n '2,9s/^# //p' "$0" >&2 && exit 2 ;; esac

. "$(dirname "$0")/lib.sh"
. "$bench/postfix-instance.sh"
. "$bench/doors.sh"
rounds=${ROUNDS:-5}
scale=${SCALE:-100}
distinct=10000
mkdir -p "$out"
result=$out/$mode-$(date -u +%Y%m%dT%H%M%SZ).txt

size() { echo $(($1 * scale / 100)); }

build() {
  dotnet publish "$bench/RcptVerify.Load" -c Release -o "$out/load" -v quiet
  if [ -z "${SERVE_CMD:-}" ] || [ -z "${BACKEND_CMD:-}" ]; then
    dotnet publish "$root/src/RcptVerify" -c Release -o "$out/rcptverify" -v quiet
  fi
}

start_backend() { # on $BACKEND_PORT
  start backend bash -c "exec ${BACKEND_CMD:-\"\$PRODUCT\" simulate --behaviour exchange2010 --listen inet:127.0.0.1:\$BACKEND_PORT --known 'user*@example.com'}"
  until_listening backend "$started" "$BACKEND_PORT"
}

start_tap() { # on $1, to the backend; $tap_in and $tap_out talk to it
  mkfifo "$work/tap.in" "$work/tap.out"
  "$load" tap --listen "inet:127.0.0.1:$1" --to "inet:127.0.0.1:$BACKEND_PORT" <"$work/tap.in" >"$work/tap.out" 2>"$work/tap.log" &
  pids+=($!)
  exec {tap_in}>"$work/tap.in" {tap_out}<"$work/tap.out"
  until_listening tap "$!" "$1" # this look is a connection, too: the counters are compared, never taken as they are
}

backend_counters() { # the tap's counters, as one line
  echo >&"$tap_in"
  local counters
  read -r -t 10 counters <&"$tap_out" || die "the tap does not answer"
  echo "$counters"
}

start_ours() { # with backend port $1; the daemon's process is then $ours
  BACKEND_PORT=$1 \
    RCPTVERIFY__POLICY__LISTEN="inet:127.0.0.1:$PORT,unix:$SOCKET" \
    RCPTVERIFY__MILTER__LISTEN="inet:127.0.0.1:$MILTER_PORT" RCPTVERIFY__SOCKETMAP__LISTEN="inet:127.0.0.1:$SOCKETMAP_PORT" \
    RCPTVERIFY__ADMIN__LISTEN="inet:127.0.0.1:$ADMIN_PORT" RCPTVERIFY__ADMIN__SOCKET= \
    RCPTVERIFY__CACHE__STORE=memory RCPTVERIFY__PROBE__CLIENT_REFUSED_LIMIT= \
    start ours bash -c "exec ${SERVE_CMD:-\"\$PRODUCT\" serve --route example.com=127.0.0.1:\$BACKEND_PORT}"
  ours=$started
  until_listening ours "$ours" "$PORT"
}

start_floor() {
  start floor "$load" floor --listen "inet:127.0.0.1:$FLOOR_PORT,unix:$work/floor.sock"
  until_listening floor "$started" "$FLOOR_PORT"
}

start_postfwd() { # postfwd1, the faster of the two in Debian's package; $POSTFWD_PORT is 0 where it is not installed
  if ! command -v postfwd1 >/dev/null || [ "$(id -u)" != 0 ]; then
    say "postfwd1 is not installed or we are not root: left out"
    POSTFWD_PORT=0
    return
  fi
  echo 'id=UNKNOWN; recipient=~nobody.*; action=550 5.1.1 User unknown' >"$work/postfwd.cf"
  chmod 755 "$work"
  # Detaches itself; its process id comes from the file it writes.
  postfwd1 --daemon --file "$work/postfwd.cf" --interface 127.0.0.1 --port "$POSTFWD_PORT" --user nobody --group nogroup \
    --nodns --norulelog --perfmon --pidfile "$work/postfwd.pid" >"$work/postfwd.log" 2>&1
  until [ -s "$work/postfwd.pid" ]; do sleep 0.1; done
  pids+=("$(cat "$work/postfwd.pid")")
  until_listening postfwd "${pids[-1]}" "$POSTFWD_PORT"
}

# warm: asks for each recipient once, so that every later answer can come from the cache
warm() {
  ask "ours, warming" --address "inet:127.0.0.1:$PORT" -c 16 -n "$distinct" -k "$distinct" -b 10 --each 1 --expect DUNNO,550
  say "warming: $(field rps "$line") recipients/s never seen before, 16 connections"
}

# alternate TITLE OURS_ADDRESS FLOOR_ADDRESS POSTFWD_ADDRESS|- REQUESTS OPTIONS…
alternate() {
  local title=$1 ours_address=$2 floor_address=$3 postfwd_address=$4 requests=$5 round ours_rps floor_rps postfwd_rps text
  shift 5
  local options=(-n "$requests" -k "$distinct" -b 10 "$@")
  rm -f "$work/ratio" "$work/postfwd.ratio"
  say "-- $title ($* -n $requests -k $distinct -b 10)"
  for ((round = 1; round <= rounds; round++)); do
    ask ours --address "$ours_address" --expect DUNNO,550 "${options[@]}"
    exact_counts
    ours_rps=$(field rps "$line")
    text="DUNNO=$(field DUNNO "$line") 550=$(field 550 "$line") p50us=$(field p50us "$line") p99us=$(field p99us "$line")"
    ask floor --address "$floor_address" "${options[@]}"
    floor_rps=$(field rps "$line")
    ratio "$ours_rps" "$floor_rps" >>"$work/ratio"
    text="round $round: ours $ours_rps/s ($text), floor $floor_rps/s, ratio $(tail -n 1 "$work/ratio")"
    if [ "$postfwd_address" != - ]; then
      ask postfwd --address "$postfwd_address" --expect DUNNO,550 "${options[@]}" -n "$(size 5000)"
      exact_counts
      postfwd_rps=$(field rps "$line")
      ratio "$ours_rps" "$postfwd_rps" >>"$work/postfwd.ratio"
      text="$text; postfwd $postfwd_rps/s, ours is $(tail -n 1 "$work/postfwd.ratio") times that"
    fi
    say "$text"
  done
  say "ours/floor: $(spread "$work/ratio")"
  if [ "$postfwd_address" != - ]; then say "ours/postfwd: $(spread "$work/postfwd.ratio")"; fi
}

# start_warm: backend, tap and daemon; all recipients are in the cache then
start_warm() {
  local before
  start_backend
  start_tap "$TAP_PORT"
  before=$(backend_counters)
  start_ours "$TAP_PORT"
  warm
  warmed=$(backend_counters)
  [ $(($(field recipients "$warmed") - $(field recipients "$before"))) -ge "$distinct" ] || die "the backend was asked too little: $before, then $warmed"
}

still_warm() { # since start_warm nobody was asked
  local after
  after=$(backend_counters)
  [ "$warmed" = "$after" ] || die "the backend was asked during the runs: $warmed before, $after after"
  say "backend during all runs: not one connection, not one RCPT ($after before and after)"
}

compare_policy() {
  local postfwd_address=-
  start_warm
  start_floor
  start_postfwd
  if [ "$POSTFWD_PORT" != 0 ]; then postfwd_address=inet:127.0.0.1:$POSTFWD_PORT; fi
  alternate "closed loop, TCP" "inet:127.0.0.1:$PORT" "inet:127.0.0.1:$FLOOR_PORT" "$postfwd_address" "$(size 200000)" -c 64
  # No postfwd here: with so many in flight it leaves some unanswered.
  alternate "pipelined, TCP" "inet:127.0.0.1:$PORT" "inet:127.0.0.1:$FLOOR_PORT" - "$(size 1000000)" -c 8 -d 64
  alternate "closed loop, Unix socket" "unix:$SOCKET" "unix:$work/floor.sock" - "$(size 200000)" -c 64
  still_warm
}

compare_postfix() {
  local round ours_rps first second
  [ "$(id -u)" = 0 ] && command -v postfix >/dev/null || die "needs Postfix, and root to start it"
  start_backend
  start_ours "$BACKEND_PORT"
  start_floor
  ask "ours, warming" --address "inet:127.0.0.1:$PORT" -c 16 -n 1000 -k 1000 --each 1 --expect DUNNO,550
  chmod 755 "$work"
  start_postfix "$work/postfix" "$MX_PORT=inet:127.0.0.1:$PORT" "$MX_FLOOR_PORT=inet:127.0.0.1:$FLOOR_PORT"
  say "-- through Postfix $(postconf -h mail_version): 8 clients, one RCPT per transaction, known recipients"
  through_postfix ours "$MX_PORT" 800 && through_postfix floor "$MX_FLOOR_PORT" 800 # the smtpd processes start here
  for ((round = 1; round <= rounds; round++)); do
    through_postfix ours "$MX_PORT" "$(size 12000)" && ours_rps=$(field rcptps "$line")
    through_postfix floor "$MX_FLOOR_PORT" "$(size 12000)" && first=$(field rcptps "$line")
    through_postfix floor "$MX_FLOOR_PORT" "$(size 12000)" && second=$(field rcptps "$line")
    ratio "$ours_rps" "$first" >>"$work/ratio"
    ratio "$second" "$first" >>"$work/noise"
    say "round $round: ours $ours_rps RCPT/s, floor $first, floor again $second: ratio $(tail -n 1 "$work/ratio"), floor/floor $(tail -n 1 "$work/noise")"
  done
  say "ours/floor: $(spread "$work/ratio")"
  say "floor/floor: $(spread "$work/noise")"
}

through_postfix() { # WHAT PORT RECIPIENTS: $line; every recipient must be accepted
  line=$("$load" rcpt --address "inet:127.0.0.1:$2" -c 8 -n "$3" -k 1000 -r 1) || die "$1 behind Postfix: $(tail -n 3 "$work/postfix/postfix.log")"
  line=${line%%$'\n'*}
  [ "$(field 250 "$line")" = "$3" ] || die "$1 behind Postfix: not all accepted: $line"
}

memory() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$ours/status"; } # resident, MiB

compare_idle() {
  local idle=5000 round without with before holder
  start_backend
  start_ours "$BACKEND_PORT"
  warm
  say "-- $idle idle connections; 64 others, closed loop"
  mkfifo "$work/idle.in"
  for ((round = 1; round <= rounds; round++)); do
    measure_64 && without=$(field rps "$line")
    before=$(memory)
    "$load" idle --address "inet:127.0.0.1:$PORT" -n "$idle" <"$work/idle.in" >"$work/idle.log" 2>&1 &
    holder=$!
    pids+=("$holder")
    exec {idle_in}>"$work/idle.in"
    until grep -q "^open=$idle" "$work/idle.log"; do
      kill -0 "$holder" 2>/dev/null || die "idle: $(cat "$work/idle.log")"
      sleep 0.1
    done
    measure_64 && with=$(field rps "$line")
    say "round $round: without $without/s, with $with/s, ratio $(ratio "$with" "$without"); resident $before MiB without, $(memory) MiB with"
    ratio "$with" "$without" >>"$work/ratio"
    exec {idle_in}>&-
    wait "$holder" || die "the daemon closed idle connections: $(cat "$work/idle.log")"
  done
  say "with/without: $(spread "$work/ratio")"
  say "resident at its highest: $(awk '/^VmHWM/ { printf "%.1f", $2 / 1024 }' "/proc/$ours/status") MiB"
}

measure_64() {
  ask ours --address "inet:127.0.0.1:$PORT" -c 64 -n "$(size 200000)" -k "$distinct" -b 10 --expect DUNNO,550
  exact_counts
}

compare_cold() {
  local connections
  start_backend
  start_ours "$BACKEND_PORT"
  # The first answer of all waits for the measurement of the backend (target auto); that is not what is compared here.
  ask "ours, measuring the backend" --address "inet:127.0.0.1:$PORT" -c 1 -n 1 -k 1 --prefix usermeasured --each 1 --expect DUNNO,550
  # A prefix of its own for each run: user1x0… is as known to the backend as user0 is.
  for connections in 1 8; do
    cold "known, $connections at a time" -c "$connections" -k 1000000 --prefix "user${connections}x"
  done
  cold "unknown, 1 at a time" -c 1 -k 1000000 -b 1
}

cold() { # TITLE OPTIONS…
  local title=$1
  shift
  ask ours --address "inet:127.0.0.1:$PORT" -n "$(size 2000)" --each 1 --expect DUNNO,550 "$@"
  exact_counts
  say "first answer, $title: median $(field p50us "$line") us, p99 $(field p99us "$line") us, greatest $(field maxus "$line") us ($(field requests "$line") recipients never seen before)"
}

compare_probe() {
  local round recipients one="-- new recipients/s, smtp-sink, 8 sessions, one recipient a transaction" several="-- the same with several"
  command -v /usr/sbin/smtp-sink >/dev/null || die "needs smtp-sink (Debian's package postfix)"
  for recipients in 1 50; do
    start sink /usr/sbin/smtp-sink $([ "$(id -u)" != 0 ] || echo "-u postfix") "127.0.0.1:$BACKEND_PORT" 4096
    until_listening sink "$started" "$BACKEND_PORT"
    RCPTVERIFY__POLICY__LISTEN="inet:127.0.0.1:$PORT" RCPTVERIFY__CACHE__STORE=memory RCPTVERIFY__PROBE__CLIENT_REFUSED_LIMIT= \
      RCPTVERIFY__ADMIN__LISTEN="inet:127.0.0.1:$ADMIN_PORT" RCPTVERIFY__ADMIN__SOCKET= \
      RCPTVERIFY__ROUTE__0__DOMAINS=example.com RCPTVERIFY__ROUTE__0__SERVERS="127.0.0.1:$BACKEND_PORT" RCPTVERIFY__ROUTE__0__TARGET=rcpt \
      RCPTVERIFY__ROUTE__0__MAX_CONNECTIONS=8 RCPTVERIFY__ROUTE__0__RECIPIENTS_PER_TRANSACTION=$recipients \
      start ours "$PRODUCT" serve
    until_listening ours "$started" "$PORT"
    if [ "$recipients" = 1 ]; then say "$one"; else say "$several"; fi
    ask "ours, warming" --address "inet:127.0.0.1:$PORT" -c 64 -n "$(size 100000)" -k 1000000 --prefix warm --each 1 --expect DUNNO,550
    for ((round = 1; round <= rounds; round++)); do
      ask ours --address "inet:127.0.0.1:$PORT" -c 64 -n "$(size 100000)" -k 1000000 --prefix "user${round}x" --each 1 --expect DUNNO,550
      exact_counts
      say "round $round: $(field rps "$line") recipients/s never seen before, median $(field p50us "$line") us, p99 $(field p99us "$line") us"
    done
    kill "${pids[@]: -2}"
    wait "${pids[@]: -2}" 2>/dev/null || true
    pids=("${pids[@]:0:${#pids[@]}-2}")
  done
}

build
if [ -n "${RT:-}" ]; then chrt --rr --pid "$RT" $$; fi # whatever is started from here on inherits it
export PRODUCT=$out/rcptverify/rcptverify SOCKET=$work/ours.sock
read -r PORT ADMIN_PORT BACKEND_PORT TAP_PORT FLOOR_PORT POSTFWD_PORT MX_PORT MX_FLOOR_PORT \
  MILTER_PORT SOCKETMAP_PORT DOOR_FLOOR_PORT LIBMILTER_PORT < <("$load" ports -n 12)
export PORT ADMIN_PORT BACKEND_PORT MILTER_PORT SOCKETMAP_PORT
say "$(date -u +%FT%TZ) $mode, $(nproc) cores, Linux $(uname -r), .NET $(dotnet --version)${RT:+, real-time priority $RT}"
"compare_$mode"
say "written to bench/${result#"$bench/"}"
