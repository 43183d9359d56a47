# shellcheck shell=bash
# compare.sh milter and compare.sh socketmap. Sourced, not run.

# alternate_doors TITLE CONNECTIONS NAME=DOOR=PORT=EXPECT…: alternating rounds, one run of each NAME a round; the first is held against each of
# the others. EXPECT: the answers to known and unknown recipients, as KNOWN,UNKNOWN; empty where one answer goes to all.
alternate_doors() {
  local title=$1 connections=$2 round which name door port expect text first
  shift 2
  rm -f "$work"/*.ratio
  local options=(-c "$connections" -n "$(size 200000)" -k "$distinct" -b 10)
  for which in "$@"; do # once for nothing: the just-in-time compiler is no part of a rate
    IFS== read -r name door port expect <<<"$which"
    ask_door "$name" "$door" --address "inet:127.0.0.1:$port" --expect "$expect" "${options[@]}" -n "$(size 200000)"
  done
  say "-- $title (${options[*]})"
  for ((round = 1; round <= rounds; round++)); do
    text="round $round:" first=
    for which in "$@"; do
      IFS== read -r name door port expect <<<"$which"
      ask_door "$name" "$door" --address "inet:127.0.0.1:$port" --expect "$expect" "${options[@]}"
      if [ -n "$expect" ]; then exact_counts "${expect%,*}" "${expect#*,}"; fi
      text+=" $name $(field rps "$line")/s (p50 $(field p50us "$line") us, p99 $(field p99us "$line") us)"
      if [ -z "$first" ]; then
        first=$(field rps "$line")
      else
        ratio "$first" "$(field rps "$line")" >>"$work/$name.ratio"
        text+=" ratio $(tail -n 1 "$work/$name.ratio")"
      fi
      text+=,
    done
    say "${text%,}"
  done
  for which in "${@:2}"; do say "${1%%=*}/${which%%=*}: $(spread "$work/${which%%=*}.ratio")"; done
}

start_door_floor() { # PROTOCOL
  start floor "$load" floor --listen "inet:127.0.0.1:$DOOR_FLOOR_PORT" --protocol "$1"
  until_listening floor "$started" "$DOOR_FLOOR_PORT"
}

start_libmilter() { # on $LIBMILTER_PORT; false where it cannot be built
  if ! gcc -O2 -Wall -o "$out/libmilter-empty" "$bench/libmilter-empty.c" -lmilter -pthread 2>"$work/gcc.log"; then
    say "libmilter is left out, which needs gcc and Debian's package libmilter-dev: $(head -n 1 "$work/gcc.log")"
    return 1
  fi
  start libmilter "$out/libmilter-empty" "inet:$LIBMILTER_PORT@127.0.0.1"
  until_listening libmilter "$started" "$LIBMILTER_PORT"
}

compare_milter() {
  local connections sides=("ours=milter=$MILTER_PORT=c,550")
  start_warm
  if start_libmilter; then sides+=("libmilter=milter=$LIBMILTER_PORT="); fi
  start_door_floor milter
  sides+=("floor=milter=$DOOR_FLOOR_PORT=")
  for connections in 64 8; do
    alternate_doors "milter, RCPT/s, $connections connections, 10 RCPT a message" "$connections" "${sides[@]}"
  done
  still_warm
}

compare_socketmap() {
  local connections
  start_warm
  start_door_floor socketmap
  for connections in 64 8; do
    alternate_doors "socketmap and policy, look-ups/s, $connections connections" "$connections" \
      "socketmap=socketmap=$SOCKETMAP_PORT=OK,NOTFOUND" "policy=policy=$PORT=DUNNO,550" "floor=socketmap=$DOOR_FLOOR_PORT="
  done
  still_warm
}
