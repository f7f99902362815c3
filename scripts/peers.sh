#!/usr/bin/env bash
# Make var/peers: our own environment, with the peers of the group `bench` on top. Nothing of ours
# depends on them.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=var/peers/installed.sha256
wanted=$(cat pyproject.toml requirements.lock | sha256sum | cut -d' ' -f1)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
  exit 0
fi
if ! command -v gfortran >/dev/null 2>&1; then  # numbalsoda is built from source
  command='apt-get update && apt-get install -y --no-install-recommends gfortran g++'
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "The peers of the bench need a Fortran compiler. Run: sudo sh -c '$command'" >&2
    exit 1
  fi
  echo "Installing a Fortran compiler for the peers of the bench ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends gfortran g++ >/dev/null
fi
echo "Installing the peers of the bench ..."
.venv/bin/python -m venv --without-pip --clear var/peers
ours=$(.venv/bin/python -c 'import site; print(site.getsitepackages()[0])')
theirs=$(var/peers/bin/python -c 'import site; print(site.getsitepackages()[0])')
echo "$ours" > "$theirs/ours.pth"
mapfile -t peers < <(.venv/bin/python -c '
import tomllib
print("\n".join(tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["bench"]))')
"${PYTHON:-python3}" -m pip --python var/peers/bin/python install -q --disable-pip-version-check \
  --only-binary :all: --no-binary numbalsoda "${peers[@]}"
echo "$wanted" > "$stamp"
