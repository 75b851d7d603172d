#!/usr/bin/env bash
# One script for everything. It installs what a task lacks (Debian packages; it says which and why) and prints what it does.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DEBIAN_FRONTEND=noninteractive
config=Release

usage() {
  cat <<'TEXT'
usage: ./build.sh TASK [ARGS]

  demo [ARGS]      two phones behind NATs call each other in a virtual internet   (--nat-a TYPE --nat-b TYPE, --help for more)
  test [ARGS]      build everything and run the tests                             (ARGS go to dotnet test)
  interop [ARGS]   phones against kamailio, coturn, Asterisk, rtpengine, linphonec, baresip, aioice and libnice in network namespaces (root; --help for its parts)
  bench [ARGS]     micro benchmarks, octets of SIP messages, ICE in round trips, the full screen, times beside baresip and aioice  (micro | octets | matrix | tui | macro for one)
  fuzz [ARGS]      damaged inputs to every parser, the servers and whole phones  (--inputs N, --target NAME, --seed S, --list)
  simulate [ARGS]  100,000 calls in random worlds, judged by an oracle, all processors  (--calls N --seed S --from K --keep FILE --stays --trace; a new seed each time)
  pictures         take the pictures of the documents from the running program (docs/pictures)
  run -- ARGS      run softphone from source
  package          self-contained executable, tar.gz and .deb in artifacts/
  format           lay out the code as .editorconfig says                         (--check only looks)
  compliance       write docs/compliance.md from the tests                        (--check only looks)
TEXT
}

say() { printf '\033[1m==> %s\033[0m\n' "$*" >&2; }
die() { printf 'build.sh: %s\n' "$*" >&2; exit 2; }

need_sdk() {
  command -v dotnet >/dev/null 2>&1 || die "the .NET 10 SDK is not installed. Install it (package dotnet-sdk-10.0, or the install script from the .NET site) and run this again."
  case "$(dotnet --version 2>/dev/null)" in 10.*) ;; *) die "dotnet $(dotnet --version 2>&1 | head -1) found; this needs the .NET 10 SDK (10.0.400 or later)." ;; esac
}

# need WHY PROBE PACKAGE...: install the packages when the probe (a command, lib:NAME, or file:PATH) is not there.
updated=no
need() {
  local why=$1 probe=$2; shift 2
  case $probe in
    lib:*) if ldconfig -p 2>/dev/null | grep -q "${probe#lib:}"; then return; fi ;;
    file:*) if [ -e "${probe#file:}" ]; then return; fi ;;
    *) if command -v "$probe" >/dev/null 2>&1; then return; fi ;;
  esac
  command -v apt-get >/dev/null 2>&1 || die "$probe is missing ($why): install $* with your package manager."
  local sudo=; [ "$(id -u)" = 0 ] || sudo=sudo
  say "installing $* ($why)"
  if [ $updated = no ]; then $sudo apt-get update -qq; updated=yes; fi
  # The laboratory starts its own kamailio and coturn; the packages' services stay off.
  local policy=/usr/sbin/policy-rc.d made=no
  if [ "$(id -u)" = 0 ] && [ ! -e $policy ]; then printf '#!/bin/sh\nexit 101\n' >$policy; chmod +x $policy; made=yes; fi
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || die "apt-get could not install $*"
  [ $made = no ] || rm -f $policy
}

# want WHY PROBE PACKAGE...: the same for what can be done without; what needs it is then told as skipped.
want() { (need "$@") || say "goes on without $3"; }

need_codecs() {
  need "the Opus codec" lib:libopus.so.0 libopus0
  need "sound devices" lib:libSDL2-2.0.so.0 libsdl2-2.0-0
  need "resampling for G.711, G.722 and sound files" lib:libspeexdsp.so.1 libspeexdsp1
}

need_lab() {
  [ "$(id -u)" = 0 ] || die "interop makes network namespaces: run it as root."
  need "kernel NATs" nft nftables
  need "network namespaces" ip iproute2
  need "the laboratory's script" python3 python3
  need "SIP registrar and proxy" kamailio kamailio kamailio-tls-modules
  need "STUN and TURN server" turnserver coturn
  need "name server of the laboratory" dnsmasq dnsmasq-base
  need "certificates of the laboratory" openssl openssl
  need "the peer to call" baresip baresip-core
  need "the peer that follows a script" sipp sip-tester
  need "a terminal to look at" tmux tmux
  need "captures of what crossed the wire" tcpdump tcpdump
  need "the ICE peer in Python" file:/usr/lib/python3/dist-packages/aioice python3-aioice
  need "the ICE peer in C" file:/usr/include/nice/agent.h libnice-dev
  need "the compiler of the ICE peer" gcc gcc libc6-dev
  need "the libraries of the ICE peer" pkg-config pkg-config
  need "sound without hardware" pulseaudio pulseaudio
  need "the tools of the sound server" pacat pulseaudio-utils
  want "the PBX of the trials, from Debian unstable" mmdebstrap mmdebstrap
  want "the media proxy of the trials" rtpengine rtpengine-daemon
  want "the phone to call behind every NAT" linphonec linphone-cli
}

build() {
  say "building ${1:-Softphone.sln} ($config)"
  dotnet build -c $config -v quiet "${1:-Softphone.sln}" >&2 || die "the build failed"
}

# ICE from every NAT to every NAT in virtual time. A cell with a worse path than the table's (9) is a figure where packets are lost.
bench_matrix() {
  build src/Softphone
  local matrix="dotnet src/Softphone/bin/$config/net10.0/softphone.dll lab matrix"
  for ta in 50ms 20ms 5ms; do
    say "lab matrix --policy immediate --ta $ta"
    $matrix --policy immediate --ta $ta | tail -4
  done
  for loss in 0% 1% 5%; do
    say "lab matrix --loss $loss --jitter 5ms --runs 100"
    $matrix --loss $loss --jitter 5ms --runs 100 | sed -n '/^milliseconds/,$p' || [ $? = 9 ]
  done
}

# The executable as it ships: self-contained, trimmed, compiled ahead of time.
publish() {
  rid=linux-x64; [ "$(uname -m)" != aarch64 ] || rid=linux-arm64
  say "publishing for $rid"
  dotnet publish src/Softphone -c $config -r $rid --self-contained -p:PublishSingleFile=true -p:PublishTrimmed=true \
    -p:PublishReadyToRun=true -p:DebugType=none -o artifacts/publish -v quiet >&2 || die "publishing failed"
  cp artifacts/publish/softphone artifacts/softphone
  export SOFTPHONE_BINARY=$PWD/artifacts/softphone
}

phone() { dotnet src/Softphone/bin/$config/net10.0/softphone.dll "$@"; }

task=${1:-help}; [ $# -eq 0 ] || shift
case $task in
  demo)
    need_sdk; need_codecs; build src/Softphone
    phone demo "$@" ;;
  run)
    [ "${1:-}" = -- ] && shift
    need_sdk; need_codecs; build src/Softphone
    phone "$@" ;;
  test)
    need_sdk; need_codecs; build
    say "running the tests"
    log=$(mktemp); rc=0
    dotnet test Softphone.sln -c $config --no-build "$@" 2>&1 | tee "$log" || rc=$?
    awk '/Failed: +[0-9]+, Passed: +[0-9]+, Skipped: +[0-9]+/ {
           match($0, /Failed: +[0-9]+/); f += substr($0, RSTART + 7, RLENGTH - 7)
           match($0, /Passed: +[0-9]+/); p += substr($0, RSTART + 7, RLENGTH - 7)
           match($0, /Skipped: +[0-9]+/); s += substr($0, RSTART + 8, RLENGTH - 8) }
         END { printf "%d passed, %d failed, %d skipped\n", p, f, s; exit p + f == 0 }' "$log" || rc=1
    rm -f "$log"; exit $rc ;;
  interop)
    need_sdk; need_codecs; need_lab; publish; build tests/Softphone.Interop
    exec dotnet tests/Softphone.Interop/bin/$config/net10.0/Softphone.Interop.dll "$@" ;;
  fuzz)
    need_sdk; need_codecs; build tests/Softphone.Fuzz
    exec dotnet tests/Softphone.Fuzz/bin/$config/net10.0/Softphone.Fuzz.dll "$@" ;;
  simulate)
    need_sdk; build tests/Softphone.Simulator
    # A call's world is garbage once it is judged: with a nursery of 32 MiB collections are few and find next to nothing alive.
    DOTNET_GCgen0size=0x2000000 exec dotnet tests/Softphone.Simulator/bin/$config/net10.0/Softphone.Simulator.dll "$@" ;;
  bench)
    need_sdk; need_codecs
    part=${1:-all}; [ $# -eq 0 ] || shift
    if [ "$part" = all ] || [ "$part" = micro ]; then
      build tests/Softphone.Benchmarks
      dotnet tests/Softphone.Benchmarks/bin/$config/net10.0/Softphone.Benchmarks.dll "$@"
    fi
    if [ "$part" = all ] || [ "$part" = octets ]; then
      build tests/Softphone.Benchmarks
      dotnet tests/Softphone.Benchmarks/bin/$config/net10.0/Softphone.Benchmarks.dll --octets
    fi
    if [ "$part" = all ] || [ "$part" = matrix ]; then bench_matrix; fi
    if [ "$part" = all ] || [ "$part" = tui ]; then
      need "a terminal to measure in" script bsdutils
      publish; build tests/Softphone.Interop
      dotnet tests/Softphone.Interop/bin/$config/net10.0/Softphone.Interop.dll bench-tui
    fi
    if [ "$part" = all ] || [ "$part" = macro ]; then
      need_lab; publish; build tests/Softphone.Interop
      dotnet tests/Softphone.Interop/bin/$config/net10.0/Softphone.Interop.dll bench "$@"
    fi ;;
  pictures)
    need_sdk; need_codecs
    need "a terminal to take pictures of" tmux tmux
    publish; build tests/Softphone.Interop
    exec dotnet tests/Softphone.Interop/bin/$config/net10.0/Softphone.Interop.dll pictures ;;
  package)
    need_sdk; publish
    version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
    stage=artifacts/stage; rm -rf $stage; mkdir -p $stage/usr/bin $stage/usr/share/softphone $stage/usr/share/doc/softphone $stage/DEBIAN
    cp artifacts/softphone $stage/usr/bin/; cp -r profiles sounds $stage/usr/share/softphone/; cp docs/LICENSE $stage/usr/share/doc/softphone/copyright
    tar -czf artifacts/softphone-$version-$rid.tar.gz -C artifacts softphone -C .. profiles sounds README.md
    if command -v dpkg-deb >/dev/null 2>&1; then
      cat >$stage/DEBIAN/control <<CONTROL
Package: softphone
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: the Softphone authors
Depends: libopus0, libspeexdsp1, libssl3
Recommends: libsdl2-2.0-0
Section: comm
Priority: optional
Description: terminal softphone with its own SIP, ICE, STUN and TURN
 Calls over SIP with Opus, shows which network path was chosen and why, and
 proves itself in a virtual internet of NATs.
CONTROL
      dpkg-deb --root-owner-group -b $stage artifacts/softphone_${version}_$(dpkg --print-architecture).deb >/dev/null
    fi
    rm -rf $stage; ls -l artifacts ;;
  format)
    need_sdk
    if [ "${1:-}" = --check ]; then dotnet format Softphone.sln --verify-no-changes; else dotnet format Softphone.sln; fi ;;
  compliance)
    need_sdk; build
    dotnet tests/Softphone.Compliance/bin/$config/net10.0/Softphone.Compliance.dll "$@" ;;
  help|-h|--help) usage ;;
  *) usage >&2; die "there is no task '$task'" ;;
esac
