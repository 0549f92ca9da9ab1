#!/bin/bash
# Makes sample.pcapng: a closed little DNS world of real servers, recorded at its resolver.
#
#   sudo ./make-capture.sh [OUTPUT-DIRECTORY]        (default: the directory of this script)
#
# Writes sample.pcapng and expected.json in about half a minute. Two runs tell the same story with other ports, ids, times and counts.
# KEEP_WORK=DIRECTORY keeps each phase's zones, configurations, logs and the answers the clients got.
#
# Needs root, Linux network namespaces and these Debian packages (nothing is installed here):
#   apt-get install nsd knot unbound ldnsutils bind9-dnsutils tcpdump tshark wireshark-common ethtool iproute2 python3-dnspython
# The services that come with nsd, knot and unbound are not used and may stay stopped.
#
# How: every server, the resolver and the clients get a network namespace of their own, all on one bridge in another namespace. No
# namespace has a way out. For each phase all servers start with that phase's zones and the resolver starts with an empty cache, then
# the clients ask what `queries` lists for the phase while tcpdump records at the resolver's only interface. Afterwards each phase is
# moved to its date by adding a constant number of seconds to all its packets, and the phases are merged into one file.
#
# Inputs beside the script: zones/ (zone files, and `placement`: who serves what), queries, resolvers, root.hints.
# In a zone file a line that begins with ";@2-5 " belongs to phases 2 to 5 only, "@SERIAL@" is the phase's serial number, and "@DS@" the
# DS record of the one signed zone.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
out=$(realpath "${1:-.}")

dates=([1]="2026-01-05 09:00" [2]="2026-02-09 14:00" [3]="2026-02-10 03:12" [4]="2026-02-10 21:40" [5]="2026-03-20 10:30")
serials=([1]=2026010501 [2]=2026020901 [3]=2026021001 [4]=2026021002 [5]=2026032001)
signed_zone=vault.example

# name, software, group, addresses
nodes="root nsd root 203.0.113.1 203.0.113.2 2001:db8:f::1 2001:db8:f::2
registry-a nsd registry 203.0.113.10 2001:db8:f::10
registry-b nsd registry 203.0.113.11 2001:db8:f::11
harbour1 nsd harbour 192.0.2.2 2001:db8:a::2
harbour2 nsd harbour 192.0.2.3 2001:db8:a::3
skyrack1 nsd skyrack 198.51.100.2 2001:db8:b::2
skyrack2 nsd skyrack 198.51.100.3 2001:db8:b::3
edge1 knot edge 203.0.113.66 2001:db8:c::66
edge2 knot edge 203.0.113.67 2001:db8:c::67
resolver unbound - $(sed 's,/.*,,' resolvers | tr '\n' ' ') 10.53.0.53 fd53::53
clients dig - 10.53.0.11 10.53.0.12 10.53.0.14 fd53::13"
upstream=$(sed 's,/.*,,' resolvers)
# client: its own address and where it asks
declare -A asks=([c1]="10.53.0.11 10.53.0.53" [c2]="10.53.0.12 10.53.0.53" [c3]="fd53::13 fd53::53" [c4]="10.53.0.14 ${upstream%%$'\n'*}")

missing=0
need() { PATH=$PATH:/usr/sbin:/sbin command -v "$1" > /dev/null || { echo "missing: $1 (Debian package $2)" >&2; missing=1; }; }
need nsd nsd; need knotd knot; need unbound unbound; need ldns-signzone ldnsutils; need dig bind9-dnsutils; need tcpdump tcpdump
need tshark tshark; need editcap wireshark-common; need ethtool ethtool; need ip iproute2
/usr/bin/python3 -c 'import dns.message' 2> /dev/null || { echo "missing: dnspython (Debian package python3-dnspython)" >&2; missing=1; }
[ "$(id -u)" = 0 ] || { echo "missing: root (network namespaces)" >&2; missing=1; }
[ $missing = 0 ] || exit 1
export PATH=$PATH:/usr/sbin:/sbin

work=$(mktemp -d)
prefix=pdcap$$
servers=()     # process ids of the running phase
namespaces=()

stop() {
  local pid
  for pid in ${servers[@]+"${servers[@]}"}; do kill "$pid" 2> /dev/null || true; done
  for pid in ${servers[@]+"${servers[@]}"}; do wait "$pid" 2> /dev/null || true; done
  servers=()
}
cleanup() {
  stop
  local ns
  for ns in ${namespaces[@]+"${namespaces[@]}"}; do ip netns del "$ns" 2> /dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

# --- the network -----------------------------------------------------------------------------------------------------------------

namespace() { ip netns add "$prefix-$1"; namespaces+=("$prefix-$1"); ip -n "$prefix-$1" link set lo up; }
in_ns() { local ns=$1; shift; exec ip netns exec "$prefix-$ns" "$@"; }

namespace switch
ip -n "$prefix-switch" link add bridge type bridge
ip -n "$prefix-switch" link set bridge up
number=0
while read -r node _ _ addresses; do
  number=$((number + 1))
  namespace "$node"
  ip -n "$prefix-switch" link add "p-$node" type veth peer name eth0 netns "$prefix-$node"
  ip -n "$prefix-switch" link set "p-$node" master bridge up
  ip -n "$prefix-$node" link set eth0 address "$(printf '02:00:00:00:00:%02x' $number)"
  # Without offloading, packets carry the checksums and sizes that a wire would show.
  for where in "$node eth0" "switch p-$node"; do
    ip netns exec "$prefix-${where% *}" ethtool -K "${where#* }" tx off rx off tso off gso off gro off > /dev/null 2>&1
  done
  for address in $addresses; do
    case $address in
      *:*) ip -n "$prefix-$node" address add "$address/128" dev eth0 nodad ;;
      *) ip -n "$prefix-$node" address add "$address/32" dev eth0 ;;
    esac
  done
  ip -n "$prefix-$node" link set eth0 up
  for net in 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 10.53.0.0/24; do ip -n "$prefix-$node" route add $net dev eth0; done
  for net in 2001:db8::/32 fd53::/64; do ip -n "$prefix-$node" -6 route add $net dev eth0; done
done <<< "$nodes"

# --- zones -----------------------------------------------------------------------------------------------------------------------

in_phase() {    # is phase $1 in the list $2, such as 1,3-5
  local part
  for part in ${2//,/ }; do
    if [ "$1" -ge "${part%-*}" ] && [ "$1" -le "${part#*-}" ]; then return 0; fi
  done
  return 1
}

mkdir "$work/keys"
for flag in -k ""; do (cd "$work/keys" && ldns-keygen -a ECDSAP256SHA256 $flag "$signed_zone" > /dev/null); done

make_zones() {    # the zone files of phase $1 in directory $2
  local file line ds
  ds=$(cat "$work"/keys/*.ds)
  for file in zones/*.zone; do
    while IFS= read -r line; do
      case $line in
        ";@"*) in_phase "$1" "$(sed 's/^;@\([^ ]*\) .*/\1/' <<< "$line")" || continue; line=${line#* } ;;
        @DS@) line=$ds ;;
      esac
      printf '%s\n' "${line//@SERIAL@/${serials[$1]}}"
    done < "$file" > "$2/$(basename "$file")"
  done
  # Signatures run from three days before the phase to eleven days after it.
  (cd "$work/keys" && ldns-signzone -i "$(date -ud "${dates[$1]} UTC - 3 days" +%Y%m%d)" -e "$(date -ud "${dates[$1]} UTC + 11 days" +%Y%m%d)" \
    -f "$2/$signed_zone.zone" "$2/$signed_zone.zone" $(basename -s .key ./*.key))
}

zones_of() {    # zones of group $2 in phase $1
  local phases group zones
  grep -v '^#' zones/placement | while read -r phases group zones; do
    if [ "$group" = "$2" ] && in_phase "$1" "$phases"; then printf '%s\n' $zones; fi
  done
}

file_of() { if [ "$1" = . ]; then echo root.zone; else echo "$1.zone"; fi; }

# --- servers ---------------------------------------------------------------------------------------------------------------------

start_nsd() {    # directory, node, zone directory, zones, addresses
  local dir=$1 node=$2 zonedir=$3 zones=$4 address zone
  shift 4
  {
    printf 'server:\n  username: ""\n  server-count: 1\n  zonesdir: "%s"\n  database: ""\n  pidfile: "%s/pid"\n' "$zonedir" "$dir"
    printf '  xfrdfile: ""\n  zonelistfile: "%s/zones"\n  xfrdir: "%s"\n  logfile: "%s/log"\n' "$dir" "$dir" "$dir"
    printf '  hide-version: yes\n  hide-identity: yes\n  rrl-ratelimit: 0\n'
    for address in "$@"; do printf '  ip-address: %s\n' "$address"; done
    printf 'remote-control:\n  control-enable: no\n'
    for zone in $zones; do printf 'zone:\n  name: "%s"\n  zonefile: "%s"\n' "$zone" "$(file_of "$zone")"; done
  } > "$dir/conf"
  in_ns "$node" nsd -d -c "$dir/conf" > "$dir/output" 2>&1 &
  servers+=($!)
}

start_knot() {    # the same. It may answer in more bytes than a frame holds: IP fragments
  local dir=$1 node=$2 zonedir=$3 zones=$4 address zone
  shift 4
  {
    printf 'server:\n  rundir: "%s"\n  udp-max-payload: 4096\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n' "$dir"
    for address in "$@"; do printf '  listen: %s@53\n' "$address"; done
    printf 'log:\n  - target: stderr\n    any: warning\ndatabase:\n  storage: "%s"\n' "$dir"
    printf 'template:\n  - id: default\n    storage: "%s"\n    zonefile-sync: -1\n    journal-content: none\nzone:\n' "$zonedir"
    for zone in $zones; do printf '  - domain: "%s"\n    file: "%s"\n' "$zone" "$(file_of "$zone")"; done
  } > "$dir/conf"
  in_ns "$node" knotd -c "$dir/conf" > "$dir/output" 2>&1 &
  servers+=($!)
}

start_unbound() {    # directory, node, -, -, addresses
  local dir=$1 node=$2 address zone
  shift 4
  cp root.hints "$dir/root.hints"
  {
    printf 'server:\n  username: ""\n  chroot: ""\n  directory: "%s"\n  pidfile: "%s/pid"\n  use-syslog: no\n  num-threads: 1\n' "$dir" "$dir"
    printf '  root-hints: "%s/root.hints"\n  module-config: "iterator"\n  use-caps-for-id: yes\n  qname-minimisation: yes\n' "$dir"
    printf '  edns-buffer-size: 4096\n  max-udp-size: 4096\n'
    for address in "$@"; do printf '  interface: %s\n' "$address"; done
    for address in $upstream; do printf '  outgoing-interface: %s\n' "$address"; done
    printf '  access-control: 10.53.0.0/24 allow_snoop\n  access-control: fd53::/64 allow_snoop\n'
    # Unbound answers for these reverse zones itself unless told otherwise.
    for zone in 2.0.192 100.51.198 113.0.203; do printf '  local-zone: "%s.in-addr.arpa." nodefault\n' "$zone"; done
    printf '  local-zone: "8.b.d.0.1.0.0.2.ip6.arpa." nodefault\nremote-control:\n  control-enable: no\n'
  } > "$dir/conf"
  in_ns "$node" unbound -d -c "$dir/conf" > "$dir/output" 2>&1 &
  servers+=($!)
}

wait_for() {    # wait up to ten seconds until a command succeeds
  local what=$1 _
  shift
  for _ in $(seq 100); do
    if "$@" > /dev/null 2>&1; then return 0; fi
    sleep 0.1
  done
  echo "phase $phase: $what did not start" >&2
  tail -n 20 "$work/$phase"/*/output "$work/$phase"/*/log >&2 2> /dev/null || true
  exit 1
}
serves() { [ -n "$(ip netns exec "$prefix-$1" dig +short +tries=1 +time=1 +norecurse "@$2" "$3" SOA)" ]; }
listens() { ip netns exec "$prefix-$1" ss -Hlun | grep -q ':53 '; }

# --- the phases ------------------------------------------------------------------------------------------------------------------

run_phase() {
  local dir=$work/$phase node software group addresses zones zone first dump
  mkdir -p "$dir/zones"
  make_zones "$phase" "$dir/zones"
  while read -r node software group addresses; do
    [ "$software" != dig ] || continue
    mkdir "$dir/$node"
    zones=$(zones_of "$phase" "$group")
    "start_$software" "$dir/$node" "$node" "$dir/zones" "$zones" $addresses
  done <<< "$nodes"
  while read -r node software group addresses; do
    first=${addresses%% *}
    case $software in
      nsd | knot) for zone in $(zones_of "$phase" "$group"); do wait_for "$node ($zone)" serves "$node" "$first" "$zone"; done ;;
      unbound) wait_for "$node" listens "$node" ;;
    esac
  done <<< "$nodes"

  in_ns resolver tcpdump -Z root -i eth0 -s 0 -U -w "$dir.pcap" \
    'port 53 or (ip[6:2] & 0x1fff != 0) or (ip6[6] = 44)' > /dev/null 2> "$dir/tcpdump" &
  dump=$!
  servers+=("$dump")
  wait_for tcpdump grep -q 'listening on' "$dir/tcpdump"

  local phases client name type options source server
  while IFS=$'\t' read -r phases client name type options <&3; do
    case $phases in '' | '#'*) continue ;; esac
    in_phase "$phase" "$phases" || continue
    read -r source server <<< "${asks[$client]}"
    ip netns exec "$prefix-clients" dig +noidnin +tries=1 +time=8 -b "$source" "@$server" $options -q "$name" -t "$type" \
      >> "$dir/answers" 2>&1 || echo "phase $phase: no answer for $name $type" >&2
  done 3< queries
  sleep 1    # the resolver may still be looking up name server addresses
  kill -INT $dump
  wait $dump || true
  stop

  # Whole seconds only, so that the packets keep their microseconds.
  local begins shift
  begins=$(tshark -r "$dir.pcap" -c 1 -T fields -e frame.time_epoch 2> /dev/null)
  shift=$(($(date -ud "${dates[$phase]} UTC" +%s) - ${begins%.*}))
  (cd "$work" && editcap -F pcapng -t $shift "$phase.pcap" "$phase.pcapng")
  echo "phase $phase, ${dates[$phase]} UTC: $(tshark -r "$work/$phase.pcapng" 2> /dev/null | wc -l) packets"
}

for phase in "${!dates[@]}"; do run_phase; done
(cd "$work" && mergecap -F pcapng -I all -w merged.pcapng $(printf '%s.pcapng ' "${!dates[@]}"))
# The section header names this machine's kernel and the merged files: put one without options in its place (native byte order).
{
  header=$(od -An -tu4 -j4 -N4 "$work/merged.pcapng")
  printf '\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\x01\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0'
  tail -c +$((header + 1)) "$work/merged.pcapng"
} > "$work/sample.pcapng"
/usr/bin/python3 make-expected.py "$work/sample.pcapng" > "$work/expected.json"
cp "$work/sample.pcapng" "$work/expected.json" "$out/"
[ -z "${KEEP_WORK:-}" ] || cp -r "$work/." "$KEEP_WORK"
