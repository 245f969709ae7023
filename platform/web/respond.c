/* SPDX-License-Identifier: EUPL-1.2 */
/* Sending answers. */

#include <string.h>
#include <time.h>

#include "web/limit.h"
#include "web/respond.h"

#define RETRY_SECONDS	"2"

/* IMF-fixdate (RFC 9110, 5.6.7), made anew once a second. */
static const char *
respond_date(void)
{
	static char	text[32];
	static time_t	made;
	struct tm	tm;
	time_t		now;

	if ((now = time(NULL)) != made && gmtime_r(&now, &tm) != NULL) {
		(void)strftime(text, sizeof(text),
		    "%a, %d %b %Y %H:%M:%S GMT", &tm);
		made = now;
	}
	return (text);
}

/* No answer of the API may be sniffed, framed, or run as anything. */
static void
respond_common(struct http_request *req, const char *media_type)
{
	http_response_header(req, "date", respond_date());
	if (media_type != NULL)
		http_response_header(req, "content-type", media_type);
	http_response_header(req, "x-content-type-options", "nosniff");
	http_response_header(req, "content-security-policy",
	    "default-src 'none'; frame-ancestors 'none'");
	http_response_header(req, "vary", "accept-language");
}

/* Whether If-None-Match (RFC 9110, 13.1.2) names this tag. */
static bool
respond_matches(const char *list, const char *etag)
{
	const char	*at;
	size_t		 len;

	if (strcmp(list, "*") == 0)
		return (true);
	for (at = list; *at != '\0'; at += len) {
		at += strspn(at, ", \t");
		/* The comparison is the weak one. */
		if (strncmp(at, "W/", 2) == 0)
			at += 2;
		len = strcspn(at, ", \t");
		if (len == strlen(etag) && memcmp(at, etag, len) == 0)
			return (true);
	}
	return (false);
}

static bool
respond_not_modified(struct http_request *req, const char *etag)
{
	const char	*tags;

	http_response_header(req, "etag", etag);
	http_response_header(req, "cache-control", "no-cache");
	if (!http_request_header(req, "if-none-match", &tags) ||
	    !respond_matches(tags, etag))
		return (false);
	http_response(req, 304, NULL, 0);
	return (true);
}

void
respond_cached(struct http_request *req, const struct cached *cached)
{
	respond_common(req, cached->media_type);
	if (!respond_not_modified(req, cached->etag))
		http_response(req, cached->status, cached->body, cached->len);
}

static bool
respond_has(const struct exchange *x, const char *name)
{
	size_t	i;

	for (i = 0; x != NULL && i < x->header_count; i++)
		if (strcmp(x->headers[i].name, name) == 0)
			return (true);
	return (false);
}

/* `x` NULL: outside of any exchange. */
static void
respond_hints(struct http_request *req, const struct exchange *x, int status)
{
	char	wait[16];

	switch (status) {
	case 401:
		http_response_header(req, "www-authenticate", "Bearer");
		break;
	case 429:
		(void)snprintf(wait, sizeof(wait), "%u",
		    limit_wait((uint64_t)time(NULL)));
		if (!respond_has(x, "retry-after"))
			http_response_header(req, "retry-after", wait);
		break;
	case 503:
		http_response_header(req, "retry-after", RETRY_SECONDS);
		break;
	}
}

void
respond_exchange(struct http_request *req, struct exchange *x,
    const char *etag)
{
	size_t	i;

	respond_common(req, x->media_type);
	for (i = 0; i < x->header_count; i++)
		http_response_header(req, x->headers[i].name,
		    x->headers[i].value);
	respond_hints(req, x, x->status);
	if (etag == NULL)
		http_response_header(req, "cache-control", "no-store");
	else if (respond_not_modified(req, etag))
		return;
	http_response(req, x->status, x->answer, x->answer_len);
}

void
respond_plain(struct http_request *req, int status, const char *media_type,
    const char *text, size_t len)
{
	respond_common(req, media_type);
	respond_hints(req, NULL, status);
	http_response_header(req, "cache-control", "no-store");
	http_response(req, status, text, len);
}
