#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Installs what is missing: Debian packages, then the tests' npm packages. Those
# of the citizens' app are installed by make, when its lock file has changed.
#
#	deps.sh build|run|test|lint|fuzz
#
# ARCHITECTURE.md says what each is for. Does nothing, and asks for no
# privileges, where all is there.

set -eu

BUILD="gcc make pkg-config patch kore libpq-dev libjansson-dev libyaml-dev
    libsodium-dev libcurl4-openssl-dev libjpeg62-turbo-dev libpng-dev
    libwebp-dev libssl-dev libfido2-dev libcjose-dev zlib1g-dev libexpat1-dev librsvg2-dev libcairo2-dev
    libfreetype-dev libgmime-3.0-dev"
RUN="$BUILD postgresql-15 postgresql-15-postgis-3 curl"
TEST="$RUN libcmocka-dev haproxy openssl chromium faketime
    dovecot-imapd"
LINT="$BUILD clang clang-tidy cppcheck"
FUZZ="$BUILD clang libclang-rt-14-dev"
BENCH="$TEST wrk postgresql-contrib"

case "${1:-}" in
build)	want=$BUILD ;;
run)	want=$RUN ;;
test)	want=$TEST ;;
lint)	want=$LINT ;;
fuzz)	want=$FUZZ ;;
bench)	want=$BENCH ;;
*)	echo "usage: deps.sh build|run|test|lint|fuzz|bench" >&2; exit 2 ;;
esac

have() {
	dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null |
	    grep -q '^install ok installed$'
}

missing=
for package in $want; do
	case $package in
	# Provided by postgresql-15 itself since version 10.
	postgresql-contrib) continue ;;
	esac
	have "$package" || missing="$missing $package"
done
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"

as_root() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	elif command -v sudo >/dev/null 2>&1; then
		sudo "$@"
	else
		echo "please install:$missing" >&2
		exit 1
	fi
}

if [ -n "$missing" ]; then
	echo "installing:$missing"
	# Debian would start a cluster of its own beside ours.
	if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
		as_root mkdir -p /etc/postgresql-common
		echo 'create_main_cluster = false' |
		    as_root tee /etc/postgresql-common/createcluster.conf \
		    >/dev/null
	fi
	as_root apt-get update -qq </dev/null
	# shellcheck disable=SC2086
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
	    --no-install-recommends -o DPkg::Lock::Timeout=600 \
	    $missing </dev/null >/dev/null
fi

case "$1" in
test|bench)
	top=$(cd "$(dirname "$0")/.." && pwd)
	cd "$top/tests"
	stamp=node_modules/.package-lock.json
	exec 9<package.json
	flock 9
	if [ ! -e "$stamp" ] || [ package-lock.json -nt "$stamp" ]; then
		npm ci --no-audit --no-fund --loglevel=error </dev/null >/dev/null
		touch "$stamp"
	fi ;;
esac
