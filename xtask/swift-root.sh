#!/usr/bin/env bash
# Swift for a Linux machine that has none: Debian's own toolchain in a folder of its own, and a way to run in it.
#
#   swift-root.sh make              makes the folder where there is none, and says where it is
#   swift-root.sh run CMD...        runs a command in it, from the present folder
#
# COMPANION_SWIFT_CACHE  where folders are kept between runs (default: ~/.cache/kap-companion)
# COMPANION_SWIFT_BIND   folders, with a colon between them, that the command finds at their own paths
#                        (default: the present one)
#
# The folder is named after the Debian release, Swift's version and this script: whatever is changed here makes a new
# one. One that is half made has another name until it is whole.
set -euo pipefail

suite=trixie
swift=6.0.3

fail() { printf 'swift-root: %s\n' "$*" >&2; exit 1; }

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || fail "made for Linux on x86-64; install Swift $swift by hand here"
[ "$(id -u)" = 0 ] || fail "needs root, for a folder of Debian's packages and for entering it: run it as root, or
    install Swift $swift from swift.org and put it on the search path"

cache=${COMPANION_SWIFT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kap-companion}
root=$cache/swift-$suite-$swift-$(sha256sum "${BASH_SOURCE[0]}" | cut -c1-12)

make_root() {
    local mirror libs=/usr/libexec/swift half=$root.half log=$root.log
    mkdir -p "$cache"
    # Two at once: the second waits, and finds what the first made.
    exec 9>"$cache/lock"
    flock 9
    [ ! -e "$root/.complete" ] || { echo "$root"; return; }

    if ! command -v mmdebstrap >/dev/null; then
        { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends mmdebstrap; } >&2 ||
            fail "mmdebstrap is missing, and can't be installed"
    fi
    # The mirror that this machine takes its own packages from.
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep -v security | sort -u | head -1)
    rm -rf --one-file-system "$root" "$half"
    # Without what a build does not use: debuggers, editors' servers, manuals (3.4 GB become 1.3 GB).
    # What it mounts is seen by it alone, so that nothing stays mounted where it is ended.
    unshare --mount --propagation private -- mmdebstrap --mode=root --variant=apt \
        --aptopt='APT::Install-Recommends "false"' --aptopt='Acquire::Check-Valid-Until "false"' \
        --dpkgopt="path-exclude=$libs/lib/swift/embedded/*" \
        --dpkgopt="path-exclude=$libs/lib/swift/FrameworkABIBaseline/*" \
        --dpkgopt="path-exclude=$libs/lib/swift_static/*" --dpkgopt="path-exclude=$libs/lib/liblldb*" \
        --dpkgopt="path-exclude=$libs/lib/libsourcekitd*" --dpkgopt="path-exclude=$libs/lib/libLTO*" \
        --dpkgopt="path-exclude=$libs/bin/lldb*" --dpkgopt="path-exclude=$libs/bin/clangd" \
        --dpkgopt="path-exclude=$libs/bin/sourcekit-lsp" --dpkgopt="path-exclude=$libs/bin/docc" \
        --dpkgopt="path-exclude=$libs/bin/lld" --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-include=/usr/share/doc/*/copyright' \
        --include="swiftlang,libc6-dev,libstdc++-14-dev,git,ca-certificates,tzdata" \
        "$suite" "$half" "deb $mirror $suite main" >"$log" 2>&1 ||
        { tail -20 "$log" >&2; fail "making $half failed: see $log"; }
    local installed
    installed=$(dpkg-query --admindir="$half/var/lib/dpkg" -W -f '${Version}' swiftlang)
    case $installed in
        "$swift"-*) ;;
        *) fail "$suite has Swift $installed by now and no longer $swift: change this script and its users together" ;;
    esac
    touch "$half/.complete"
    mv "$half" "$root"
    echo "$root"
}

run_in_root() {
    [ -e "$root/.complete" ] || fail "there is no Swift yet: cargo xtask swift-root"
    export root here=$PWD bind=${COMPANION_SWIFT_BIND:-$PWD}
    # The mounts are seen by this command alone, and vanish with it.
    exec unshare --mount --propagation private -- bash -euc '
        mkdir -p "$root/proc" "$root/dev"
        mount -t proc proc "$root/proc" # the compiler and the loader find their own files through it
        mount --rbind /dev "$root/dev"
        IFS=:
        for folder in $bind; do
            mkdir -p "$root$folder"
            mount --bind "$folder" "$root$folder"
        done
        exec chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 TZ=UTC TERM="${TERM:-dumb}" \
            PATH=/usr/libexec/swift/bin:/usr/sbin:/usr/bin:/sbin:/bin \
            /bin/bash -c "cd \"\$0\" && exec \"\$@\"" "$here" "$@"
    ' swift-root "$@"
}

case ${1:-} in
    make) make_root ;;
    run) shift; run_in_root "$@" ;;
    *) fail "make, or run CMD..." ;;
esac
