/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The inside of an exchange. Knows nothing of Kore or libpq: the web part
 * fills it in, drives it through its steps, and sends what it holds at the
 * end. What can be decided without a socket is decided, and tested, here.
 */
#ifndef CORE_EXCHANGE_H
#define CORE_EXCHANGE_H

#include <stadtkern/exchange.h>

#include "core/plugin/registry.h"
#include "core/plugin/router.h"
#include "core/tenant/tenant.h"

#define EXCHANGE_HEADERS_MAX	16
#define EXCHANGE_BODY_MAX	65536u	/* where a route says no .limit */

struct exchange_header {
	const char	*name;
	const char	*value;
};

struct row_column {
	const char	*name;
	const char	*at;		/* NULL: SQL null */
	size_t		 len;
	bool		 binary;
	bool		 number;	/* what its type is, for CSV */
	bool		 logical;
};

struct row {
	size_t			 count;
	struct row_column	*columns;
};

struct exchange {
	struct arena		*arena;
	const struct registry	*registry;
	const struct keys	*keys;
	struct tenant		*tenant;
	const struct router_match *match;
	const struct loaded	*loaded;	/* whose route it is */
	const struct route	*route;
	const char		*language;

	/* The request. */
	const char		*url;		/* "https://{host}" */
	const char		*method;
	const char		*query_text;	/* undecoded, NULL: none */
	struct bytes		 content;
	const char		*content_type;	/* without parameters, lower case */
	const char		*(*header)(const struct exchange *,
				    const char *name);
	void			*request;	/* the web part's */
	const char		*host;		/* as the Host header has it */
	const char		*address;	/* the caller's; office only */

	/* Parsed input; what the platform takes out is gone from it. */
	struct node		*query_node;
	struct node		*form_node;	/* of a mount with .forms, or NULL */
	const char		*tenant_name;	/* mount->tenant's value or NULL */
	const char		*key;		/* mount->key's value or NULL */

	/* Checked input. */
	struct values		 path;
	struct values		 query;
	struct values		 body;
	struct findings		 findings;
	const char		*after;		/* PAGE: position, NULL: start */
	int64_t			 limit;

	/* The answer. */
	bool			 refusing;	/* inside a mount's .refuse */
	int			 status;	/* 0: not answered yet */
	const char		*code;		/* of the problem; NULL: none */
	const char		*media_type;
	const char		*answer;
	size_t			 answer_len;
	struct bytes		 gzip;		/* the same packed (RFC 1952);
						   NULL: it is not there */
	size_t			 header_count;
	struct exchange_header	 headers[EXCHANGE_HEADERS_MAX];
};

/*
 * Parses the query, and the form where the mount takes forms, and takes the
 * mount's own parameters out of them. Needs no tenant yet. Anything but
 * STATUS_OK: the answer (4xx) is in the exchange.
 */
enum status	exchange_parse(struct exchange *exchange);

/*
 * exchange_parse(), if that was not called, then the path and what was parsed
 * against the route's tables, then the route's .check and .prepare. Anything but STATUS_OK: the answer (4xx
 * problem) is in the exchange.
 */
enum status	exchange_read(struct exchange *exchange);

/*
 * Turns a statement's rows into the answer, as its kind says, running the
 * route's .answer. `count` rows. A bytea column beside `body` is a sealed box:
 * it is opened and becomes a member of the body, in the office role only.
 */
void		exchange_rows(struct exchange *exchange,
		    const struct statement *statement, const struct row *rows,
		    size_t count);

/* The answer of a PAGE statement: {"items": […], "next": cursor or null}. */
void		exchange_page(struct exchange *exchange,
		    const struct row *rows, size_t count);

/*
 * A row's body with its boxes opened: {"id":1} and a bytea column "contact"
 * become {"id":1,"contact":{…}}; in the office role only, elsewhere the body as
 * it is. NULL: a box cannot be opened, which was logged.
 */
const char	*exchange_open(struct exchange *exchange,
		    const struct row *row, const char *body);

/* A route without a statement is answered by its .answer alone. */
void		exchange_plain(struct exchange *exchange);

/* problem+json (RFC 9457); the title is the message `problem.<code>` of the
 * route's plugin or of the platform, `arguments` (a JSON object or NULL) fill
 * it and become members, findings become `errors`. */
void		exchange_problem(struct exchange *exchange, int status,
		    const char *code, const char *arguments);

/* The token of a cookie, or NULL. */
const char	*exchange_cookie(struct exchange *exchange, const char *name);

/* The keyed hash of a text for this tenant, as a parameter. */
struct bytes	 exchange_hash(struct exchange *exchange,
		    enum hash_purpose purpose, const char *text);

/* The value for parameter `name` of the route's statement, see field_sql. */
const char	*exchange_parameter(struct exchange *exchange,
		    const char *name, size_t *len);

#endif
