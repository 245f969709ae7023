/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The process that fetches tiles of base maps. One of its own, so that no mail
 * waits for a map's server. The servers write down what is wanted; here it is
 * claimed, asked for, a few at once and so many a second, and stored.
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/log.h"
#include "courier/basemap_fetch.h"
#include "courier/part.h"
#include "db/bytea.h"

#define AT_ONCE		6
#define TILE_MS		50	/* of each: 20 a second */
#define LEASE		60	/* seconds; above a fetch's limit */
#define IDLE_MS		5000	/* pauses end without anybody telling */
#define EMPTY_SECONDS	(24 * 3600)
#define NUMBER_LEN	24

struct tile {
	int32_t		 tenant;
	const char	*source;
	int64_t		 place[3];	/* z, x, y */
};

struct fetcher {
	struct part	*part;
	struct arena	*arena;		/* of one turn */
	size_t		 count;
	struct tile	 tiles[AT_ONCE];
	struct fetch	 fetches[AT_ONCE];
};

static struct node *
tile_arguments(struct fetcher *fetcher, const struct tile *tile)
{
	struct node	*map;

	map = node_new(fetcher->arena, NODE_MAP);
	argument_int(fetcher->arena, map, "tenant", tile->tenant);
	argument_text(fetcher->arena, map, "source", tile->source);
	argument_int(fetcher->arena, map, "z", tile->place[0]);
	argument_int(fetcher->arena, map, "x", tile->place[1]);
	argument_int(fetcher->arena, map, "y", tile->place[2]);
	return (map);
}

static PGresult *
fetcher_query(struct fetcher *fetcher, const char *statement,
    const struct node *arguments)
{
	return (part_query(fetcher->part, fetcher->arena,
	    part_statement(fetcher->part, statement), arguments));
}

/* The address with the tile's numbers in it. */
static const char *
tile_url(struct arena *arena, const char *pattern, const struct tile *tile)
{
	static const char	 names[] = "zxy";
	struct buf		 buf;
	const char		*at, *which;

	buf_init(&buf, arena, strlen(pattern) + 3 * NUMBER_LEN);
	for (at = pattern; *at != '\0'; at++) {
		if (*at == '{' && at[1] != '\0' && at[2] == '}' &&
		    (which = strchr(names, at[1])) != NULL) {
			buf_format(&buf, "%lld",
			    (long long)tile->place[which - names]);
			at += 2;
		} else
			buf_char(&buf, *at);
	}
	return (buf_finish(&buf, NULL));
}

/* false: the tile is of an address that is no longer the city's. */
static bool
tile_setting(struct fetcher *fetcher, const struct tile *tile,
    struct fetch *fetch)
{
	PGresult	*result;
	const char	*url, *email;

	result = fetcher_query(fetcher, "basemap_setting",
	    tile_arguments(fetcher, tile));
	if ((url = result_text(result, "url")) != NULL) {
		email = result_text(result, "email");
		fetch->url = tile_url(fetcher->arena, url, tile);
		fetch->vector = strcmp(result_text(result, "type"),
		    "vector") == 0;
		fetch->agent = arena_format(fetcher->arena,
		    "Stadtkern/1 (%s)", email == NULL ? "" : email);
		fetch->loopback = fetcher->part->env->basemap_loopback != 0;
	}
	PQclear(result);
	return (url != NULL);
}

/* Row `row` of what was claimed. */
static void
tile_read(struct fetcher *fetcher, const PGresult *result, int row)
{
	static const char *const	 names[] = { "z", "x", "y" };
	struct tile			*tile;
	struct fetch			*fetch;
	PGresult			*dropped;
	int				 i, etag;

	tile = &fetcher->tiles[fetcher->count];
	fetch = &fetcher->fetches[fetcher->count];
	memset(fetch, 0, sizeof(*fetch));
	tile->tenant = (int32_t)strtol(PQgetvalue(result, row,
	    PQfnumber(result, "tenant_id")), NULL, 10);
	tile->source = arena_text(fetcher->arena, PQgetvalue(result, row,
	    PQfnumber(result, "source")));
	for (i = 0; i < 3; i++)
		tile->place[i] = strtol(PQgetvalue(result, row,
		    PQfnumber(result, names[i])), NULL, 10);
	etag = PQfnumber(result, "etag");
	if (!PQgetisnull(result, row, etag))
		fetch->etag = arena_text(fetcher->arena,
		    PQgetvalue(result, row, etag));
	if (tile_setting(fetcher, tile, fetch)) {
		fetcher->count++;
		return;
	}
	if (fetcher->part->lost)
		return;
	dropped = fetcher_query(fetcher, "basemap_drop",
	    tile_arguments(fetcher, tile));
	PQclear(dropped);
}

/* How many were claimed, dropped ones too. */
static int
tiles_claim(struct fetcher *fetcher)
{
	struct node	*arguments;
	PGresult	*result;
	int		 row, rows;

	fetcher->count = 0;
	arguments = node_new(fetcher->arena, NODE_MAP);
	argument_int(fetcher->arena, arguments, "seconds", LEASE);
	argument_int(fetcher->arena, arguments, "count", AT_ONCE);
	result = fetcher_query(fetcher, "basemap_claim", arguments);
	rows = result == NULL ? 0 : PQntuples(result);
	for (row = 0; row < rows && row < AT_ONCE; row++)
		tile_read(fetcher, result, row);
	PQclear(result);
	return (rows);
}

static void
tile_fail(struct fetcher *fetcher, const struct tile *tile,
    const struct fetch *fetch, struct node *arguments)
{
	PGresult	*result;

	argument_text(fetcher->arena, arguments, "server",
	    fetch->outcome == FETCHED_AWAY ? "t" : "f");
	/* Not the address: it may hold a key. */
	log_event(LOG_LEVEL_WARN, "base map tile not fetched",
	    "tenant=%d tile=%lld/%lld/%lld reason=%s", tile->tenant,
	    (long long)tile->place[0], (long long)tile->place[1],
	    (long long)tile->place[2], fetch->reason);
	result = fetcher_query(fetcher, "basemap_fail", arguments);
	PQclear(result);
}

static void
tile_settle(struct fetcher *fetcher, const struct tile *tile,
    const struct fetch *fetch)
{
	struct node	*arguments;
	PGresult	*result;

	arguments = tile_arguments(fetcher, tile);
	if (fetch->outcome == FETCHED_BAD || fetch->outcome == FETCHED_AWAY) {
		tile_fail(fetcher, tile, fetch, arguments);
		return;
	}
	argument_int(fetcher->arena, arguments, "seconds",
	    fetch->outcome == FETCHED_EMPTY ? EMPTY_SECONDS :
	    fetch->seconds);
	if (fetch->outcome == FETCHED_TILE) {
		argument_text(fetcher->arena, arguments, "media_type",
		    fetch->media_type);
		argument_text(fetcher->arena, arguments, "content",
		    bytea_text(fetcher->arena, fetch->content));
		argument_text(fetcher->arena, arguments, "etag",
		    fetch->new_etag);
	}
	result = fetcher_query(fetcher, fetch->outcome == FETCHED_SAME ?
	    "basemap_renew" : "basemap_store", arguments);
	PQclear(result);
}

static int64_t
now_ms(void)
{
	struct timespec	 ts;

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return ((int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000);
}

/* News may come while it is not yet time. */
static void
wait_until(struct part *part, int64_t when)
{
	int64_t	 now;

	while (!part_stop && !part->lost && (now = now_ms()) < when)
		(void)part_wait(part, -1, (int)(when - now));
}

static void
fetcher_turn(struct fetcher *fetcher)
{
	int64_t	 begun;
	size_t	 i;
	int	 claimed;

	begun = now_ms();
	fetcher->arena = arena_new(0);
	claimed = tiles_claim(fetcher);
	if (fetcher->count > 0 && basemap_fetch(fetcher->arena,
	    fetcher->fetches, fetcher->count) == STATUS_OK) {
		for (i = 0; i < fetcher->count; i++)
			tile_settle(fetcher, &fetcher->tiles[i],
			    &fetcher->fetches[i]);
	}
	if (claimed > 0)
		wait_until(fetcher->part, begun +
		    (int64_t)fetcher->count * TILE_MS);
	else if (!fetcher->part->lost)
		(void)part_wait(fetcher->part, -1, IDLE_MS);
	arena_free(fetcher->arena);
}

int
basemap_run(struct part *part)
{
	struct fetcher	 fetcher = { .part = part };

	part->lost = true;
	while (!part_stop) {
		if (part->lost &&
		    part_connect(part, "stadtkern_basemap") != STATUS_OK)
			break;
		fetcher_turn(&fetcher);
		part_signals();
	}
	return (0);
}
