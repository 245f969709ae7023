/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Sending: the one place where an answer's headers are made. What protects a
 * browser is one table in respond.c, by the kind of answer.
 */
#ifndef WEB_RESPOND_H
#define WEB_RESPOND_H

#include <kore/kore.h>
#include <kore/http.h>

#include "core/exchange/exchange.h"
#include "web/cache.h"

enum respond_kind {
	RESPOND_DATA = 1 << 0,		/* JSON, styles, what is somebody's */
	RESPOND_OPEN = 1 << 3,		/* data that anybody's page may show:
					   released photos, tiles */
	RESPOND_PAGE = 1 << 1,		/* an HTML document */
	RESPOND_SCRIPT = 1 << 2,	/* JavaScript, which may be a worker's */
	RESPOND_OFFICE = 1 << 4,	/* an HTML document, for staff */
};

/* Bytes that stay where they are as long as the process. */
struct fixed {
	enum respond_kind	 kind;
	const char		*media_type;
	const char		*encoding;	/* NULL: none */
	const char		*vary;		/* NULL: on nothing */
	const char		*cache_control;
	const char		*etag;
	const void		*bytes;
	size_t			 len;
};

/* A kept answer, or 304 when the caller has it already. */
void	respond_cached(struct http_request *req, const struct cached *cached);

/* The same of an HTML document. */
void	respond_page(struct http_request *req, enum respond_kind kind,
	    const struct cached *cached);

/* 200 or 304; the bytes are not copied. */
void	respond_fixed(struct http_request *req, const struct fixed *fixed);

/* What the exchange holds. `etag` NULL: not to be stored by anybody. */
void	respond_exchange(struct http_request *req, struct exchange *exchange,
	    const char *etag);

/* The head of a file in chunks, behind which the connection closes; whoever
 * sends them says when. */
void	respond_stream(struct http_request *req,
	    const struct exchange *exchange, const char *media_type,
	    const char *name);

/* What anybody may keep for a while, the same in each language. */
struct respond_lasting {
	const char	*media_type;	/* NULL: there is no content */
	const char	*encoding;	/* NULL: as it is */
	const char	*etag;		/* NULL: none */
	const char	*keep;		/* Cache-Control */
};

/* Its headers; true: the caller has it already and was told so, with 304.
 * Otherwise the answer is still to be sent. */
bool	respond_lasting(struct http_request *req,
	    const struct respond_lasting *what);

/* A fixed text, outside of any exchange. */
void	respond_plain(struct http_request *req, int status,
	    const char *media_type, const char *text, size_t len);

#endif
