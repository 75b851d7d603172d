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
  package          native executable, tar.gz, .deb, dotnet tool, bill of materials and their sums in artifacts/  (--jit: the form that compiles when it
                   runs; --for linux-arm64 | linux-musl-x64 | osx-x64 | osx-arm64 | win-x64: an archive for another system; --twice: the same octets again
                   from another folder)
  format           lay out the code as .editorconfig says                         (--check only looks)
  keys             write docs/keys.md from the keys of all screens               (--check only looks)
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
    lib:*) case $(ldconfig -p 2>/dev/null) in *"${probe#lib:}"*) return ;; esac ;;
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
  want "Opus at two thirds of the cost" lib:libopus.so.0 libopus0
  want "sound devices" lib:libSDL2-2.0.so.0 libsdl2-2.0-0
  want "taking out echo and noise, faster resampling" lib:libspeexdsp.so.1 libspeexdsp1
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

# The executable as it ships: native code, one file. --jit: self-contained and trimmed, with the runtime's compiler inside.
publish() {
  # What a system of its own needs besides (its compiler, its runtime) is not in the lock files, which are the same on every system.
  local restore=-p:NuGetLockFilePath=obj/publish.lock.json
  rid=linux-x64; [ "$(uname -m)" != aarch64 ] || rid=linux-arm64
  if [ "${1:-}" = --jit ]; then
    say "publishing for $rid, compiled when it runs"
    dotnet publish src/Softphone -c $config -r $rid $restore --self-contained -p:PublishSingleFile=true -p:PublishTrimmed=true \
      -p:PublishReadyToRun=true -p:DebugType=none -o artifacts/publish -v quiet >&2 || die "publishing failed"
  else
    need "the linker of native code" gcc gcc libc6-dev
    need "compression, which the native program links" file:/usr/include/zlib.h zlib1g-dev
    say "publishing for $rid, native"
    dotnet publish src/Softphone -c $config -r $rid $restore -p:PublishAot=true -p:CppCompilerAndLinker=gcc -p:DebugType=none \
      -o artifacts/publish -v quiet >&2 || die "publishing failed"
  fi
  cp artifacts/publish/softphone artifacts/softphone
  export SOFTPHONE_BINARY=$PWD/artifacts/softphone
}

# For another system than this one, in artifacts/RID: native code where it can be linked here, else a folder of the trimmed program and its runtime.
publish_for() {
  local target=$1; shift
  local form=(--self-contained -p:PublishTrimmed=true)
  mkdir -p artifacts
  case $target in
    linux-arm64)
      need "the linker of native code for arm64" aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross
      # This compiler is for one target, and does not know the option that names it.
      printf '#!/bin/sh\nfor a do shift; case $a in --target=*) ;; *) set -- "$@" "$a" ;; esac; done\nexec aarch64-linux-gnu-gcc "$@"\n' >artifacts/cc-arm64
      chmod +x artifacts/cc-arm64
      form=(-p:PublishAot=true "-p:CppCompilerAndLinker=$PWD/artifacts/cc-arm64" -p:ObjCopyName=aarch64-linux-gnu-objcopy) ;;
    win-x64) ;;
    linux-musl-x64 | osx-x64 | osx-arm64) form+=(-p:PublishSingleFile=true) ;;
    *) die "package --for takes linux-arm64, linux-musl-x64, osx-x64, osx-arm64 or win-x64, not $target" ;;
  esac
  say "publishing for $target"
  rm -rf "artifacts/$target"
  dotnet publish src/Softphone -c $config -r "$target" -p:NuGetLockFilePath=obj/publish.lock.json "${form[@]}" -p:DebugType=none \
    -p:PublishDocumentationFiles=false -p:SatelliteResourceLanguages=en -o "artifacts/$target" -v quiet >&2 || die "publishing for $target failed"
}

# Programs that start the phone of another system here: SOFTPHONE_WINDOWS, SOFTPHONE_ARM64. What cannot be had is said, and its part is skipped.
launcher_windows() {
  want "Windows programs" wine wine wine64
  command -v wine >/dev/null 2>&1 || return 0
  publish_for win-x64
  printf '#!/bin/sh\nexport WINEDEBUG=-all WINEPREFIX=%q\nexec wine %q "$@"\n' "$PWD/artifacts/wine" "$PWD/artifacts/win-x64/softphone.exe" >artifacts/run-windows
  chmod +x artifacts/run-windows
  export SOFTPHONE_WINDOWS=$PWD/artifacts/run-windows
}

launcher_arm64() {
  want "programs of other processors" qemu-aarch64 qemu-user
  want "the linker of native code for arm64" aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross
  command -v qemu-aarch64 >/dev/null 2>&1 && command -v aarch64-linux-gnu-gcc >/dev/null 2>&1 || return 0
  # Lists and libraries of the other architecture in a folder of their own: the system's stay as they are.
  local base=$PWD/artifacts/arm64 deb; rm -rf "$base"
  mkdir -p "$base/state/lists/partial" "$base/cache/archives/partial" "$base/deb" "$base/root"; : >"$base/state/status"
  local apt=(apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o "Dir::State=$base/state" -o "Dir::Cache=$base/cache"
    -o "Dir::State::status=$base/state/status" -o APT::Sandbox::User=root)
  say "fetching libssl3 and libopus0 of arm64 (what the phone finds on such a machine)"
  if ! "${apt[@]}" update || ! (cd "$base/deb" && "${apt[@]}" download libc6 libgcc-s1 zlib1g libssl3 libopus0); then
    say "goes on without arm64: its libraries cannot be fetched"; return 0
  fi
  for deb in "$base"/deb/*.deb; do dpkg -x "$deb" "$base/root"; done
  publish_for linux-arm64
  printf '#!/bin/sh\nexec qemu-aarch64 -L %q %q "$@"\n' "$base/root" "$PWD/artifacts/linux-arm64/softphone" >artifacts/run-arm64
  chmod +x artifacts/run-arm64
  export SOFTPHONE_ARM64=$PWD/artifacts/run-arm64
}

# The systems that a run of interop needs: those that are named, or without a name one of the two, by the day.
foreign_systems() {
  local named=no argument
  for argument; do
    case $argument in windows) launcher_windows ;; arm64) launcher_arm64 ;; esac
    case $argument in -*) ;; *) named=yes ;; esac
  done
  [ $named = no ] || return 0
  if [ $((10#$(date +%j) % 2)) = 0 ]; then say "today's other system: windows"; launcher_windows; else say "today's other system: arm64"; launcher_arm64; fi
}

# Octets that depend on the sources alone: names in order, no owners, times of the last commit.
archive() {
  tar --sort=name --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r-w --mtime="@$SOURCE_DATE_EPOCH" -C "$1" -cf - "$2" | gzip -9n
}

# Manual page, completions, desktop entry, samples and papers, as they lie below /usr.
stage() {
  local root=$1/usr phone=artifacts/softphone
  install -Dm755 $phone "$root/bin/softphone"
  install -d "$root/share/man/man1" "$root/share/doc/softphone" "$root/share/softphone"
  $phone manual | gzip -9n >"$root/share/man/man1/softphone.1.gz"
  install -d "$root/share/bash-completion/completions" "$root/share/zsh/vendor-completions" "$root/share/fish/vendor_completions.d"
  $phone completion bash >"$root/share/bash-completion/completions/softphone"
  $phone completion zsh >"$root/share/zsh/vendor-completions/_softphone"
  $phone completion fish >"$root/share/fish/vendor_completions.d/softphone.fish"
  install -Dm644 src/Softphone/Package/softphone.desktop "$root/share/applications/softphone.desktop"
  install -m644 src/Softphone/Package/copyright "$root/share/doc/softphone/copyright"
  cp -r profiles sounds "$root/share/softphone/"
  install -d "$root/share/softphone/scenarios"; cp tests/Softphone.Scenarios/Yaml/*.yaml "$root/share/softphone/scenarios/"
  install -m644 README.md docs/*.md "$root/share/doc/softphone/"
  find "$root" -type d -exec chmod 755 {} + ; find "$root/share" -type f -exec chmod 644 {} +
}

make_deb() {
  local stage=$1 version=$2 architecture; architecture=$(dpkg --print-architecture)
  rm "$stage/usr/share/doc/softphone/CHANGELOG.md"
  { printf 'softphone (%s) unstable; urgency=medium\n\n' "$version"
    sed -n '/^## /,$p' docs/CHANGELOG.md | sed '1d' | sed -n 's/^- /  * /p' | fold -s -w 76 | sed '/^  \*/!s/^/    /; s/ *$//'
    printf '\n -- Softphone authors <softphone@softphone.invalid>  %s\n' "$(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
  } | gzip -9n >"$stage/usr/share/doc/softphone/changelog.gz"
  install -d "$stage/DEBIAN"
  (cd "$stage" && find usr -type f -print0 | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
  cat >"$stage/DEBIAN/control" <<CONTROL
Package: softphone
Version: $version
Architecture: $architecture
Maintainer: Softphone authors <softphone@softphone.invalid>
Installed-Size: $(du -sk "$stage/usr" | cut -f1)
Depends: libc6 (>= 2.34), libssl3
Recommends: libopus0, libspeexdsp1, libsdl2-2.0-0
Section: comm
Priority: optional
Description: terminal softphone with its own SIP, ICE, STUN and TURN
 Calls over SIP with Opus, shows which network path was chosen and why, and
 proves itself in a virtual internet of NATs.
CONTROL
  chmod 644 "$stage"/DEBIAN/*
  find "$stage" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
  dpkg-deb --root-owner-group -b "$stage" "artifacts/softphone_${version}_$architecture.deb" >/dev/null
}

# For who has the .NET runtime: dotnet tool install softphone --add-source artifacts
make_tool() {
  say "packing the dotnet tool"
  dotnet pack src/Softphone -c $config -p:IsPackable=true -p:PackAsTool=true -p:ToolCommandName=softphone -p:DebugType=none -o artifacts -v quiet >&2 || die "packing the tool failed"
}

# What is in the program besides our own, in CycloneDX: without a number or a time of its own, so that the same sources make the same bill.
make_bill() {
  if ! dotnet tool install CycloneDX --tool-path artifacts/tools >/dev/null 2>&1 && [ ! -e artifacts/tools/dotnet-CycloneDX ]; then
    say "goes on without the bill of materials: the tool CycloneDX cannot be installed"; return
  fi
  artifacts/tools/dotnet-CycloneDX src/Softphone/Softphone.csproj -o artifacts -fn "softphone-$1.cdx.json" --output-format Json --disable-package-restore -rs -ns -sn softphone -sv "$1" >/dev/null || die "the bill of materials failed"
  sed -i '/"timestamp":/s/: ".*"/: "'"$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)"'"/' "artifacts/softphone-$1.cdx.json"
}

# An archive for another system, with a top folder.
package_for() {
  publish_for "$1"
  local version name; version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props); name=softphone-$version-$1
  SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Directory.Build.props); export SOURCE_DATE_EPOCH
  rm -rf "artifacts/stage" "artifacts/$name".*; mkdir -p "artifacts/stage/$name"
  cp -r "artifacts/$1/." README.md docs/LICENSE profiles sounds "artifacts/stage/$name/"
  if [ "$1" = win-x64 ]; then
    need "archives as Windows has them" zip zip
    find "artifacts/stage/$name" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
    (cd artifacts/stage && find "$name" -type f | LC_ALL=C sort | TZ=UTC zip -q -X -9 -@ "../$name.zip")
  else
    archive artifacts/stage "$name" >"artifacts/$name.tar.gz"
  fi
  rm -rf artifacts/stage
  (cd artifacts && sha256sum "$name".*)
}

# The program and its packages, built from the last commit in two folders: what differs is told.
package_twice() {
  local one two rc=0 file; one=$(mktemp -d) two=$(mktemp -d)
  for folder in "$one" "$two"; do
    git clone -q . "$folder/softphone"
    (cd "$folder/softphone" && ./build.sh package >"$folder/log" 2>&1) || { tail -5 "$folder/log" >&2; die "the build in $folder failed"; }
  done
  for file in softphone $(cd "$one/softphone/artifacts" && ls softphone*.tar.gz softphone*.deb softphone*.nupkg softphone*.cdx.json); do
    if cmp -s "$one/softphone/artifacts/$file" "$two/softphone/artifacts/$file"; then printf '  ok   the same octets twice: %s\n' "$file"
    else printf '  FAIL other octets: %s\n' "$file"; rc=1; fi
  done
  rm -rf "$one" "$two"
  return $rc
}

# What a package promises, tried: each line says what was done.
try_package() {
  local deb=$1 root rc=0; root=$(mktemp -d); dpkg-deb -x "$deb" "$root"
  local usr=$root/usr; export PATH=$usr/bin:$PATH
  tried() { if [ "$2" = 0 ]; then printf '  ok   package: %s\n' "$1"; else printf '  FAIL package: %s\n' "$1"; rc=1; fi; }
  softphone --version >/dev/null; tried "softphone --version of the unpacked .deb" $?
  (cd "$root" && softphone demo --for 2s --out "$root/heard" >/dev/null); tried "softphone demo of the unpacked .deb" $?
  if command -v lintian >/dev/null 2>&1; then
    lintian --fail-on error --no-tag-display-limit "$deb" >"$root/lintian" 2>&1; tried "lintian without errors" $?
    grep '^E:' "$root/lintian" || true
  fi
  if command -v groff >/dev/null 2>&1; then
    [ -z "$(gzip -dc "$usr/share/man/man1/softphone.1.gz" | groff -man -Tutf8 -ww -z 2>&1)" ]; tried "the manual page by groff, without a warning" $?
  fi
  [ "$(bash -c '. "$1"; COMP_LINE="softphone dem" COMP_POINT=13 COMP_WORDS=(softphone dem) COMP_CWORD=1; _softphone; printf %s "${COMPREPLY[*]}"' - "$usr/share/bash-completion/completions/softphone")" = demo ]
  tried "completion in bash: softphone dem -> demo" $?
  if command -v zsh >/dev/null 2>&1; then
    zsh -f -c 'compdef() { : }; compadd() { shift; print -l -- $@ }; . $1; words=(softphone lab m); CURRENT=3; _softphone' - \
      "$usr/share/zsh/vendor-completions/_softphone" | grep -qx matrix
    tried "completion in zsh: softphone lab m -> matrix" $?
  fi
  if command -v desktop-file-validate >/dev/null 2>&1; then
    desktop-file-validate "$usr/share/applications/softphone.desktop"; tried "the desktop entry by desktop-file-validate" $?
  fi
  rm -rf "$root"
  return $rc
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
  keys)
    need_sdk; need_codecs; build src/Softphone
    if [ "${1:-}" = --check ]; then phone keys --markdown | diff -u docs/keys.md - || die "docs/keys.md is not what the screens say: ./build.sh keys writes it"
    else phone keys --markdown >docs/keys.md; fi ;;
  interop)
    need_sdk; need_codecs; need_lab; publish; foreign_systems "$@"; build tests/Softphone.Interop
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
      want "SRTP measured beside that of others" lib:libsrtp2.so.1 libsrtp2-1
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
      dotnet tests/Softphone.Interop/bin/$config/net10.0/Softphone.Interop.dll bench-tui "$@"
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
    need_sdk; need_codecs
    if [ "${1:-}" = --for ]; then package_for "${2:?package --for takes the name of a system}"; exit; fi
    if [ "${1:-}" = --twice ]; then package_twice; exit; fi
    publish "$@"
    version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)
    SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || stat -c %Y Directory.Build.props); export SOURCE_DATE_EPOCH
    name=softphone-$version-$rid; work=artifacts/stage; rm -rf $work artifacts/softphone*.tar.gz artifacts/softphone*.deb artifacts/softphone*.nupkg artifacts/*.cdx.json artifacts/SHA256SUMS
    stage $work/deb
    mkdir -p $work/$name; cp -r $work/deb/usr/. $work/$name/
    archive $work $name >artifacts/$name.tar.gz
    if command -v dpkg-deb >/dev/null 2>&1; then make_deb $work/deb "$version"; fi
    rm -rf $work
    make_tool "$version"
    make_bill "$version"
    if [ -e artifacts/softphone_"$version"_*.deb ]; then
      want "a look at the package" lintian lintian
      want "a look at the manual page" groff groff
      want "a look at the completions" zsh zsh
      want "a look at the desktop entry" desktop-file-validate desktop-file-utils
      set +e; try_package artifacts/softphone_"$version"_*.deb; tries=$?; set -e
    fi
    (cd artifacts && sha256sum softphone softphone*.tar.gz softphone*.deb softphone*.nupkg softphone*.cdx.json 2>/dev/null >SHA256SUMS || true)
    ls -l artifacts; exit ${tries:-0} ;;
  format)
    need_sdk
    if [ "${1:-}" = --check ]; then dotnet format Softphone.sln --verify-no-changes; else dotnet format Softphone.sln; fi ;;
  compliance)
    need_sdk; build
    dotnet tests/Softphone.Compliance/bin/$config/net10.0/Softphone.Compliance.dll "$@" ;;
  help|-h|--help) usage ;;
  *) usage >&2; die "there is no task '$task'" ;;
esac
