/* SPDX-License-Identifier: EUPL-1.2 */
/* IMAP through libcurl: one handle, one connection, one folder. */

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include <stadtkern/buf.h>

#include "core/tenant/tenant.h"
#include "courier/imap.h"
#include "courier/message.h"
#include "courier/part.h"

#define CONNECT_SECONDS	10L
#define ANSWER_SECONDS	15L		/* until a server says anything */
#define SLOW_BYTES	200L		/* a second, for SLOW_SECONDS */
#define SLOW_SECONDS	15L
#define LIST_MAX	(1024u * 1024)	/* bytes of a list; the rest waits */
#define COMMAND_MAX	400

static int64_t
now_ms(void)
{
	struct timespec	 now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

/* What does not fit is not taken, and ends the transfer. */
static size_t
into_write(char *from, size_t size, size_t count, void *arg)
{
	struct imap	*imap = arg;

	if (imap->into == NULL)
		return (size * count);
	buf_add(imap->into, from, size * count);
	return (imap->into->status == STATUS_OK ? size * count : 0);
}

/* A courier that is to end does not wait for somebody else's server. */
static int
ends(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	(void)arg;
	(void)a;
	(void)b;
	(void)c;
	(void)d;
	part_signals();
	return (part_stop);
}

static void
imap_options(struct imap *imap, const char *password, const char *ca)
{
	CURL	*curl = imap->curl;

	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	(void)curl_easy_setopt(curl, CURLOPT_USE_SSL,
	    (long)(strcmp(imap->rules->security, "none") == 0 ?
	    CURLUSESSL_NONE : CURLUSESSL_ALL));
	(void)curl_easy_setopt(curl, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	if (ca != NULL) {
		(void)curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
		(void)curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
	}
	(void)curl_easy_setopt(curl, CURLOPT_USERNAME, imap->rules->user);
	(void)curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT,
	    ANSWER_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, SLOW_BYTES);
	(void)curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, SLOW_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, into_write);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, imap);
	(void)curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, ends);
}

enum status
imap_open(struct imap *imap, struct arena *arena,
    const struct mailbox_rules *rules, const char *password, const char *ca,
    unsigned int seconds)
{
	const bool	 tls = strcmp(rules->security, "tls") == 0;

	memset(imap, 0, sizeof(*imap));
	imap->arena = arena;
	imap->rules = rules;
	imap->reason = "no-memory";
	imap->deadline = now_ms() + (int64_t)seconds * 1000;
	imap->base = arena_format(arena, "%s://%s:%d", tls ? "imaps" : "imap",
	    rules->host, rules->port != 0 ? (int)rules->port : tls ? 993 : 143);
	if ((imap->curl = curl_easy_init()) == NULL)
		return (STATUS_IO);
	imap_options(imap, password, ca);
	return (STATUS_OK);
}

void
imap_close(struct imap *imap)
{
	curl_easy_cleanup(imap->curl);
	imap->curl = NULL;
}

static const char *
reason_of(CURLcode code)
{
	switch (code) {
	case CURLE_LOGIN_DENIED:
		return ("sign-in");
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		return ("unreachable");
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_USE_SSL_FAILED:
		return ("tls");
	case CURLE_OPERATION_TIMEDOUT:
		return ("slow");
	case CURLE_REMOTE_FILE_NOT_FOUND:
		return ("folder");
	case CURLE_WRITE_ERROR:
		return ("too-large");
	case CURLE_ABORTED_BY_CALLBACK:
		return ("stopped");
	default:
		return ("server");
	}
}

static CURLcode
imap_run(struct imap *imap, const char *path, const char *command,
    struct buf *into)
{
	CURLcode	 code;
	int64_t		 left;

	left = imap->deadline - now_ms();
	if (left <= 0) {
		imap->reason = "slow";
		return (CURLE_OPERATION_TIMEDOUT);
	}
	imap->into = into;
	(void)curl_easy_setopt(imap->curl, CURLOPT_TIMEOUT_MS, (long)left);
	(void)curl_easy_setopt(imap->curl, CURLOPT_URL, arena_format(
	    imap->arena, "%s/%s", imap->base, path));
	(void)curl_easy_setopt(imap->curl, CURLOPT_CUSTOMREQUEST, command);
	code = curl_easy_perform(imap->curl);
	imap->into = NULL;
	if (code != CURLE_OK)
		imap->reason = reason_of(code);
	return (code);
}

/* "INBOX;UIDVALIDITY=3": libcurl sees to it that it still has that one. */
static const char *
folder_path(struct imap *imap, int64_t uidvalidity)
{
	const char	*path;
	char		*name;

	name = curl_easy_escape(imap->curl, imap->rules->folder, 0);
	path = arena_format(imap->arena, "%s;UIDVALIDITY=%lld",
	    name == NULL ? "" : name, (long long)uidvalidity);
	curl_free(name);
	return (path);
}

enum status
imap_folder(struct imap *imap, int64_t *uidvalidity, int64_t *uidnext)
{
	struct buf	 into;
	const char	*text;
	CURLcode	 code;

	buf_init(&into, imap->arena, COMMAND_MAX * 4);
	code = imap_run(imap, "", arena_format(imap->arena,
	    "STATUS \"%s\" (UIDVALIDITY UIDNEXT)", imap->rules->folder),
	    &into);
	if (code == CURLE_QUOTE_ERROR)
		imap->reason = "folder";
	if (code != CURLE_OK)
		return (STATUS_IO);
	text = buf_finish(&into, NULL);
	if (text != NULL &&
	    imap_status_read(text, uidvalidity, uidnext) == STATUS_OK)
		return (STATUS_OK);
	imap->reason = "server";
	return (STATUS_IO);
}

enum status
imap_list(struct imap *imap, int64_t uidvalidity, int64_t after,
    struct imap_entry *entries, size_t max, size_t *count)
{
	struct buf	 into;
	const char	*text;
	CURLcode	 code;

	*count = 0;
	buf_init(&into, imap->arena, LIST_MAX);
	code = imap_run(imap, folder_path(imap, uidvalidity),
	    arena_format(imap->arena, "UID FETCH %lld:* (UID RFC822.SIZE)",
	    (long long)after + 1), &into);
	/* A list that is too long is good as far as it goes; its last line
	 * may be cut through. */
	if (code == CURLE_WRITE_ERROR) {
		into.status = STATUS_OK;
		while (into.len > 0 && into.data[into.len - 1] != '\n')
			into.len--;
	} else if (code != CURLE_OK)
		return (STATUS_IO);
	text = buf_finish(&into, NULL);
	if (text != NULL)
		*count = imap_list_read(text, after, entries, max);
	return (STATUS_OK);
}

enum status
imap_fetch(struct imap *imap, int64_t uidvalidity, int64_t uid,
    struct bytes *raw)
{
	struct buf	 into;
	CURLcode	 code;

	buf_init(&into, imap->arena, MESSAGE_MAX);
	code = imap_run(imap, arena_format(imap->arena, "%s/;UID=%lld",
	    folder_path(imap, uidvalidity), (long long)uid), NULL, &into);
	if (code == CURLE_WRITE_ERROR)
		return (STATUS_LIMIT);
	/* A FETCH without an answer: no such message (any more). */
	if (code == CURLE_REMOTE_FILE_NOT_FOUND ||
	    (code == CURLE_OK && into.len == 0))
		return (STATUS_NOT_FOUND);
	if (code != CURLE_OK)
		return (STATUS_IO);
	raw->at = (const unsigned char *)buf_finish(&into, &raw->len);
	return (raw->at == NULL ? STATUS_LIMIT : STATUS_OK);
}

enum status
imap_settle(struct imap *imap, int64_t uidvalidity, int64_t uid, bool aside)
{
	const char	*path, *command;
	CURLcode	 code;

	path = folder_path(imap, uidvalidity);
	if (!aside && imap->rules->processed != NULL) {
		code = imap_run(imap, path, arena_format(imap->arena,
		    "UID MOVE %lld \"%s\"", (long long)uid,
		    imap->rules->processed), NULL);
		return (code == CURLE_OK ? STATUS_OK : STATUS_IO);
	}
	command = arena_format(imap->arena, "UID STORE %lld +FLAGS.SILENT "
	    "(%s)", (long long)uid, aside ? "\\Flagged" : "\\Seen");
	code = imap_run(imap, path, command, NULL);
	return (code == CURLE_OK ? STATUS_OK : STATUS_IO);
}
