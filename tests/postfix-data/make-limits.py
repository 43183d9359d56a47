#!/usr/bin/env python3
"""Makes src/RcptVerify/PostfixConfig/Data/restrictions.tsv and limits.tsv from Postfix's source.

Usage: make-limits.py GIT_DIR FOLDER

GIT_DIR: a clone of Postfix's source with its release tags (v2.6.0 ... v3.11.0; HEAD stands for 3.12).
FOLDER: where to write.

restrictions.tsv: word TAB first release that has it. From the comparisons of generic_checks in smtpd_check.c; a word that a
release keeps only to say that it is gone counts as known.
limits.tsv: parameter TAB i or t (number or time) TAB first release TAB least TAB greatest, as check_mail_conf_int and
check_mail_conf_time compare them: 0 for no limit, times in seconds. A parameter whose limits changed has several lines.
"""
import pathlib
import re
import subprocess
import sys

git = ["git", f"--git-dir={sys.argv[1]}"]
folder = pathlib.Path(sys.argv[2])


def run(*words):
    return subprocess.run(git + list(words), capture_output=True, check=False).stdout.decode("latin1")


def number(macros, word):
    while word in macros:
        word = macros[word]
    return eval(word, {"__builtins__": {}}) if re.fullmatch(r"[\d\s()*+-]+", word) else None


tags = [tag for tag in run("tag").split() if re.fullmatch(r"v(2\.([6-9]|1[01])|3\.\d+)\.0", tag)]
tags.sort(key=lambda tag: [int(part) for part in tag[1:].split(".")])
words, limits = {}, {}
for tag in tags + ["HEAD"]:
    release = "3.12" if tag == "HEAD" else tag[1:-2]
    header = run("show", f"{tag}:postfix/src/global/mail_params.h").replace("\\\n", " ")
    macros = {name: value.strip() for name, value in re.findall(r"#[ \t]*define[ \t]+(\w+)[ \t]+([^\n/]+|\"[^\"]*\")", header)}

    def text(name):
        while name in macros and not macros[name].startswith('"'):
            name = macros[name]
        return macros[name].strip('"') if name in macros else None

    check = run("show", f"{tag}:postfix/src/smtpd/smtpd_check.c")
    body = check[check.index("generic_checks(SMTPD_STATE *state, ARGV *restrictions"):]
    body = body[:body.index("\n}\n")]
    for name in re.findall(r"(?:strcasecmp\(name|is_map_command\(state, name), (\w+)", body) + ["REJECT_SENDER_LOGIN_MISMATCH"]:
        words.setdefault(text(name), release)
    found = {}
    for path in run("grep", "-lE", r"VAR_\w+, *DEF_", tag, "--", "postfix/src/*/*.c").split():
        source = run("show", path)
        for kind, table in re.findall(r"CONFIG_(INT|NINT|LONG|TIME)_TABLE\s+\w+\[\]\s*=\s*\{(.*?)\n\s*\};", source, re.S):
            for name, least, most in re.findall(r"(VAR_\w+),\s*DEF_\w+,\s*&[\w.]+,\s*(-?\w+),\s*(-?\w+)", table):
                limit = ("t" if kind == "TIME" else "i", number(macros, least), number(macros, most))
                found.setdefault(text(name), set()).add(limit)
    for name, several in found.items():
        history = limits.setdefault(name, [])
        # What two programs limit differently is not certain.
        limit = several.pop() if len(several) == 1 else ("i", None, None)
        if not history or history[-1][1] != limit:
            history.append((release, limit))
words.pop(None, None)
(folder / "restrictions.tsv").write_text("".join(f"{word}\t{words[word]}\n" for word in sorted(words)))
(folder / "limits.tsv").write_text("".join(
    f"{name}\t{kind}\t{release}\t{least}\t{most}\n"
    for name in sorted(filter(None, limits)) if any(limit[1] or limit[2] for _, limit in limits[name])
    for release, (kind, least, most) in limits[name] if least is not None and most is not None))
