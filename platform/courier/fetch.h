/* SPDX-License-Identifier: EUPL-1.2 */
/* A question over HTTPS to an address that a city's file names. */
#ifndef COURIER_FETCH_H
#define COURIER_FETCH_H

#include <stdbool.h>

#include <stadtkern/arena.h>
#include <stadtkern/status.h>

struct fetch {
	const char	*url;
	const char	*form;		/* POST, urlencoded; NULL: GET */
	const char	*user;		/* HTTP Basic; NULL: none */
	const char	*password;
	bool		 allow_loopback;	/* http:// to this machine too */
};

/* Whether the address may be asked: https, or as `allow_loopback` says. */
bool		 fetch_allowed(const char *url, bool allow_loopback);

/*
 * The body of a 200, from `arena`; at most 256 KiB, at most five seconds, no
 * redirect is followed, no proxy asked. STATUS_REFUSED: the address may not be
 * asked; STATUS_IO: anything else, `answer` NULL.
 */
enum status	 fetch_text(struct arena *arena, const struct fetch *fetch,
		    char **answer);

#endif
