#!/usr/bin/env bash
# What the validator costs as a whole process. See README.md beside this file.
# usage: validate.sh
#   a usual configuration, and main.cf files of ten megabytes of every shape, each with a known release and without
#   ROUNDS=5        runs of each, of which the median counts
#   KEEP=1          keep the working folder with the files
set -euo pipefail
. "$(dirname "$0")/lib.sh"
rounds=${ROUNDS:-5}
mkdir -p "$out"
result=$out/validate-$(date -u +%Y%m%dT%H%M%SZ).txt

# big SHAPE HEAD FORMAT TAIL: ten megabytes of FORMAT, a printf(3) format with up to two numbers, in a folder of that name
big() {
  mkdir -p "$work/$1"
  LC_ALL=C awk -v head="$2" -v form="$3" -v tail="$4" 'BEGIN {
    printf "%s", head
    for (size = n = 0; size < 10000000; n++) {
      line = sprintf(form, n, n + 1)
      size += length(line)
      printf "%s", line
    }
    printf "%s", tail
  }' >"$work/$1/main.cf"
  printf 'smtp inet n - y - - smtpd\nsubmission inet n - y - - smtpd\n -o smtpd_tls_security_level=encrypt\nsmtp unix - - y - - smtp\n' >"$work/$1/master.cf"
}

make_shapes() {
  local may='smtpd_tls_security_level = may'$'\n''smtpd_tls_chain_files = /etc/postfix/chain.pem'$'\n'
  big comments "$may" '# a comment like many others, number %d\n' ''
  big names "$may" 'user_defined_parameter_%d = value number %d of many\n' ''
  big references "$may" 'user_defined_parameter_%d = $user_defined_parameter_%d x\n' ''
  big duplicates "$may" 'smtpd_banner = $myhostname ESMTP %d\n' ''
  big remarks "$may" 'user_defined_parameter_%d = value # remark %d\n' ''
  big suppressions "$may" '# rcptverify: disable=RV-PRO-003 reason="%d"\nuser_defined_parameter_%d = 1\n' ''
  big no-definitions "$may" 'this is no definition %d\n' ''
  big networks 'mynetworks = 127.0.0.0/8' ' [2001:db8::%x]/128\n' ''
  big continued 'relay_domains = example.com' '\n  d%d.example.com' '\n'
  big restrictions 'smtpd_recipient_restrictions = permit_mynetworks' ',\n  check_client_access hash:/etc/postfix/t%d' ', reject\n'
  big tables 'virtual_alias_maps =' ' hash:/etc/postfix/t%d' '\n'
  big protocols "${may}smtpd_tls_protocols =" ' !SSLv2, !SSLv%d' '\n'
  big ciphers "${may}tls_medium_cipherlist = HIGH" ':WORD%d' '\n'
  big exclusions "${may}smtpd_tls_exclude_ciphers = RC4" ', WORD%d' '\n'
  big nested 'a = ' '${x?{' '\n'
}

# seconds COMMAND…: the median of its times in $median, the greatest in $greatest
seconds() {
  local round begun
  for ((round = 0; round < rounds; round++)); do
    begun=$(date +%s%N)
    "$@" >"$work/findings.txt" 2>"$work/errors.txt" || [ $? -eq 1 ] || die "$*: $(head -n 3 "$work/errors.txt")"
    echo $((($(date +%s%N) - begun) / 1000))
  done | sort -n >"$work/times"
  median=$(awk '{ t[NR] = $1 } END { printf "%.3f", t[int((NR + 1) / 2)] / 1e6 }' "$work/times")
  greatest=$(awk 'END { printf "%.3f", $1 / 1e6 }' "$work/times")
}

measure() { # NAME PATH
  local known
  seconds "$work/publish/rcptverify" validate --postfix 3.9 "$2"
  known="$median ($greatest)"
  seconds "$work/publish/rcptverify" validate "$2"
  say "$(printf '%-16s %-16s %s' "$1" "$known" "$median ($greatest)")"
}

dotnet publish "$root/src/RcptVerify" -c Release --self-contained false -p:PublishReadyToRun=true --use-current-runtime -o "$work/publish" >"$work/publish.log" ||
  die "it does not build: $(tail -n 5 "$work/publish.log")"
make_shapes
say "seconds for a whole process, medians (and greatest) of $rounds runs"
say "$(printf '%-16s %-16s %s' 'main.cf' '--postfix 3.9' 'release not known')"
measure usual "$root/tests/RcptVerify.Tests/PostfixConfig/Corpus/mailcow"
for shape in $(ls -1 "$work" | while read -r name; do [ -f "$work/$name/main.cf" ] && echo "$name"; done); do
  measure "$shape" "$work/$shape"
done
