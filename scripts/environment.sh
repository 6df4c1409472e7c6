# Paths shared by the scripts. Sourced, never run.
# Everything fetched lives in one cache folder outside the checkout, so that no clean-up of the checkout can reach it.
set -euo pipefail
SORTLAB_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SORTLAB_CACHE=${SORTLAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sortlab}
# shellcheck source=scripts/versions.sh
source "$SORTLAB_ROOT/scripts/versions.sh"
# Debian 12 only: Debian 13's packages, unpacked. Its mark holds the list of packages, so that a new list is noticed.
TOOLCHAIN_TREE=$SORTLAB_CACHE/$DEBIAN_SUITE
TOOLCHAIN_MARK=$TOOLCHAIN_TREE/.complete
# Relative paths in the keys: another clone of the same sources finds them.
export CCACHE_DIR=$SORTLAB_CACHE/ccache CCACHE_BASEDIR=$SORTLAB_ROOT CCACHE_NOHASHDIR=1
export PATH=$SORTLAB_CACHE/node/bin:$PATH

say() { printf 'sortlab: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
# Asked before the first step that needs it, so that a lack of rights is one sentence and not a half-done step.
need_root() {
  [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "$1 needs root: please run this as root, or install sudo"
}
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
# at_least 3.1.69 3.1.6 -> false
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }
emscripten_version() { emcc --version 2>/dev/null | sed -n '1s/.* \([0-9][0-9.]*\).*/\1/p'; }
# An emcc on the PATH that is new enough: emsdk's, or Debian 13's from apt.
has_own_emcc() { command -v emcc >/dev/null && at_least "$EMSCRIPTEN_MINIMUM" "$(emscripten_version)"; }
# What builds the wasm, in one line.
wasm_compiler() {
  if has_own_emcc; then echo "$(command -v emcc) $(emscripten_version)"; else echo "emcc in $TOOLCHAIN_TREE"; fi
}
# configure PRESET [OPTION...]: fills build/PRESET once, and afresh where another compiler filled it.
configure() {
  local preset=$1 compiler="$TOOLCHAIN_TREE"; shift
  case $preset in wasm-*) compiler=$(wasm_compiler) ;; *) [ -e "$TOOLCHAIN_MARK" ] || compiler=system ;; esac
  [ -e "build/$preset/build.ninja" ] && [ "$(cat "build/$preset/.compiler" 2>/dev/null)" = "$compiler" ] && return
  rm -rf "build/$preset"
  scripts/toolchain cmake --preset "$preset" "$@" --log-level=WARNING >/dev/null
  printf '%s' "$compiler" > "build/$preset/.compiler"
}
