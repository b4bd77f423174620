#!/usr/bin/env bash
# Proves with strace that the commands on files open no network connection: no socket of an internet
# family is made, nothing is connected to but local services' sockets that the runtime itself opens.
set -euo pipefail
cd "$(dirname "$0")/.."
trace=$(mktemp)
case_dir=$(mktemp -d)
trap 'rm -rf "$trace" "$case_dir"' EXIT
node=node_modules/.bin/node

check() {
  local expected=$1
  shift
  local status=0
  strace -f -qq -e trace=socket,connect,bind,sendto,sendmsg,sendmmsg -o "$trace" "$node" bin/davylamp.mjs "$@" >/dev/null 2>&1 || status=$?
  if [ "$status" -ne "$expected" ]; then
    echo "davylamp $*: exit code $status, expected $expected"
    exit 1
  fi
  if grep -E 'AF_INET6?|AF_PACKET|AF_NETLINK' "$trace"; then
    echo "davylamp $*: made a network connection"
    exit 1
  fi
  echo "no connection: davylamp $*"
}

# A check that could not fail would prove nothing: a connection that is made must show.
strace -f -qq -e trace=socket,connect -o "$trace" "$node" -e "require('net').connect(9, '127.0.0.1').on('error', () => {})" || true
grep -q AF_INET "$trace" || { echo 'the trace does not show connections'; exit 1; }

check 0 --help
check 10 investigate examples/battle/evidence --case "$case_dir"
check 10 investigate examples/battle/evidence --case "$case_dir" --format html --out "$case_dir/report.html"
check 0 show mail-1 --case "$case_dir"
check 0 events examples/battle/evidence
check 10 wire examples/battle/evidence
check 0 range --seed 3 --out "$case_dir/range"
check 0 sigma check rules/network
dump="$case_dir/dump"
mkdir -p "$dump/eu-west-1"
echo '{"SecurityGroups":[{"GroupId":"sg-0a1","GroupName":"open","VpcId":"vpc-0a1","IpPermissions":[{"IpProtocol":"tcp","FromPort":2375,"ToPort":2375,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}],"IpPermissionsEgress":[]}]}' >"$dump/eu-west-1/describe-security-groups.json"
check 0 surface "$dump" --case "$case_dir"
check 10 plan "$dump" --case "$case_dir"
check 10 cost examples/battle/evidence
