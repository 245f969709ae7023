/* SPDX-License-Identifier: EUPL-1.2 */
/* Sending answers. */

#include <string.h>
#include <time.h>

#include "web/coding.h"
#include "web/limit.h"
#include "web/respond.h"

#define RETRY_SECONDS	"2"
#define NO_CACHE	"no-cache"	/* keep it, and ask each time */
#define FOR_GOOD	"public, max-age=31536000, immutable"

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

#define PAGES	(RESPOND_PAGE | RESPOND_OFFICE)
#define ANY	(RESPOND_DATA | RESPOND_OPEN | PAGES | RESPOND_SCRIPT)

/* Asked for by nobody. Only names that Chromium knows everywhere: others fill
 * its console. */
#define NEVER								\
	"accelerometer=(), "						\
	"autoplay=(), browsing-topics=(), clipboard-read=(), "		\
	"clipboard-write=(), compute-pressure=(), display-capture=(), "	\
	"encrypted-media=(), fullscreen=(), gamepad=(), gyroscope=(), "	\
	"hid=(), identity-credentials-get=(), idle-detection=(), "	\
	"interest-cohort=(), keyboard-map=(), local-fonts=(), "		\
	"magnetometer=(), microphone=(), midi=(), otp-credentials=(), "	\
	"payment=(), picture-in-picture=(), "				\
	"screen-wake-lock=(), serial=(), speaker-selection=(), "	\
	"storage-access=(), sync-xhr=(), usb=(), window-management=(), "\
	"xr-spatial-tracking=()"

/*
 * What a browser must not do with an answer. Strict-Transport-Security is the
 * proxy's, which knows that there is TLS (docs/haproxy.cfg).
 */
static const struct {
	unsigned int	 kinds;
	const char	*name;
	const char	*value;
} protections[] = {
	/* The type is what we say, whatever the bytes look like. */
	{ ANY, "x-content-type-options", "nosniff" },
	/* No address of ours, with what it names, is told to anybody. */
	{ ANY, "referrer-policy", "no-referrer" },
	/* Nobody else's page takes it in as a picture or a script. */
	{ ANY & ~RESPOND_OPEN, "cross-origin-resource-policy", "same-origin" },
	{ RESPOND_OPEN, "cross-origin-resource-policy", "cross-origin" },
	/* A page that opened ours has no handle on its window. */
	{ PAGES, "cross-origin-opener-policy", "same-origin" },
	/* And nothing gets into our process that did not say it may. A worker
	 * needs it of its own script. */
	{ PAGES | RESPOND_SCRIPT, "cross-origin-embedder-policy",
	    "require-corp" },
	/*
	 * Everything from here and from nowhere else; no inline script or
	 * style, no eval. blob: and data: are photos before they are sent and
	 * the map's symbols. Forms are sent by script, so none has an action;
	 * <base> is not used; nobody frames us. Strings do not become script:
	 * the sinks for it take what a policy of ours made (Trusted Types).
	 */
	{ PAGES, "content-security-policy",
	    "default-src 'none'; script-src 'self'; style-src 'self'; "
	    "img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; "
	    "worker-src 'self'; manifest-src 'self'; form-action 'none'; "
	    "base-uri 'none'; frame-ancestors 'none'; "
	    "require-trusted-types-for 'script'; trusted-types default" },
	/* A worker has the policy of its script, not of the page. */
	{ RESPOND_SCRIPT, "content-security-policy",
	    "default-src 'none'; script-src 'self'; connect-src 'self'; "
	    "img-src 'self' blob: data:; frame-ancestors 'none'" },
	/* Opened by itself it is not run, styled, framed or of our origin. */
	{ RESPOND_DATA | RESPOND_OPEN, "content-security-policy",
	    "default-src 'none'; frame-ancestors 'none'; sandbox" },
	/* A report has a photo and a place. */
	{ RESPOND_PAGE, "permissions-policy",
	    "camera=(self), geolocation=(self), "
	    "publickey-credentials-create=(), publickey-credentials-get=(), "
	    NEVER },
	/* Staff take photos outdoors as well, and sign in by passkey. */
	{ RESPOND_OFFICE, "permissions-policy",
	    "camera=(self), geolocation=(self), "
	    "publickey-credentials-create=(self), "
	    "publickey-credentials-get=(self), " NEVER },
};

static void
respond_head(struct http_request *req, enum respond_kind kind,
    const char *media_type, const char *vary)
{
	size_t	i;

	http_response_header(req, "date", respond_date());
	if (media_type != NULL)
		http_response_header(req, "content-type", media_type);
	if (vary != NULL)
		http_response_header(req, "vary", vary);
	for (i = 0; i < sizeof(protections) / sizeof(*protections); i++) {
		if ((protections[i].kinds & kind) != 0)
			http_response_header(req, protections[i].name,
			    protections[i].value);
	}
}

static void
respond_common(struct http_request *req, enum respond_kind kind,
    const char *media_type)
{
	respond_head(req, kind, media_type, "accept-language");
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
respond_not_modified(struct http_request *req, const char *etag,
    const char *cache_control)
{
	const char	*tags;

	http_response_header(req, "etag", etag);
	http_response_header(req, "cache-control", cache_control);
	if (!http_request_header(req, "if-none-match", &tags) ||
	    !respond_matches(tags, etag))
		return (false);
	http_response(req, 304, NULL, 0);
	return (true);
}

/* Without credentials that a browser would add by itself (Fetch, 3.3.6). */
static void
respond_shared(struct http_request *req, bool shared)
{
	if (shared)
		http_response_header(req, "access-control-allow-origin", "*");
}

/* Packed where the caller takes that; each form has a tag of its own. */
static bool
respond_is_packed(struct http_request *req, const struct cached *cached,
    char *etag, size_t size)
{
	const char	*codings;

	(void)snprintf(etag, size, "%s", cached->etag);
	if (cached->gzip.at == NULL)
		return (false);
	http_response_header(req, "vary", "accept-encoding");
	if (!http_request_header(req, "accept-encoding", &codings) ||
	    !coding_takes_gzip(codings))
		return (false);
	(void)snprintf(etag, size, "%.*s-gzip\"", CACHE_ETAG_LEN - 1,
	    cached->etag);
	return (true);
}

static void
respond_kept(struct http_request *req, const struct cached *cached)
{
	char	etag[CACHE_ETAG_LEN + sizeof("-gzip")];
	bool	packed;

	packed = respond_is_packed(req, cached, etag, sizeof(etag));
	if (respond_not_modified(req, etag, cached->lasting ? FOR_GOOD :
	    NO_CACHE))
		return;
	if (!packed) {
		http_response(req, cached->status, cached->body, cached->len);
		return;
	}
	http_response_header(req, "content-encoding", coding_text(CODING_GZIP));
	http_response(req, cached->status, cached->gzip.at, cached->gzip.len);
}

void
respond_cached(struct http_request *req, const struct cached *cached)
{
	respond_common(req, RESPOND_OPEN, cached->media_type);
	respond_shared(req, cached->shared);
	respond_kept(req, cached);
}

void
respond_page(struct http_request *req, enum respond_kind kind,
    const struct cached *cached)
{
	respond_head(req, kind, cached->media_type,
	    "accept, accept-language");
	respond_kept(req, cached);
}

/* Kore tells when they are sent; they are needed on. */
static int
respond_sent(struct netbuf *nb)
{
	(void)nb;
	return (KORE_RESULT_OK);
}

void
respond_fixed(struct http_request *req, const struct fixed *fixed)
{
	void	*bytes;

	respond_head(req, fixed->kind, fixed->media_type, fixed->vary);
	if (respond_not_modified(req, fixed->etag, fixed->cache_control))
		return;
	if (fixed->encoding != NULL)
		http_response_header(req, "content-encoding",
		    fixed->encoding);
	if (fixed->len == 0 || req->method == HTTP_METHOD_HEAD) {
		http_response(req, 200, fixed->bytes, fixed->len);
		return;
	}
	/* Kore's interface has no const; it only reads. */
	memcpy(&bytes, &fixed->bytes, sizeof(bytes));
	http_response_stream(req, 200, bytes, fixed->len, respond_sent, NULL);
}

static void
respond_hints(struct http_request *req, int status)
{
	char	wait[16];

	switch (status) {
	case 401:
		http_response_header(req, "www-authenticate", "Bearer");
		break;
	case 429:
		(void)snprintf(wait, sizeof(wait), "%u",
		    limit_wait((uint64_t)time(NULL)));
		http_response_header(req, "retry-after", wait);
		break;
	case 503:
		http_response_header(req, "retry-after", RETRY_SECONDS);
		break;
	}
}

static const char *
respond_own(const struct exchange *x, const char *name)
{
	size_t	i;

	for (i = 0; i < x->header_count; i++) {
		if (strcmp(x->headers[i].name, name) == 0)
			return (x->headers[i].value);
	}
	return (NULL);
}

/* A hook that says how long its answer is good has made its tag, too. */
static bool
respond_own_etag(struct http_request *req, const struct exchange *x)
{
	const char	*etag, *tags;

	if ((etag = respond_own(x, "etag")) == NULL || x->status != 200 ||
	    !http_request_header(req, "if-none-match", &tags) ||
	    !respond_matches(tags, etag))
		return (false);
	http_response(req, 304, NULL, 0);
	return (true);
}

/* As it will be from now on, when it is kept. */
static void
respond_fresh(struct http_request *req, const struct exchange *x,
    const char *etag)
{
	struct cached	cached;

	memset(&cached, 0, sizeof(cached));
	cached.status = x->status;
	cached.body = x->answer;
	cached.len = x->answer_len;
	cached.gzip = x->gzip;
	cached.lasting = x->route->lasting;
	(void)snprintf(cached.etag, sizeof(cached.etag), "%s", etag);
	respond_kept(req, &cached);
}

/*
 * What somebody may read in the office is stored by no cache. A page that
 * holds it may ask whether it still is as it was: 304 costs no bytes and draws
 * nothing anew. true: it is.
 */
static bool
respond_is_held(struct http_request *req, const struct exchange *x)
{
	char	etag[CACHE_ETAG_LEN + 1];

	if (x->route == NULL || x->route->access.kind != ACCESS_OFFICE ||
	    x->status != 200 || (req->method != HTTP_METHOD_GET &&
	    req->method != HTTP_METHOD_HEAD)) {
		http_response_header(req, "cache-control", "no-store");
		return (false);
	}
	cache_etag(x->answer, x->answer_len, etag);
	return (respond_not_modified(req, etag, "no-store"));
}

void
respond_exchange(struct http_request *req, struct exchange *x,
    const char *etag)
{
	bool	lasting;
	size_t	i;

	/* What is kept for all, or lasts, is no secret of anybody's. */
	lasting = respond_own(x, "cache-control") != NULL;
	respond_common(req, etag != NULL || lasting ? RESPOND_OPEN :
	    RESPOND_DATA, x->media_type);
	respond_shared(req, x->match->mount != NULL && x->match->mount->shared);
	for (i = 0; i < x->header_count; i++)
		http_response_header(req, x->headers[i].name,
		    x->headers[i].value);
	if (respond_own(x, "retry-after") == NULL)
		respond_hints(req, x->status);
	if (lasting) {
		if (respond_own_etag(req, x))
			return;
	} else if (etag != NULL) {
		respond_fresh(req, x, etag);
		return;
	} else if (respond_is_held(req, x))
		return;
	http_response(req, x->status, x->answer, x->answer_len);
}

void
respond_stream(struct http_request *req, const struct exchange *x,
    const char *media_type, const char *name)
{
	char	disposition[256];
	size_t	i;

	respond_common(req, RESPOND_DATA, media_type);
	for (i = 0; i < x->header_count; i++)
		http_response_header(req, x->headers[i].name,
		    x->headers[i].value);
	http_response_header(req, "cache-control", "no-store");
	(void)snprintf(disposition, sizeof(disposition),
	    "attachment; filename=\"%s\"", name);
	http_response_header(req, "content-disposition", disposition);
	http_response_header(req, "transfer-encoding", "chunked");
	req->flags |= HTTP_REQUEST_NO_CONTENT_LENGTH | HTTP_REQUEST_CLOSE;
	http_response(req, 200, NULL, 0);
	/* Not when the queue is empty, but when the stream is over. */
	req->owner->flags &= ~CONN_CLOSE_EMPTY;
}

bool
respond_lasting(struct http_request *req, const struct respond_lasting *what)
{
	respond_head(req, RESPOND_OPEN, what->media_type, "accept-encoding");
	if (what->encoding != NULL)
		http_response_header(req, "content-encoding", what->encoding);
	if (what->etag == NULL) {
		http_response_header(req, "cache-control", what->keep);
		return (false);
	}
	return (respond_not_modified(req, what->etag, what->keep));
}

void
respond_plain(struct http_request *req, int status, const char *media_type,
    const char *text, size_t len)
{
	respond_common(req, RESPOND_DATA, media_type);
	respond_hints(req, status);
	http_response_header(req, "cache-control", "no-store");
	http_response(req, status, text, len);
}
