# Paths shared by the scripts. Sourced, never run.
# Everything fetched lives in one cache folder outside the checkout, so that no clean-up of the checkout can reach it.
set -euo pipefail
SORTLAB_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SORTLAB_CACHE=${SORTLAB_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sortlab}
# shellcheck source=scripts/versions.sh
source "$SORTLAB_ROOT/scripts/versions.sh"
TOOLCHAIN_TREE=$SORTLAB_CACHE/$DEBIAN_SUITE
# Relative paths in the keys: another clone of the same sources finds them.
export CCACHE_DIR=$SORTLAB_CACHE/ccache CCACHE_BASEDIR=$SORTLAB_ROOT CCACHE_NOHASHDIR=1
export PATH=$SORTLAB_CACHE/node/bin:$PATH

say() { printf 'sortlab: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "this step needs root: $*"; fi
}
# at_least 3.1.69 3.1.6 -> false
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }
emscripten_version() { emcc --version 2>/dev/null | sed -n '1s/.* \([0-9][0-9.]*\).*/\1/p'; }
has_own_toolchain() {
  command -v emcc >/dev/null && at_least "$EMSCRIPTEN_MINIMUM" "$(emscripten_version)"
}
