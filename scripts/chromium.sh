#!/bin/sh
# Prints where Chromium is, and installs one where there is none.
# $1 is the environment's Python, for Playwright's own download as the last resort.
set -eu

works() {
	# A placeholder that only tells how to install it is no browser.
	"$1" --version >/dev/null 2>&1
}

find_one() {
	for name in "${OZONE_CHROMIUM:-}" chromium chromium-browser google-chrome \
		"/Applications/Chromium.app/Contents/MacOS/Chromium" \
		"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
		[ -n "$name" ] || continue
		found=$(command -v "$name" 2>/dev/null) || continue
		works "$found" && { echo "$found"; return 0; }
	done
	return 1
}

as_root() {
	if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_one() {
	if command -v apt-get >/dev/null 2>&1 && as_root true 2>/dev/null; then
		as_root apt-get update -qq && as_root apt-get install -qq -y --no-install-recommends chromium
	elif command -v brew >/dev/null 2>&1; then
		brew install --quiet --cask chromium
	else
		return 1
	fi
}

playwrights_own() {
	"$1" -m playwright install chromium && "$1" - <<'PYTHON'
from playwright.sync_api import sync_playwright

with sync_playwright() as running:
    print(running.chromium.executable_path)
PYTHON
}

find_one && exit 0
echo "No Chromium here yet; installing one …" >&2
install_one >&2 && find_one && exit 0
own=$(playwrights_own "$1" | tail -n 1) && [ -n "$own" ] && works "$own" && { echo "$own"; exit 0; }
echo "The browser tests need Chromium, and none could be installed." \
	"Install one, or name it in OZONE_CHROMIUM." >&2
exit 1
