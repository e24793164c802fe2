#!/usr/bin/env bash
# Runs the uv of .venv; uv reads neither pip's variables nor its files, so what they say of indexes is handed on.
set -euo pipefail
bin=.venv/bin

# One of pip's settings: from its variable, else from its files.
pip_setting() {
  local variable="PIP_$(tr a-z- A-Z_ <<<"$1")"
  printf '%s' "${!variable:-$("$bin/python" -m pip --disable-pip-version-check config get "global.$1" 2>/dev/null || true)}"
}

# hand_on VARIABLE VALUE: unless the person has said it to uv already.
hand_on() {
  if [ -z "${!1:-}" ] && [ -n "$2" ]; then export "$1=$2"; fi
}

if [ -z "${UV_INDEX_URL:-}" ]; then hand_on UV_DEFAULT_INDEX "$(pip_setting index-url)"; fi
if [ -z "${UV_EXTRA_INDEX_URL:-}" ]; then hand_on UV_INDEX "$(pip_setting extra-index-url | tr '\n' ' ')"; fi
hand_on UV_FIND_LINKS "$(pip_setting find-links | tr -s ' \n' ',')"
hand_on UV_INSECURE_HOST "$(pip_setting trusted-host)"
hand_on SSL_CERT_FILE "$(pip_setting cert)"
hand_on UV_SYSTEM_CERTS true # behind a gateway that opens TLS, the system knows the authority, and uv's own list does not
if [ ! -w "${XDG_CACHE_HOME:-${HOME:-/}}" ]; then hand_on UV_CACHE_DIR .cache/uv; fi
exec "$bin/uv" "$@"
