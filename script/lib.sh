# SPDX-License-Identifier: Apache-2.0
# Shared by the commands in script/: where things are, and steps that run only when their inputs changed.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$ROOT/build
VENV=$BUILD/venv
export PATH="$VENV/bin:$PATH"
export SKEP_CHDB_LIB=$BUILD/engine/libchdb.so
JOBS=${JOBS:-$(nproc)}
mkdir -p "$BUILD/stamps"

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
fail() { printf 'error: %s\n' "$*" >&2; exit 1; }

# help_of FILE "$@": prints the comment block at the top of FILE for --help.
help_of() {
  local file=$1; shift
  case " $* " in *" --help "* | *" -h "*) sed -n '2,/^[^#]/{/^#/{/SPDX/d;s/^# \{0,1\}//;p}}' "$file"; exit 0 ;; esac
}

# once NAME INPUT... -- COMMAND...: runs COMMAND unless it already succeeded with the same contents of the INPUT files.
once() {
  local name=$1 inputs=(); shift
  while [ "$1" != -- ]; do inputs+=("$1"); shift; done; shift
  local sum; sum=$(cat "${inputs[@]}" | sha256sum | cut -d' ' -f1)
  [ "$(cat "$BUILD/stamps/$name" 2>/dev/null || true)" = "$sum" ] && return 0
  say "$name"
  "$@"
  echo "$sum" > "$BUILD/stamps/$name"
}

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
