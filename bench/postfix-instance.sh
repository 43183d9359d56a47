# shellcheck shell=bash
# A throw-away Postfix of our own, for compare.sh postfix. Sourced, not run.

# start_postfix DIR PORT=POLICY_SERVER…: one smtpd on each loopback PORT that asks POLICY_SERVER (Postfix's notation)
# about every recipient of example.com; nothing is ever delivered, the load ends each transaction with RSET.
start_postfix() {
  local dir=$1 pair
  shift
  mkdir -p "$dir/etc" "$dir/spool" "$dir/data"
  chmod 755 "$dir" "$dir/spool"
  chown postfix "$dir/data"

  cat >"$dir/etc/main.cf" <<MAIN
compatibility_level = 3.6
queue_directory = $dir/spool
data_directory = $dir/data
maillog_file = $dir/postfix.log
maillog_file_prefixes = $dir
myhostname = mx.bench.test
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 192.0.2.0/24
mydestination =
alias_maps =
alias_database =
relay_domains = example.com
relay_recipient_maps =
smtpd_relay_restrictions = reject_unauth_destination
default_process_limit = 200
# Messages begin and none is ever delivered: flow control would make each wait a second.
in_flow_delay = 0
# The load is one client that never sends mail: none of the limits against such clients may be part of the figure.
smtpd_error_sleep_time = 0
smtpd_soft_error_limit = 1000000
smtpd_hard_error_limit = 1000000
smtpd_junk_command_limit = 1000000
smtpd_client_connection_count_limit = 0
MAIN

  {
    for pair in "$@"; do
      echo "${pair%%=*} inet n - n - - smtpd"
      echo "  -o smtpd_recipient_restrictions=check_policy_service,${pair#*=}"
    done
    cat <<'MASTER'
cleanup   unix n - n - 0 cleanup
qmgr      unix n - n 300 1 qmgr
rewrite   unix - - n - - trivial-rewrite
bounce    unix - - n - 0 bounce
defer     unix - - n - 0 bounce
trace     unix - - n - 0 bounce
verify    unix - - n - 1 verify
proxymap  unix - - n - - proxymap
relay     unix - - n - - smtp
error     unix - - n - - error
retry     unix - - n - - error
anvil     unix - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
MASTER
  } >"$dir/etc/master.cf"

  postfix_etc=$dir/etc
  postfix -c "$postfix_etc" start >"$dir/start.log" 2>&1 || {
    cat "$dir/start.log" >&2
    die "Postfix does not start"
  }
}
