/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What the processes are told from outside, as environment variables
 * STADTKERN_<NAME>. One field table says them all; `stadtkern doctor`
 * prints it, tests compare docs/operating.md with it.
 */
#ifndef CORE_ENV_H
#define CORE_ENV_H

#include <stadtkern/field.h>

struct env {
	const char	*home;		/* tenants/, themes/, plugins/, migrations/; "." */
	const char	*objects;	/* built plugins, <name>.so; "build/plugins" */
	const char	*app;		/* files.json; <objects>/../app */
	const char	*office_app;	/* the same; <objects>/../office */
	const char	*var;		/* keys/, mail/; "var" */
	const char	*tiles;		/* <set>.pmtiles; NULL: those shipped */
	const char	*database;	/* libpq connection string */
	const char	*address;	/* the server listens here; 127.0.0.1 */
	int64_t		 port;		/* 8080 public */
	int64_t		 office_port;	/* 8081 */
	const char	*url;		/* of a tenant: "https://{host}" */
	const char	*host;		/* shared by all tenants, or NULL */
	int64_t		 workers;	/* 0: one a core */
	const char	*proxies;	/* addresses whose X-Forwarded-For is
					   believed; "127.0.0.1,::1" */
	const char	*smtp_url;	/* smtp[s]://host:port; absent: .eml files */
	const char	*smtp_user;
	const char	*smtp_password_file;
	const char	*mail_from;	/* envelope sender of the platform */
	int64_t		 basemap_loopback;	/* 1: http://127.0.0.1 will do */
	int64_t		 cache_mib;	/* a worker's answer cache; 0: none; 64 */
	int64_t		 header_seconds;	/* to send a request's head; 10 */
	int64_t		 body_seconds;	/* to send all of it; 300 */
	int64_t		 drain_seconds;	/* to answer what was begun; 30 */
	int64_t		 audit_seconds;	/* between checkpoints; 300 */
	int64_t		 limits;	/* percent of the rate limits; 0: none */
};

extern const struct field env_fields[];

/* Reads the environment; unknown STADTKERN_* names are findings too. */
enum status	env_read(struct arena *arena, struct env *env,
		    struct findings *findings);

#endif
