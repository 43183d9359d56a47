#!/usr/bin/env bash
# What the cache costs and bears. See README.md beside this file.
# usage: cache.sh million|redis
#   million   a million recipients: import, memory, rate over all of them against a thousand, restart to the first answer
#   redis     warm answers before, while and after Redis is killed, restarted, stopped and continued
#   ROUNDS=5        alternating rounds
#   SCALE=100       size of each run in percent
#   KEEP=1          keep the working folder with its logs
set -euo pipefail
mode=${1:-}
case $mode in million | redis) ;; *) sed -n '2,9s/^# //p' "$0" >&2 && exit 2 ;; esac

. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5}
scale=${SCALE:-100}
mkdir -p "$out"
result=$out/$mode-$(date -u +%Y%m%dT%H%M%SZ).txt

size() { echo $(($1 * scale / 100)); }

start_backend() {
  start backend "$PRODUCT" simulate --behaviour exchange2010 --listen "inet:127.0.0.1:$BACKEND_PORT" --known 'user*@example.com'
  until_listening backend "$started" "$BACKEND_PORT"
}

start_ours() { # STORE [REDIS]
  RCPTVERIFY__POLICY__LISTEN="inet:127.0.0.1:$PORT" RCPTVERIFY__ADMIN__LISTEN="inet:127.0.0.1:$ADMIN_PORT" \
    RCPTVERIFY__ADMIN__SOCKET="$work/admin.sock" RCPTVERIFY__CACHE__STORE="$1" RCPTVERIFY__CACHE__REDIS="${2:-}" \
    RCPTVERIFY__PROBE__CLIENT_REFUSED_LIMIT= \
    start ours "$PRODUCT" serve --route "example.com=127.0.0.1:$BACKEND_PORT"
  ours=$started
}

stop_ours() {
  kill "$ours"
  wait "$ours" || die "the daemon ended with an error: $(tail -n 3 "$work/ours.log")"
}

resident() { awk '/^VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$ours/status"; } # MiB

milliseconds() { echo $(($(date +%s%N) / 1000000)); }

# first_answer: asks for the recipient $1 until the daemon answers
first_answer() {
  local action tries
  for ((tries = 0; tries < 4000; tries++)); do
    if exec {policy}<>"/dev/tcp/127.0.0.1/$PORT"; then
      printf 'request=smtpd_access_policy\nprotocol_state=RCPT\nrecipient=%s\n\n' "$1" >&"$policy"
      read -r -t 10 action <&"$policy" || die "no answer"
      exec {policy}>&-
      [ "$action" = action=DUNNO ] || die "wrong answer: $action"
      return
    fi
    sleep 0.005
  done 2>/dev/null
  die "the daemon does not listen"
}

ticks() { awk '{ print $14 + $15 }' "/proc/$ours/stat"; } # processor time, in hundredths of a second

warm_rate() { # DISTINCT: $rate a second, and $cost, the daemon's processor time in us a request
  local before
  before=$(ticks)
  ask ours --address "inet:127.0.0.1:$PORT" -c 8 -n "$(size 300000)" -k "$1" -b 0 --expect DUNNO,550
  [ "$(field DUNNO "$line")" = "$(field requests "$line")" ] || die "not all accepted: $line"
  rate=$(field rps "$line")
  cost=$(awk -v t=$(($(ticks) - before)) -v n="$(field requests "$line")" 'BEGIN { printf "%.2f", t * 10000 / n }')
}

measure_million() {
  local round begun few few_cost million
  million=$(size 1000000)
  start_backend
  awk -v n="$million" -v now="$(date -u +%FT%TZ)" -v server="127.0.0.1:$BACKEND_PORT" 'BEGIN {
    for (i = 0; i < n; i++)
      printf "{\"address\":\"user%d@example.com\",\"status\":\"deliverable\",\"probed\":\"%s\",\"updated\":\"%s\",\"code\":250,\"text\":\"2.1.5 Recipient OK\",\"server\":\"%s\",\"target\":\"rcpt\"}\n", i, now, now, server
  }' >"$work/export.json"
  start_ours "sqlite:$work/cache.db"
  until_listening ours "$ours" "$PORT"
  begun=$(milliseconds)
  "$PRODUCT" cache import "$work/export.json" --socket "$work/admin.sock" >"$work/import.log" 2>&1 || die "$(cat "$work/import.log")"
  say "import of $million: $(($(milliseconds) - begun)) ms; resident $(resident) MiB"
  "$PRODUCT" cache stats --socket "$work/admin.sock" | tee -a "$result"
  for ((round = 1; round <= rounds; round++)); do
    warm_rate 1000
    few=$rate few_cost=$cost
    warm_rate "$million"
    ratio "$rate" "$few" >>"$work/ratio"
    ratio "$cost" "$few_cost" >>"$work/cost"
    say "round $round: over a thousand $few/s ($few_cost us of processor a request), over $million $rate/s ($cost us), ratio $(tail -n 1 "$work/ratio")"
  done
  say "rate all/thousand: $(spread "$work/ratio"); processor time: $(spread "$work/cost"); resident $(resident) MiB"
  for ((round = 1; round <= rounds; round++)); do
    stop_ours
    begun=$(milliseconds)
    start_ours "sqlite:$work/cache.db"
    first_answer "user$((round * 1009))@example.com"
    say "restart $round: first answer after $(($(milliseconds) - begun)) ms"
  done
  sleep 5
  say "resident after the last restart: $(resident) MiB; $(du -h "$work/cache.db" | cut -f1) on disk"
}

start_redis() {
  start redis redis-server --port "$REDIS_PORT" --save '' --appendonly no --dir "$work"
  redis=$started
  until_listening redis "$redis" "$REDIS_PORT"
}

warm_p99() { # WHAT [MISSES]: one warm run; with MISSES a second generator asks for recipients never seen; $p99
  local misses=
  if [ -n "${2:-}" ]; then
    "$load" policy --address "inet:127.0.0.1:$PORT" -c 2 -n "$(size 2000)" -k 1000000 -b 0 --prefix "user$2x" --each 1 --expect DUNNO,550 >"$work/misses" &
    misses=$!
  fi
  ask "$1" --address "inet:127.0.0.1:$PORT" -c 8 -n "$(size 500000)" -k 10000 -b 10 --expect DUNNO,550
  exact_counts
  p99=$(field p99us "$line")
  say "$1: p50 $(field p50us "$line") us, p99 $p99 us, greatest $(field maxus "$line") us"
  if [ -n "$misses" ]; then
    wait "$misses" || die "misses: $(cat "$work/misses")"
    say "$1, misses beside: $(tr '\n' ' ' <"$work/misses")"
  fi
}

later() { (sleep "$1" && shift && "$@") & } # SECONDS COMMAND…

measure_redis() {
  local round before
  command -v redis-server >/dev/null || die "needs redis-server"
  start_backend
  start_redis
  start_ours memory "127.0.0.1:$REDIS_PORT"
  until_listening ours "$ours" "$PORT"
  ask "ours, warming" --address "inet:127.0.0.1:$PORT" -c 16 -n 10000 -k 10000 -b 10 --each 1 --expect DUNNO,550
  for ((round = 1; round <= rounds; round++)); do
    say "-- round $round"
    warm_p99 "before"
    before=$p99
    later 1 kill -KILL "$redis"
    warm_p99 "Redis killed meanwhile" "killed${round}"
    ratio "$p99" "$before" >>"$work/killed"
    wait "$redis" 2>/dev/null || true
    later 1 redis-server --port "$REDIS_PORT" --save '' --appendonly no --dir "$work" --daemonize yes --pidfile "$work/redis.pid" >/dev/null
    warm_p99 "Redis is started again meanwhile" "again${round}"
    ratio "$p99" "$before" >>"$work/restarted"
    redis=$(cat "$work/redis.pid")
    pids+=("$redis")
    warm_p99 "after"
    ratio "$p99" "$before" >>"$work/after"
    later 1 kill -STOP "$redis"
    warm_p99 "Redis stopped meanwhile" "stopped${round}"
    ratio "$p99" "$before" >>"$work/stopped"
    later 1 kill -CONT "$redis"
    warm_p99 "Redis continues meanwhile" "continued${round}"
    ratio "$p99" "$before" >>"$work/continued"
  done
  for what in killed restarted after stopped continued; do say "p99 $what/before: $(spread "$work/$what")"; done
}

dotnet publish "$bench/RcptVerify.Load" -c Release -o "$out/load" -v quiet
dotnet publish "$root/src/RcptVerify" -c Release -o "$out/rcptverify" -v quiet
export PRODUCT=$out/rcptverify/rcptverify
read -r PORT ADMIN_PORT BACKEND_PORT REDIS_PORT < <("$load" ports -n 4)
say "$(date -u +%FT%TZ) $mode, $(nproc) cores, Linux $(uname -r), .NET $(dotnet --version)"
"measure_$mode"
say "written to bench/${result#"$bench/"}"
