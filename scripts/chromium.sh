#!/usr/bin/env bash
# The browser tests need Chromium. Find it, or install Debian's, or say exactly what to type.
set -euo pipefail
for name in "${AFTERGLOW_CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
command='apt-get update && apt-get install -y --no-install-recommends chromium'
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  echo "Installing Chromium for the browser tests ..."
  sudo apt-get update -qq
  sudo apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
  echo "The browser tests need Chromium, and this user may not install it. Run: sudo sh -c '$command'" >&2
  exit 1
fi
