#!/usr/bin/env bash
# Runs all tests. From a fresh clone on Debian it needs the .NET SDK, and root or sudo: it installs the programs that are missing
# (Exim is only unpacked), builds once, runs every test project, and ends with the line "N passed, N failed".
#
#   tests/run.sh [--no-build] [NAME]...     only projects whose name contains one of the NAMEs
#
# Exit code: 0 all passed; 1 a test failed, a project crashed, ran no test or overran its time, or the build failed; 2 usage, or a
# program is missing and cannot be installed. Nothing it started is left running, no service is enabled or started.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

# What one project may take, in seconds (the longest needs 300): with the build, a hanging one still leaves the whole under 15 minutes.
project_limit=480

# Each program the tests call and the Debian package it comes with.
needed=(
  /usr/sbin/postfix:postfix
  /usr/sbin/smtp-sink:postfix
  /usr/bin/redis-server:redis-server
  /usr/bin/redis-cli:redis-tools
  /usr/bin/miltertest:miltertest
)

# Exim is a second mail server and would push Postfix out if it were installed: its program is unpacked here, beside the system. The
# libraries it needs are installed, and the user it insists on is made, as its package would do both.
exim_root=/var/cache/rcptverify-tests/exim4
exim_package=exim4-daemon-light
exim_user=Debian-exim

# No compiler or build server stays behind, nothing is reported to anybody.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1

build=yes
names=()
for argument; do
  case $argument in
    --no-build) build=no ;;
    -*) echo "usage: tests/run.sh [--no-build] [NAME]..." >&2; exit 2 ;;
    *) names+=("$argument") ;;
  esac
done

passed=0 failed=0 skipped=0
finish() {
  echo "$passed passed, $failed failed$( ((skipped == 0)) || echo ", $skipped skipped")"
  exit $((failed > 0))
}

as_root=()
if ((EUID != 0)); then
  as_root=(sudo --preserve-env=DOTNET_ROOT,PATH,TMPDIR,TESTINGPLATFORM_TELEMETRY_OPTOUT)
fi

# Packages start their services when they are installed; policy-rc.d is Debian's way to say no (invoke-rc.d(8)).
policy=/usr/sbin/policy-rc.d
install_missing() {
  local entry missing=() unpack=
  for entry in "${needed[@]}"; do
    [[ -x ${entry%%:*} ]] || missing+=("${entry#*:}")
  done
  if ! getent passwd "$exim_user" >/dev/null || ! "$exim_root/usr/sbin/exim4" -C /dev/null -bV >/dev/null 2>&1; then
    unpack=$exim_package
  fi
  [[ ${#missing[@]} -gt 0 || -n $unpack ]] || return 0

  ((${#missing[@]} == 0)) || mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
  echo "Installing${missing[*]:+ ${missing[*]}}${unpack:+ $unpack (unpacked to $exim_root)}"
  if ! command -v apt-get >/dev/null || { ((EUID != 0)) && ! command -v sudo >/dev/null; }; then
    echo "Missing: ${missing[*]} $unpack. Installing needs apt-get, and root or sudo." >&2
    return 2
  fi

  "${as_root[@]}" env missing="${missing[*]}" unpack="$unpack" exim_root=$exim_root exim_user=$exim_user policy=$policy \
    bash -euo pipefail <<'ROOT' || return 2
export DEBIAN_FRONTEND=noninteractive
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' > "$policy"
  chmod 755 "$policy"
fi
apt=(apt-get -qq -o DPkg::Lock::Timeout=300)
"${apt[@]}" update
# "No configuration" leaves /etc/postfix without a main.cf: the tests bring their own, and the system's Postfix stays off.
echo "postfix postfix/main_mailer_type select No configuration" | debconf-set-selections
if [[ -n $unpack ]]; then
  libraries=$(apt-cache depends --important "$unpack" | sed -n 's/^ *Depends: \(lib[^ ]*\)$/\1/p')
  missing+=" $libraries"
fi
"${apt[@]}" install --yes --no-install-recommends $missing </dev/null >/dev/null
if [[ -n $unpack ]]; then
  getent passwd "$exim_user" >/dev/null ||
    useradd --system --user-group --no-create-home --home-dir /var/spool/exim4 --shell /usr/sbin/nologin "$exim_user"
  mkdir -p "$exim_root"
  download=$(mktemp -d)
  (cd "$download" && "${apt[@]}" -o APT::Sandbox::User=root download "$unpack")
  dpkg-deb --extract "$download"/*.deb "$exim_root"
  rm -r "$download"
  chmod u-s "$exim_root"/usr/sbin/exim4   # nobody keeps this copy up to date
fi
ROOT
}

# Everything temporary lies here, readable by Postfix' daemons; what a killed test leaves behind is found and ended through it.
export TMPDIR
TMPDIR=$(mktemp -d /tmp/rcptverify-tests.XXXXXX)
chmod 755 "$TMPDIR"
group=
clean_up() {
  if [[ -n $group ]]; then
    "${as_root[@]}" kill -KILL -- "-$group" 2>/dev/null || true
    group=
  fi
  local queue
  for queue in "$TMPDIR"/*/spool; do
    [[ -d $queue ]] && "${as_root[@]}" /usr/sbin/postfix -c "${queue%/spool}/etc" stop >/dev/null 2>&1 || true
  done
}
trap 'clean_up; "${as_root[@]}" rm -rf "$TMPDIR"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

# Runs one project's executable in a process group of its own and adds its numbers to the sums.
run_project() {
  local name=$1 exe=$2 log=$TMPDIR/$1.log status=0 runner=() summary total errors bad left notrun
  [[ $name != *Integration* ]] || runner=("${as_root[@]}")   # master(8) needs root
  echo "== $name"
  # timeout(1) makes the group and leads it; its id is the group's.
  "${runner[@]}" timeout --kill-after=10 "$project_limit" "$exe" -noColor -noLogo -longRunning 60 </dev/null >"$log" 2>&1 &
  group=$!
  wait "$group" || status=$?
  cat "$log"
  clean_up

  summary=$(grep -oE ' Total: [0-9]+(, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+, Not Run: [0-9]+)?' "$log" | tail -n 1) || true
  read -r total errors bad left notrun < <(grep -oE '[0-9]+' <<<"${summary:-0}" | tr '\n' ' '; echo) || true
  errors=${errors:-0} bad=${bad:-0} left=${left:-0} notrun=${notrun:-0}
  # Without a summary the project was cut short; what had failed until then counts all the same.
  [[ -n $summary ]] || failed=$((failed + $(grep -c ' \[FAIL\]$' "$log" || true)))
  passed=$((passed + total - bad - left - notrun)) failed=$((failed + bad + errors)) skipped=$((skipped + left))

  if ((status == 124 || status == 137)); then
    echo "$name did not end within $project_limit s" >&2
    failed=$((failed + 1))
  elif ((total - left - notrun == 0)); then
    echo "$name ran no test (exit code $status)" >&2
    failed=$((failed + 1))
  elif ((status != 0 && bad + errors == 0)); then
    echo "$name ended with exit code $status although no test failed" >&2
    failed=$((failed + 1))
  fi
}

projects=()
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  if grep -q 'Include="xunit.v3"' "$project"; then
    if ((${#names[@]} == 0)) || grep -qiF -e "$(printf '%s\n' "${names[@]}")" <<<"$name"; then
      projects+=("$name")
    fi
  fi
done
if ((${#projects[@]} == 0)); then
  echo "No test project is called like that." >&2
  exit 2
fi

command -v dotnet >/dev/null || { echo "Missing: the .NET SDK (dotnet)." >&2; exit 2; }
install_missing
if [[ $build == yes ]] &&
  ! dotnet build RcptVerify.sln --configuration Release --verbosity quiet -nodeReuse:false -p:UseSharedCompilation=false; then
  echo "The build failed." >&2
  failed=1
  finish
fi

for name in "${projects[@]}"; do
  run_project "$name" "$PWD/tests/$name/bin/Release/net10.0/$name"
done
finish
