#!/usr/bin/env bash
# Prints src/RcptVerify/PostfixConfig/Data/suites-openssl3.tsv from the installed OpenSSL 3.
# A line: id, name, first protocol, key exchange, authentication, encryption, bits, MAC, strength (H, M or L), default (y or n), FIPS (y or n).
# TLS 1.3 suites are left out: no cipher list reaches them.
set -euo pipefail
every='ALL:COMPLEMENTOFALL:@SECLEVEL=0'
list() { openssl ciphers -s -tls1_2 -psk -srp "$1:@SECLEVEL=0" 2>/dev/null | tr ':' '\n' || true; }
member() { if grep -qx -- "$1" <<<"$2"; then echo "$3"; else echo "$4"; fi; }
high=$(list HIGH) medium=$(list MEDIUM) other=$(list COMPLEMENTOFDEFAULT) fips=$(list FIPS)
openssl ciphers -V "$every" | while read -r id _ name protocol kx au enc mac; do
  [[ $protocol == TLSv1.3 ]] && continue
  enc=${enc#Enc=} bits=0
  [[ $enc == *"("* ]] && bits=${enc##*(} bits=${bits%)} enc=${enc%(*}
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$(tr -d ',' <<<"${id//0x/}")" "$name" "$protocol" "${kx#Kx=}" "${au#Au=}" "$enc" "$bits" "${mac#Mac=}" \
    "$(member "$name" "$high" H "$(member "$name" "$medium" M L)")" "$(member "$name" "$other" n y)" "$(member "$name" "$fips" y n)"
done
