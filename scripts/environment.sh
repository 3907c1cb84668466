#!/bin/sh
# Makes a virtual environment in $1 with Python 3.11 or newer.
set -eu

for python in python3 python3.13 python3.12 python3.11 python3.14; do
	command -v "$python" >/dev/null 2>&1 || continue
	"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || continue
	# Debian ships the module without what it needs.
	"$python" -c 'import ensurepip, venv' 2>/dev/null || { lacking=$python; continue; }
	"$python" -m venv "$1"
	exit 0
done

if [ -n "${lacking:-}" ]; then
	echo "$lacking cannot make environments. Install its venv: apt-get install $lacking-venv" >&2
else
	echo "Python 3.11 or newer is needed. Debian: apt-get install python3 python3-venv;" \
		"macOS: brew install python@3.13" >&2
fi
exit 1
