#!/usr/bin/env bash
# Makes .venv from the hash-pinned requirements, again only when they, a pyproject.toml, or this folder's place changed.
set -euo pipefail
cd "$(dirname "$0")/../.."

find_python() {
  local name
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$name" && return; fi
  done
  echo "Python 3.11+ is missing: run \`sudo apt-get install python3 python3-venv\`" >&2
  return 1
}

make_empty() {
  "$1" -m venv --clear .venv && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    apt-get update -q && apt-get install -y -q python3-venv && "$1" -m venv --clear .venv && return
  fi
  echo "Python's venv is missing: run \`sudo apt-get install python3-venv\`" >&2
  return 1
}

mkdir -p .cache
exec 9>.cache/venv.lock
if command -v flock >/dev/null; then flock 9; fi

python=$(find_python)
inputs=(requirements/uv.txt requirements/dev.txt pyproject.toml shared/pyproject.toml services/*/pyproject.toml)
place="$(pwd) $("$python" --version)" # scripts in .venv name both
wanted="$place
$(cat "${inputs[@]}" | cksum)"
if [ "$(cat .venv/made 2>/dev/null || true)" = "$wanted" ]; then exit; fi

echo "making .venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1
if [ "$(head -n 1 .venv/made 2>/dev/null || true)" != "$place" ]; then make_empty "$python"; fi
.venv/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements/uv.txt
bash infra/devstack/uv.sh pip sync --quiet --require-hashes --python .venv/bin/python requirements/dev.txt
packages=()
for folder in shared services/*/; do packages+=(-e "./${folder%/}"); done
bash infra/devstack/uv.sh pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python "${packages[@]}"
printf '%s' "$wanted" >.venv/made
