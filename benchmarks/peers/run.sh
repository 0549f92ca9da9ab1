#!/usr/bin/env bash
# The library and its peers in C on the same files, in turn: a JSON line with CPU seconds of the whole process, its start and compilation included.
#
#   run.sh FOLDER capture FILE.pcap FILE.hints [ROUNDS]
#   run.sh FOLDER stores SET                             SET.pcap, SET.hints and SET.rrsets.ndjson, as pdnsgen writes them
#
# FOLDER is where build.sh built them. The benchmarks are built first: dotnet build -c Release benchmarks/PassiveDns.Benchmarks
set -euo pipefail
folder=$1 mode=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
ours="dotnet $root/artifacts/bin/PassiveDns.Benchmarks/release/PassiveDns.Benchmarks.dll"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timed() { # NAME COMMAND...
  local name=$1; shift
  /usr/bin/time -o "$work/time" -f '%U %S %e %M' "$@" >"$work/out" 2>"$work/err" || { cat "$work/err"; exit 1; }
  awk -v n="$name" '{ printf "{\"run\":\"%s\",\"cpu_s\":%.2f,\"wall_s\":%.2f,\"peak_MB\":%d}\n", n, $1 + $2, $3, $4 / 1024 }' "$work/time"
}

case $mode in
  capture)
    for _ in $(seq "${5:-3}"); do
      timed "pairs of query and response (nmsg)" "$folder/bin/nmsgtool" -V base -T dnsqr -p "$3" -w "$work/pairs.nmsg"
      timed "distinct records (wdns)" "$folder/bin/wdns_tuples" "$3"
      timed "passivedns" "$folder/bin/passivedns" -r "$3" -l "$work/passivedns.log" -L "$work/negative.log"
      timed "PassiveDns, to batches" $ours import batches --capture "$3" --hints "$4"
      timed "PassiveDns, into the embedded store" $ours import embedded --capture "$3" --hints "$4"
    done ;;
  stores)
    timed "JSON to nmsg" "$folder/bin/nmsgtool" -j "$3.rrsets.ndjson" -w "$work/set.nmsg"
    $ours stores --quick --capture "$3.pcap" --hints "$3.hints" --questions "$work/questions"
    for packing in lz4 zlib; do
      timed "dnstable_convert $packing" "$folder/bin/dnstable_convert" -c $packing "$work/set.nmsg" "$work/$packing.mtbl" "$work/$packing.dnssec.mtbl"
      echo "{\"store\":\"dnstable $packing\",\"bytes\":$(stat -c %s "$work/$packing.mtbl")}"
      (cd "$work" && "$folder/bin/dnstable_lookups" "$packing.mtbl" questions && "$folder/bin/dnstable_lookups" "$packing.mtbl" questions json)
    done ;;
  *) sed -n '2,8p' "$0"; exit 2 ;;
esac
