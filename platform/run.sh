#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# `make run`: database, migrations, demonstration data, the three processes;
# Ctrl-C stops all of it. BUILD, VAR, PORT and OFFICE_PORT come from make.

set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"
bin=$BUILD/bin
cluster="sh platform/db/cluster.sh"
pids=

# ask <port> <path> <option> …
ask() {
	url=http://127.0.0.1:$1/$2
	shift 2
	curl --noproxy '*' -s -m 5 "$@" "$url"
}

stop() {
	trap '' INT TERM HUP
	for pid in $pids; do kill -TERM "$pid" 2>/dev/null || true; done
	for pid in $pids; do wait "$pid" 2>/dev/null || true; done
	$cluster stop "$VAR/pg" || true
	rm -f "$VAR/run.pid"
	trap - EXIT
	exit "${1:-0}"
}

mkdir -p "$VAR"
if [ -e "$VAR/run.pid" ] && kill -0 "$(cat "$VAR/run.pid")" 2>/dev/null; then
	echo "\"$VAR\" is in use by process $(cat "$VAR/run.pid");" \
	    "set VAR, PORT and OFFICE_PORT to run another" >&2
	exit 1
fi
for port in "$PORT" "$OFFICE_PORT"; do
	status=0
	ask "$port" livez -o /dev/null || status=$?
	if [ "$status" -ne 7 ]; then	# 7: nobody listens
		echo "port $port is in use; set PORT and OFFICE_PORT" >&2
		exit 1
	fi
done
echo $$ >"$VAR/run.pid"
trap 'stop 0' INT TERM HUP
trap 'stop 1' EXIT

$cluster start "$VAR/pg" >/dev/null
$cluster database "$VAR/pg" stadtkern >/dev/null
STADTKERN_DATABASE=$($cluster conninfo "$VAR/pg" stadtkern)
STADTKERN_VAR=$VAR
STADTKERN_OBJECTS=$BUILD/plugins
STADTKERN_PORT=$PORT
STADTKERN_OFFICE_PORT=$OFFICE_PORT
STADTKERN_URL=http://{host}:$PORT
STADTKERN_HOST=${STADTKERN_HOST:-platform.localhost}
export STADTKERN_DATABASE STADTKERN_VAR STADTKERN_OBJECTS STADTKERN_PORT \
    STADTKERN_OFFICE_PORT STADTKERN_URL STADTKERN_HOST

"$bin/stadtkern" keys
"$bin/stadtkern" migrate
logins=$("$bin/stadtkern" demo)

# In sessions of their own, so that Ctrl-C reaches only this script, which
# then stops them in order; none outlives it, whatever it dies of.
serve() {
	setsid setpriv --pdeathsig TERM "$@" & pids="$pids $!"
}
serve "$bin/stadtkern-server" public
serve "$bin/stadtkern-server" office
serve "$bin/stadtkern" courier

alive() {
	for pid in $pids; do
		kill -0 "$pid" 2>/dev/null || {
			echo "process $pid ended, see above" >&2
			exit 1
		}
	done
}

for port in "$PORT" "$OFFICE_PORT"; do
	tries=0
	until ask "$port" readyz -f -o /dev/null; do
		tries=$((tries + 1))
		alive
		if [ "$tries" -ge 150 ]; then
			ask "$port" readyz >&2 || true
			echo "port $port does not get ready" >&2
			exit 1
		fi
		sleep 0.2
	done
done
alive

echo
for file in tenants/*.yaml; do
	slug=$(basename "$file" .yaml)
	echo "  http://$slug.localhost:$PORT/"
done
echo "  office: http://<city>.localhost:$OFFICE_PORT/"
printf '%s\n' "$logins" | sed 's/^/  /'
echo "  mail is written to $VAR/mail/"
echo "  Ctrl-C stops everything."

# Until a signal comes or one of the three ends.
while :; do
	alive
	sleep 1 & wait $! || true
done
