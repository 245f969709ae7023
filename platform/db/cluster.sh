#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# A private PostgreSQL cluster for `make run` and for the tests.
#
#	cluster.sh start <dir> [--test] [--tcp <port>]	make, start, wait
#	cluster.sh stop <dir>				stop, wait
#	cluster.sh remove <dir>				stop, erase all of it
#	cluster.sh database <dir> <name> [<template>]	make a database
#	cluster.sh drop <dir> <name>			drop a database
#	cluster.sh conninfo <dir> [<name>]		libpq string, no user
#	cluster.sh psql <dir> <name> [<argument> …]	as the superuser
#
# Who may enter: the socket lies in a directory of mode 0700 that belongs to
# the server's user, and pg_hba asks the kernel who is at the other end
# (peer), letting in the user who called `start` and the server's user, as
# any role. There is no TCP, unless --tcp asks for loopback; then with a
# password of this cluster's own, which is part of the libpq string, in a file
# of mode 0600.
#
# PostgreSQL refuses to run as root. Started by root it runs as postgres, who
# may be unable to reach <dir> (a checkout below /root, a directory of
# mktemp): then the data goes to a directory of its own, and <dir>/data is a
# symbolic link to it. The same holds for the socket, whose path may have 107
# bytes: <dir>/socket.
#
# --test: no fsync, no checksums; the data does not outlive a crash.

set -eu

PG_BIN=${PG_BIN:-/usr/lib/postgresql/15/bin}
HERE=$(cd "$(dirname "$0")" && pwd)
SOCKET_DIR_MAX=92	# 107 less "/.s.PGSQL.5432" and one to spare
START_SECONDS=60

die() {
	printf 'cluster.sh: %s\n' "$*" >&2
	exit 1
}

usage() {
	sed -n '5,11s/^#\t/  /p' "$0" >&2
	exit 2
}

# As the user who runs the server, without the caller's groups and home, and
# not in a folder which that user may be unable to enter.
as_server() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=postgres --regid=postgres --init-groups \
		    env -C / -u PGDATA -u PGHOST -u PGPORT HOME=/ "$@"
	else
		env -C / -u PGDATA -u PGHOST -u PGPORT "$@"
	fi
}

server_user() {
	if [ "$(id -u)" -eq 0 ]; then echo postgres; else id -un; fi
}

# New directory of the server's user: make_room <path> | make_room -t <base>
make_room() {
	if [ "$1" = -t ]; then
		room=$(mktemp -d "$2/stadtkern-XXXXXX")
	else
		room=$1
		mkdir -p "$room"
	fi
	chmod 0700 "$room"
	if [ "$(id -u)" -eq 0 ]; then chown postgres: "$room"; fi
	printf '%s\n' "$room"
}

reachable() {
	as_server test -x "$1" 2>/dev/null
}

# Somewhere that the server's user can reach when <dir> is not: kept over a
# reboot where possible, for /var/tmp is swept by age.
elsewhere() {
	if [ "$MODE" = run ] && [ -d /var/lib/postgresql ]; then
		echo /var/lib/postgresql
	else
		echo "${TMPDIR:-/tmp}"
	fi
}

# place <name> <longest path> <base when it cannot be in dir>
place() {
	# In /tmp somebody else may have taken the name after a reboot.
	if [ "$1" = socket ] && [ -L "$DIR/$1" ] && [ "$(stat -c %U:%a \
	    "$(real "$1")" 2>/dev/null)" != "$(server_user):700" ]; then
		rm -f "$DIR/$1"
	fi
	if [ -d "$DIR/$1" ]; then
		reachable "$(real "$1")" && return
		die "\"$(real "$1")\" cannot be reached by $(server_user)"
	fi
	rm -f "$DIR/$1"		# a link to what is gone
	if [ "${#DIR}" -lt "$(($2 - ${#1}))" ] && reachable "$DIR"; then
		make_room "$DIR/$1" >/dev/null
	else
		base=$3
		if ! reachable "$base" || [ "${#base}" -gt 70 ]; then
			base=/tmp
		fi
		ln -s "$(make_room -t "$base")" "$DIR/$1"
	fi
}

# The real path behind <dir>/<name>.
real() {
	readlink -f "$DIR/$1"
}

# Whether the process of the pid file is this cluster's server: it stands in
# the data directory. pg_ctl would take a zombie, or whoever got the number in
# a restarted container, for it.
running() {
	[ -s "$DIR/data/postmaster.pid" ] || return 1
	pid=$(head -n 1 "$DIR/data/postmaster.pid")
	[ "$(as_server readlink "/proc/$pid/cwd")" = "$(real data)" ]
}

# After a crash: once the last of its processes has gone, and not before, the
# pid file and the socket mean nothing.
sweep() {
	[ -s "$DIR/data/postmaster.pid" ] || return 0
	tries=0
	while as_server find /proc -maxdepth 2 -name cwd \
	    -lname "$(real data)" 2>/dev/null | grep -q .; do
		tries=$((tries + 1))
		[ "$tries" -lt 300 ] ||
		    die "processes of a crashed server are left in \"$(real data)\""
		sleep 0.1
	done
	rm -f "$(real data)/postmaster.pid" "$(real socket)"/.s.PGSQL.*
}

initialise() {
	if [ "$MODE" = test ]; then sums=; sync=--no-sync
	else sums=--data-checksums; sync=; fi
	as_server "$PG_BIN/initdb" -U postgres --locale=C.UTF-8 \
	    --encoding=UTF8 --auth=reject $sums $sync -D "$(real data)" \
	    >"$DIR/initdb.log" 2>&1 || {
		cat "$DIR/initdb.log" >&2
		die "could not make a cluster in \"$(real data)\""
	}
}

# Written anew at each start, so that an update of this file takes effect.
configure() {
	data=$(real data)
	{
		echo "listen_addresses = '$([ -z "$TCP" ] || echo 127.0.0.1)'"
		echo "port = ${TCP:-5432}"
		echo "unix_socket_directories = '$(real socket)'"
		echo "unix_socket_permissions = 0700"
		echo "max_connections = 200"
		echo "shared_buffers = 128MB"
		echo "wal_level = minimal"
		echo "max_wal_senders = 0"
		echo "max_parallel_workers_per_gather = 0"
		echo "timezone = 'UTC'"
		echo "log_timezone = 'UTC'"
		echo "log_error_verbosity = terse"
		echo "password_encryption = 'scram-sha-256'"
		if [ "$MODE" = test ]; then
			echo "fsync = off"
			echo "synchronous_commit = off"
			echo "full_page_writes = off"
		fi
	} >"$DIR/settings"
	{
		echo "local all all peer map=stadtkern"
		[ -z "$TCP" ] || echo "host all all 127.0.0.1/32 scram-sha-256"
	} >"$DIR/hba"
	for who in $(printf '%s\n' "$(id -un)" "$(server_user)" | sort -u); do
		for role in postgres stadtkern_owner stadtkern_public \
		    stadtkern_office stadtkern_courier; do
			echo "stadtkern \"$who\" $role"
		done
	done >"$DIR/ident"
	install_as_server "$DIR/settings" "$data/postgresql.auto.conf"
	install_as_server "$DIR/hba" "$data/pg_hba.conf"
	install_as_server "$DIR/ident" "$data/pg_ident.conf"
	rm -f "$DIR/settings" "$DIR/hba" "$DIR/ident"
}

install_as_server() {
	if [ "$(id -u)" -eq 0 ]; then
		install -o postgres -g postgres -m 0600 "$1" "$2"
	else
		install -m 0600 "$1" "$2"
	fi
}

psql_super() {
	PGOPTIONS='' PGPASSWORD='' PGCONNECT_TIMEOUT=10 psql -X -q \
	    -v ON_ERROR_STOP=1 -h "$(real socket)" \
	    -p "$(cat "$DIR/port")" -U postgres "$@"
}

# With --tcp the roles get a password, the same for all, made once.
passwords() {
	[ -n "$TCP" ] || return 0
	[ -s "$DIR/password" ] ||
	    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"$DIR/password"
	for role in owner public office courier; do
		echo "alter role stadtkern_$role password '$(cat "$DIR/password")';"
	done | psql_super -d postgres
}

roles() {
	for role in owner public office courier; do
		echo "select 'create role stadtkern_$role login' where not exists"
		echo "(select from pg_roles where rolname = 'stadtkern_$role') \\gexec"
	done | psql_super -d postgres
}

start() {
	mkdir -p "$DIR"
	chmod 0711 "$DIR"
	exec 9>"$DIR/lock"
	flock -w "$START_SECONDS" 9 || die "\"$DIR\" is being started elsewhere"
	place data 4000 "$(elsewhere)"
	place socket "$SOCKET_DIR_MAX" "${TMPDIR:-/tmp}"
	if ! running; then
		sweep
		[ -e "$(real data)/PG_VERSION" ] || initialise
		configure
		echo "${TCP:-5432}" >"$DIR/port"
		as_server "$PG_BIN/pg_ctl" -s -w -t "$START_SECONDS" \
		    -D "$(real data)" -l "$(real data)/log" start 9>&- \
		    </dev/null >/dev/null 2>&1 || {
			tail -n 20 "$(real data)/log" >&2
			die "could not start, see \"$(real data)/log\""
		}
		roles
		passwords
	fi
	if [ -n "$TCP" ]; then
		[ "$(cat "$DIR/port")" = "$TCP" ] ||
		    die "runs already, without --tcp $TCP; stop it first"
		echo "host=127.0.0.1 port=$TCP password=$(cat "$DIR/password")"
	else
		echo "host=$(real socket) port=$(cat "$DIR/port")"
	fi >"$DIR/conninfo"
	cat "$DIR/conninfo"
}

stop() {
	running || return 0
	as_server "$PG_BIN/pg_ctl" -s -w -t 60 -m fast -D "$(real data)" stop
}

remove() {
	[ -d "$DIR" ] || return 0
	stop
	for name in data socket; do
		if [ -e "$DIR/$name/" ]; then rm -rf "$(real "$name")"; fi
	done
	rm -rf "$DIR"
}

database() {
	[ $# -ge 1 ] || usage
	psql_super -d postgres -v database="$1" ${2:+-v template="$2"} \
	    -f "$HERE/bootstrap.sql" 2>&1 | sed '/already exists, skipping/d' >&2
	conninfo "$1"
}

conninfo() {
	[ -s "$DIR/conninfo" ] || die "\"$DIR\" was not started"
	echo "$(cat "$DIR/conninfo")${1:+ dbname=$1}"
}

[ $# -ge 2 ] || usage
COMMAND=$1
# The folders above are the caller's, what is in <dir> is nobody else's.
mkdir -p "$(dirname "$2")"
umask 077
DIR=$(cd "$(dirname "$2")" && pwd -P)/$(basename "$2")
shift 2
MODE=run
TCP=

case $COMMAND in
start)
	while [ $# -gt 0 ]; do
		case $1 in
		--test)	MODE='test'; shift ;;
		--tcp)	[ $# -ge 2 ] || usage; TCP=$2; shift 2 ;;
		*)	usage ;;
		esac
	done
	start ;;
stop|remove|conninfo)
	$COMMAND "$@" ;;
database)
	database "$@" ;;
drop)
	[ $# -eq 1 ] || usage
	printf 'drop database if exists :"name" with (force);\n' |
	    psql_super -d postgres -v name="$1" ;;
psql)
	[ $# -ge 1 ] || usage
	name=$1
	shift
	psql_super -d "$name" "$@" ;;
*)
	usage ;;
esac
