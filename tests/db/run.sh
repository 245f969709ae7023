#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# Runs database tests by hand; `make test` does the same by itself.
#
#	tests/db/run.sh <cluster directory> <program> …
#
# The cluster is started when it does not run, and then also stopped.
set -eu

cluster=$(dirname "$0")/../../platform/db/cluster.sh
STADTKERN_TEST_PG=$(readlink -m "$1")
export STADTKERN_TEST_PG
shift

if ! [ -s "$STADTKERN_TEST_PG/conninfo" ] || ! "$cluster" psql \
    "$STADTKERN_TEST_PG" postgres -c 'select' >/dev/null 2>&1; then
	"$cluster" start "$STADTKERN_TEST_PG" --test >/dev/null
	trap '"$cluster" stop "$STADTKERN_TEST_PG"' EXIT
	trap 'exit 130' INT TERM
fi

failed=0
for program; do
	echo "== $program"
	timeout 120 "$program" || failed=1
done
exit "$failed"
