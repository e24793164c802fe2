#!/usr/bin/env bash
# Re-makes the hash-pinned requirement files; what is pinned stays, unless UPGRADE=1 asks for the newest.
set -euo pipefail
cd "$(dirname "$0")/../.."

# compile OUTPUT INPUT…
compile() {
  local output=$1
  shift
  echo "locking $output"
  bash infra/devstack/uv.sh pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
    --no-annotate ${UPGRADE:+--upgrade} --output-file "$output" "$@" >/dev/null
}

compile requirements/dev.txt pyproject.toml shared/pyproject.toml services/*/pyproject.toml
for folder in services/*/; do
  service=$(basename "$folder")
  compile "requirements/$service.txt" shared/pyproject.toml "services/$service/pyproject.toml" -c requirements/dev.txt
done
compile requirements/msk.txt - -c requirements/dev.txt <<<aws-msk-iam-sasl-signer-python # only in images for Amazon MSK
compile requirements/campus.txt - -c requirements/dev.txt <<<aiosmtpd # beside a service's, in the image of the simulated campus
compile requirements/uv.txt - -c requirements/dev.txt <<<uv

if grep -nE '://|^--?[a-z]|[^-]--(index|extra|find|trusted)|\b[a-z0-9-]+\.(com|org|net|io|dev|edu|cloud|internal|lan|local)\b' \
  requirements/*.txt; then
  echo "a lock file names a host: it must work with any index" >&2
  exit 1
fi
