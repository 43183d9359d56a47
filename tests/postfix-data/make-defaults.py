#!/usr/bin/env python3
"""Makes src/RcptVerify/PostfixConfig/Data/defaults.tsv.

Usage: make-defaults.py HISTORY.json POSTCONF_D.txt >defaults.tsv

HISTORY.json: {"parameters": {name: [[version, default or null], ...]}}, as extracted from the VAR_/DEF_ macros of
mail_params.h at every release tag, in ascending order, a pair where the value differs from the one before it.
POSTCONF_D.txt: `postconf -d` of some installed Postfix; tells the yes/no parameters from the integers.

A line is: name TAB type TAB entry TAB entry ...
type: b yes/no, i integer, t time, s anything else.
entry: VERSION=value, VERSION@OPENSSL=value (holds only with that OpenSSL or later), VERSION- (gone), VERSION~ (computed when
Postfix starts or is built).
"""
import json
import re
import sys

NAMES = {"MAIL_ADDR_MAIL_DAEMON": "MAILER-DAEMON", "ALIAS_DB_MAP": "hash:/etc/aliases", "PREFERRED_RAND_SOURCE": "dev:/dev/urandom",
         "SERVER_ACL_NAME_WL_MYNETWORKS": "permit_mynetworks", "CONFIG_BOOL_NO": "no", "_PATH_MAILDIR": "/var/mail"}
SERVICES = {"MAIL_SERVICE_QUEUE": "qmgr"}
CURVES = {"X9_62_prime256v1": "prime256v1"}
BY_OPENSSL = {"tls_eecdh_auto_curves", "tls_ffdhe_auto_groups"}
# Flags whose name is younger than the installed Postfix, or older.
FLAGS = set("""force_mime_input_conversion ignore_srv_lookup_error allow_srv_lookup_fallback lmtp_per_record_deadline smtp_per_record_deadline
lmtp_tls_enable_rpk smtp_tls_enable_rpk smtpd_tls_enable_rpk lmtp_tls_enforce_sts_mx_patterns smtp_tls_enforce_sts_mx_patterns
lmtp_tlsrpt_enable smtp_tlsrpt_enable lmtp_tlsrpt_skip_reused_handshakes smtp_tlsrpt_skip_reused_handshakes requiretls_enable
requiretls_esmtp_header requiretls_redact_dsn smtpd_hide_client_session tls_dane_trust_anchor_digest_enable tls_fast_shutdown
tls_required_enable smtp_sasl_auth_enforce lmtp_sasl_auth_enforce lmtp_cache_connection sender_based_routing
smtpd_per_record_deadline""".split())
# Where the default's shape deceives: what the CONFIG_…_TABLE of the programs says (Postfix 3.12-20260821).
TYPES = {}
TYPES |= dict.fromkeys("""compatibility_level default_destination_concurrency_negative_feedback default_destination_concurrency_positive_feedback
lmtp_tcp_port lmtp_tls_loglevel mail_release_date maillog_file_permissions milter_protocol process_id smtp_tls_loglevel
smtpd_tls_loglevel""".split(), "s")
TYPES |= dict.fromkeys("""lmtp_log_tls_feature_status lmtp_per_request_deadline non_bdb_migration_log_redirect postscreen_disable_vrfy_command
postscreen_enforce_tls postscreen_helo_required postscreen_tls_always_issue_session_ids postscreen_tls_ask_ccert
postscreen_tls_enable_rpk postscreen_tls_req_ccert postscreen_use_tls smtp_log_tls_feature_status smtp_per_request_deadline
smtpd_per_request_deadline tls_trust_server_ccerts tlsproxy_client_enforce_tls tlsproxy_client_use_tls tlsproxy_enforce_tls
tlsproxy_tls_always_issue_session_ids tlsproxy_tls_ask_ccert tlsproxy_tls_enable_rpk tlsproxy_tls_req_ccert tlsproxy_use_tls""".split(), "b")
TYPES |= dict.fromkeys("""postscreen_client_connection_count_limit postscreen_dnsbl_allowlist_threshold postscreen_post_queue_limit
postscreen_pre_queue_limit postscreen_tls_ccert_verifydepth postscreen_tls_trace_size_limit tlsproxy_client_scert_verifydepth
tlsproxy_tls_ccert_verifydepth""".split(), "i")
TYPES |= dict.fromkeys("""postscreen_dnsbl_max_ttl postscreen_starttls_timeout""".split(), "t")
# Not parameters.
BOGUS = {"address_verify_", "local", "relocated_prefix_enable", "postscreen_dnsbl_enable", "postscreen_greet_enable", "stress"}
# Names that mail_params.h does not spell out.
MORE = {
    "address_verify_sender_dependent_default_transport_maps": [["2.7.0", "$sender_dependent_default_transport_maps"]],
    "sender_dependent_default_transport_maps": [["2.7.0", ""]],
    "empty_address_default_transport_maps_lookup_key": [["2.7.0", "<>"]],
    "local_destination_concurrency_limit": [["2.2.0", "2"]],
    "local_destination_recipient_limit": [["2.2.0", "1"]],
    "mail_version": [["2.2.0", "<nodef>"]],
    "mail_release_date": [["2.2.0", "<nodef>"]],
    "stress": [["2.5.0", ""]],
}


def substituted(value):
    value = re.sub(r"SN_(\w+)", lambda match: CURVES.get(match[1], match[1]), value)
    value = re.sub(r"MAIL_SERVICE_\w+", lambda match: SERVICES.get(match[0], match[0][13:].lower()), value)
    for name, text in NAMES.items():
        value = value.replace(name, text)
    if re.fullmatch(r"[()\d*+/ ]*[*+/][()\d*+/ ]*", value):
        value = str(int(eval(value)))  # pylint: disable=eval-used
    return value.replace("(( CVE-2005-2969 CVE-2010-4180)+1)", "CVE-2005-2969 CVE-2010-4180").strip()


def entries(name, history, flag):
    for version, value in history:
        version = version.split("-")[0]
        if version == "3.12":
            version = "3.12.0"
        if value is None:
            yield version + "-"
        elif value == "<nodef>":
            yield version + "~"
        else:
            first, _, second = value.partition("|")
            if name in BY_OPENSSL and "|" in value:
                yield f"{version}={substituted(second)}"
                yield f"{version}@3.5={substituted(first)}"
                continue
            text = substituted(second if name == "smtp_always_send_ehlo" and second else first)
            yield f"{version}={ {'0': 'no', '1': 'yes'}.get(text, text) if flag else text}"


def kind(name, history, installed):
    if name in TYPES:
        return TYPES[name]
    values = [value for _, value in history if value not in (None, "<nodef>")]
    if name != "smtpd_forbid_bare_newline" and (name in FLAGS or installed.get(name) in ("yes", "no")):
        return "b"
    if name == "smtpd_forbid_bare_newline":
        return "s"
    if values and re.search(r"CONFIG_BOOL|\{(yes|no)\} : \{(yes|no)\}", values[-1]):
        return "b"
    shown = installed.get(name) or (substituted(values[-1]) if values else "")
    shown = re.sub(r"\$\{stress\?\{?(\d*)\}?:?\}?(?:\$\{stress:|\{)?\d*\}?\}", r"\1", shown)
    if re.fullmatch(r"\d+[smhdw]", shown):
        return "t"
    return "i" if re.fullmatch(r"-?\d+", shown) else "s"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        parameters = json.load(file)["parameters"]
    with open(sys.argv[2], encoding="utf-8") as file:
        installed = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in file)}
    parameters = {name: history for name, history in parameters.items() if name not in BOGUS} | MORE
    for name in sorted(parameters):
        history = parameters[name]
        type_ = kind(name, history, installed)
        print(name, type_, *entries(name, history, type_ == "b" or name == "smtpd_forbid_bare_newline"), sep="\t")


main()
