/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Asking a map's server. Its answer is foreign: bounded in time and size, of a
 * few media types, and a picture has to be one. Redirects are not followed:
 * they would lead to a host that the city did not name.
 */

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include <stadtkern/image.h>

#include "courier/basemap_fetch.h"
#include "courier/part.h"

#define CONNECT_SECONDS	3L
#define TURN_MS		200
#define ETAG_MAX	200
#define HOUR		3600
#define WEEK		(7 * 24 * HOUR)
#define MONTH		(30 * 24 * HOUR)

#define MEDIA_VECTOR	"application/vnd.mapbox-vector-tile"

struct transfer {
	struct fetch		*fetch;
	struct arena		*arena;
	CURL			*curl;
	struct curl_slist	*headers;
	unsigned char		*body;		/* BASEMAP_TILE_MAX */
	size_t			 len;
	bool			 too_large;
};

static size_t
transfer_write(char *from, size_t size, size_t count, void *arg)
{
	struct transfer	*transfer = arg;
	size_t		 len;

	len = size * count;
	if (len > BASEMAP_TILE_MAX - transfer->len) {
		transfer->too_large = true;
		return (0);
	}
	memcpy(transfer->body + transfer->len, from, len);
	transfer->len += len;
	return (len);
}

static const char *
transfer_header(const struct transfer *transfer, const char *name)
{
	struct curl_header	*header;

	return (curl_easy_header(transfer->curl, name, 0, CURLH_HEADER, -1,
	    &header) == CURLHE_OK ? header->value : NULL);
}

/* Cache-Control's max-age within bounds: an hour to a month, else a week. */
static int64_t
transfer_seconds(const struct transfer *transfer)
{
	const char	*text, *at;
	long		 seconds;

	if ((text = transfer_header(transfer, "cache-control")) == NULL ||
	    (at = strcasestr(text, "max-age=")) == NULL)
		return (WEEK);
	seconds = strtol(at + strlen("max-age="), NULL, 10);
	return (seconds < HOUR ? HOUR : seconds > MONTH ? MONTH : seconds);
}

/* The tag as it came, if it can be sent back. */
static const char *
transfer_etag(const struct transfer *transfer)
{
	const char	*text, *at;

	if ((text = transfer_header(transfer, "etag")) == NULL ||
	    strlen(text) > ETAG_MAX)
		return (NULL);
	for (at = text; *at != '\0'; at++)
		if (*at < ' ' || *at > '~')
			return (NULL);
	return (arena_text(transfer->arena, text));
}

static bool
transfer_is(const struct transfer *transfer, const char *media_type)
{
	const char	*text;
	size_t		 len;

	text = NULL;
	(void)curl_easy_getinfo(transfer->curl, CURLINFO_CONTENT_TYPE, &text);
	len = text == NULL ? 0 : strcspn(text, "; \t");
	return (len == strlen(media_type) &&
	    strncasecmp(text, media_type, len) == 0);
}

static enum fetched
transfer_bad(struct transfer *transfer, const char *reason)
{
	transfer->fetch->reason = reason;
	return (FETCHED_BAD);
}

static enum fetched
transfer_away(struct transfer *transfer, const char *reason)
{
	transfer->fetch->reason = reason;
	return (FETCHED_AWAY);
}

/* What the type says has to be what the bytes are. */
static enum fetched
transfer_picture(struct transfer *transfer)
{
	struct image_header	 header;

	if (!transfer_is(transfer, "image/png") &&
	    !transfer_is(transfer, "image/jpeg") &&
	    !transfer_is(transfer, "image/webp"))
		return (transfer_bad(transfer, "media-type"));
	if (image_header_read(transfer->body, transfer->len, &header) !=
	    IMAGE_OK || !transfer_is(transfer,
	    image_media_type(header.type)))
		return (transfer_bad(transfer, "not-a-picture"));
	transfer->fetch->media_type = image_media_type(header.type);
	return (FETCHED_TILE);
}

static enum fetched
transfer_content(struct transfer *transfer)
{
	struct fetch	*fetch = transfer->fetch;
	enum fetched	 outcome;

	if (transfer->len == 0)
		return (FETCHED_EMPTY);
	if (!fetch->vector)
		outcome = transfer_picture(transfer);
	else if (transfer_is(transfer, MEDIA_VECTOR) ||
	    transfer_is(transfer, "application/x-protobuf")) {
		fetch->media_type = MEDIA_VECTOR;
		outcome = FETCHED_TILE;
	} else
		outcome = transfer_bad(transfer, "media-type");
	if (outcome != FETCHED_TILE)
		return (outcome);
	fetch->content.at = arena_copy(transfer->arena, transfer->body,
	    transfer->len);
	fetch->content.len = transfer->len;
	fetch->new_etag = transfer_etag(transfer);
	return (FETCHED_TILE);
}

static enum fetched
transfer_outcome(struct transfer *transfer, CURLcode code)
{
	long	 status;

	if (transfer->too_large || code == CURLE_FILESIZE_EXCEEDED)
		return (transfer_bad(transfer, "too-large"));
	if (code == CURLE_OPERATION_TIMEDOUT)
		return (transfer_away(transfer, "timeout"));
	if (code == CURLE_PEER_FAILED_VERIFICATION)
		return (transfer_away(transfer, "certificate"));
	if (code == CURLE_UNSUPPORTED_PROTOCOL ||
	    code == CURLE_URL_MALFORMAT)
		return (transfer_away(transfer, "address"));
	if (code != CURLE_OK)
		return (transfer_away(transfer, "unreachable"));
	status = 0;
	(void)curl_easy_getinfo(transfer->curl, CURLINFO_RESPONSE_CODE,
	    &status);
	transfer->fetch->seconds = transfer_seconds(transfer);
	switch (status) {
	case 200:
		return (transfer_content(transfer));
	case 304:
		return (transfer->fetch->etag != NULL ? FETCHED_SAME :
		    transfer_bad(transfer, "status"));
	case 204:
	case 404:
	case 410:
		return (FETCHED_EMPTY);
	case 401:
	case 403:
		return (transfer_away(transfer, "refused"));
	case 429:
		return (transfer_away(transfer, "too-many-requests"));
	}
	if (status / 100 == 4)
		return (transfer_bad(transfer, "status"));
	return (transfer_away(transfer, status / 100 == 3 ? "redirect" :
	    "server-error"));
}

static bool
transfer_header_add(struct transfer *transfer, const char *line)
{
	struct curl_slist	*more;

	if ((more = curl_slist_append(transfer->headers, line)) == NULL)
		return (false);
	transfer->headers = more;
	return (true);
}

static bool
transfer_begin(struct transfer *transfer, CURLM *multi)
{
	const struct fetch	*fetch = transfer->fetch;
	CURL			*curl;

	if ((transfer->body = malloc(BASEMAP_TILE_MAX)) == NULL ||
	    (curl = transfer->curl = curl_easy_init()) == NULL ||
	    !transfer_header_add(transfer, fetch->vector ?
	    "Accept: " MEDIA_VECTOR ", application/x-protobuf" :
	    "Accept: image/webp, image/png, image/jpeg") ||
	    (fetch->etag != NULL && !transfer_header_add(transfer,
	    arena_format(transfer->arena, "If-None-Match: %s",
	    fetch->etag))))
		return (false);
	(void)curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, fetch->loopback ?
	    "https,http" : "https");
	/* What is on this machine is not asked through a proxy. */
	(void)curl_easy_setopt(curl, CURLOPT_NOPROXY, "127.0.0.1");
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
	    CONNECT_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)BASEMAP_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_MAXFILESIZE,
	    (long)BASEMAP_TILE_MAX);
	(void)curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
	(void)curl_easy_setopt(curl, CURLOPT_USERAGENT, fetch->agent);
	(void)curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, transfer_write);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, transfer);
	(void)curl_easy_setopt(curl, CURLOPT_PRIVATE, transfer);
	return (curl_multi_add_handle(multi, curl) == CURLM_OK);
}

static void
transfer_end(struct transfer *transfer, CURLM *multi)
{
	if (transfer->curl != NULL) {
		(void)curl_multi_remove_handle(multi, transfer->curl);
		curl_easy_cleanup(transfer->curl);
	}
	curl_slist_free_all(transfer->headers);
	free(transfer->body);
}

static void
transfers_collect(CURLM *multi)
{
	struct transfer	*transfer;
	CURLMsg		*message;
	char		*private;
	int		 left;

	while ((message = curl_multi_info_read(multi, &left)) != NULL) {
		if (message->msg != CURLMSG_DONE ||
		    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		    &private) != CURLE_OK)
			continue;
		transfer = (struct transfer *)(void *)private;
		transfer->fetch->outcome = transfer_outcome(transfer,
		    message->data.result);
	}
}

enum status
basemap_fetch(struct arena *arena, struct fetch *fetches, size_t count)
{
	struct transfer	*transfers;
	CURLM		*multi;
	size_t		 i;
	int		 running;

	if ((multi = curl_multi_init()) == NULL)
		return (STATUS_IO);
	transfers = arena_alloc(arena, count * sizeof(*transfers));
	for (i = 0; i < count; i++) {
		transfers[i].fetch = &fetches[i];
		transfers[i].arena = arena;
		fetches[i].outcome = FETCHED_AWAY;
		fetches[i].reason = "no-memory";
		(void)transfer_begin(&transfers[i], multi);
	}
	do {
		if (curl_multi_perform(multi, &running) != CURLM_OK)
			break;
		transfers_collect(multi);
		if (running > 0)
			(void)curl_multi_poll(multi, NULL, 0, TURN_MS, NULL);
		part_signals();
	} while (running > 0 && !part_stop);
	for (i = 0; i < count; i++)
		transfer_end(&transfers[i], multi);
	(void)curl_multi_cleanup(multi);
	return (part_stop ? STATUS_REFUSED : STATUS_OK);
}
