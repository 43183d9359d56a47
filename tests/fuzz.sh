#!/usr/bin/env bash
# Fuzzes the wire codecs and the validator of Postfix configurations. Arguments go to the fuzzer: [TARGET]... [--seed N] [--iterations N | --seconds N]
# Without any: all targets, 100000 inputs each, from a seed taken from the clock (a find prints its own).
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- --seed "$(date +%s)"
exec dotnet run -c Release --project tests/RcptVerify.Fuzz -- "$@"
