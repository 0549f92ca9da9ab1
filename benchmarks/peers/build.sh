#!/usr/bin/env bash
# Builds the peers in C that the library is measured beside, from their public repositories, below a folder of its own: nothing is installed system-wide.
# Needs git, a C compiler, autotools and, on Debian: libpcap-dev libldns-dev libprotobuf-c-dev protobuf-c-compiler libyajl-dev libjson-c-dev libzmq3-dev
# liblz4-dev libsnappy-dev libzstd-dev zlib1g-dev.
#
#   build.sh FOLDER [WHERE]      WHERE the repositories are found: https://github.com by default
set -euo pipefail
folder=$(mkdir -p "$1" && cd "$1" && pwd)
where=${2:-https://github.com}
here=$(cd "$(dirname "$0")" && pwd)
export PKG_CONFIG_PATH=$folder/lib/pkgconfig LD_LIBRARY_PATH=$folder/lib

build() { # OWNER NAME [options of configure]
  local owner=$1 name=$2; shift 2
  [ -d "$folder/src/$name" ] || git clone -q --depth 1 "$where/$owner/$name" "$folder/src/$name"
  echo "== $name $(git -C "$folder/src/$name" log -1 --format='%h of %as')"
  (
    cd "$folder/src/$name"
    if [ -x autogen.sh ]; then ./autogen.sh; else autoheader -f; autoreconf -fi; fi
    ./configure --prefix="$folder" CFLAGS="-O2 -g" CPPFLAGS="-I$folder/include" LDFLAGS="-L$folder/lib -Wl,-rpath,$folder/lib" "$@"
    make -j"$(nproc)" && make install
  ) >"$folder/$name.log" 2>&1 || { tail -n 5 "$folder/$name.log"; exit 1; }
}

build farsightsec wdns
build farsightsec nmsg --without-librdkafka
build farsightsec sie-nmsg
build farsightsec mtbl
build farsightsec dnstable
build farsightsec dnstable-convert
build gamelinux passivedns

link() { gcc -O2 -Wall -I"$folder/include" "$here/$1.c" -o "$folder/bin/$1" -L"$folder/lib" -Wl,-rpath,"$folder/lib" "${@:2}"; }
link wdns_tuples -lwdns -lpcap
link dnstable_lookups -ldnstable -lmtbl
echo "built below $folder/bin"
