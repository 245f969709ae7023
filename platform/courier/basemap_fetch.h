/* SPDX-License-Identifier: EUPL-1.2 */
/* Tiles of a base map over HTTP, several at once. Knows no database. */
#ifndef COURIER_BASEMAP_FETCH_H
#define COURIER_BASEMAP_FETCH_H

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/field.h>

#define BASEMAP_TILE_MAX	(1u << 20)	/* bytes */
#define BASEMAP_SECONDS		10		/* for one tile */

enum fetched {
	FETCHED_TILE,
	FETCHED_SAME,		/* 304: as it was */
	FETCHED_EMPTY,		/* there is none: 204, 404, 410 */
	FETCHED_BAD,		/* this one cannot be used; ->reason */
	FETCHED_AWAY		/* the server does not serve us; ->reason */
};

struct fetch {
	/* Asked for. */
	const char	*url;
	const char	*etag;		/* from the last time, or NULL */
	const char	*agent;
	bool		 vector;	/* vector tiles rather than pictures */
	bool		 loopback;	/* http://127.0.0.1 will do */
	/* What came; in the arena. */
	enum fetched	 outcome;
	const char	*reason;	/* a word for the log */
	const char	*media_type;
	struct bytes	 content;
	const char	*new_etag;	/* or NULL */
	int64_t		 seconds;	/* that it is good for */
};

/*
 * Fetches all `count`, and ends when the last one did, BASEMAP_SECONDS later
 * at most, or soon after part_stop (STATUS_REFUSED: none is to be used).
 */
enum status	basemap_fetch(struct arena *arena, struct fetch *fetches,
		    size_t count);

#endif
