/* SPDX-License-Identifier: EUPL-1.2 */
/* A question over HTTPS. */

#include <string.h>
#include <strings.h>

#include <curl/curl.h>

#include <stadtkern/buf.h>

#include "core/log.h"
#include "courier/fetch.h"

#define ANSWER_MAX	(256u * 1024)
#define SECONDS		5L

bool
fetch_allowed(const char *url, bool allow_loopback)
{
	static const char *const	 hosts[] = { "127.0.0.1", "localhost",
					    "[::1]" };
	size_t				 i, len;

	if (url == NULL)
		return (false);
	if (strncasecmp(url, "https://", 8) == 0)
		return (true);
	if (!allow_loopback || strncasecmp(url, "http://", 7) != 0)
		return (false);
	/* Up to the port or the path; "user@" would be part of the host. */
	len = strcspn(url + 7, "/?#");
	if (memchr(url + 7, '@', len) != NULL)
		return (false);
	for (i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		len = strlen(hosts[i]);
		if (strncasecmp(url + 7, hosts[i], len) == 0 &&
		    strchr(":/?#", url[7 + len]) != NULL)
			return (true);
	}
	return (false);
}

static size_t
fetch_write(char *from, size_t size, size_t count, void *arg)
{
	struct buf	*buf;

	buf = arg;
	buf_add(buf, from, size * count);
	/* Fewer than came: curl ends with an error. */
	return (buf->status == STATUS_OK ? size * count : 0);
}

static void
fetch_options(CURL *curl, const struct fetch *fetch, struct buf *buf)
{
	(void)curl_easy_setopt(curl, CURLOPT_URL, fetch->url);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	(void)curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, fetch_write);
	(void)curl_easy_setopt(curl, CURLOPT_WRITEDATA, buf);
	if (fetch->form != NULL)
		(void)curl_easy_setopt(curl, CURLOPT_POSTFIELDS, fetch->form);
	if (fetch->user == NULL)
		return;
	(void)curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
	(void)curl_easy_setopt(curl, CURLOPT_USERNAME, fetch->user);
	(void)curl_easy_setopt(curl, CURLOPT_PASSWORD, fetch->password);
}

enum status
fetch_text(struct arena *arena, const struct fetch *fetch, char **answer)
{
	struct buf	 buf;
	CURLcode	 code;
	CURL		*curl;
	long		 http;

	*answer = NULL;
	if (!fetch_allowed(fetch->url, fetch->allow_loopback))
		return (STATUS_REFUSED);
	if ((curl = curl_easy_init()) == NULL)
		return (STATUS_IO);
	buf_init(&buf, arena, ANSWER_MAX);
	fetch_options(curl, fetch, &buf);
	code = curl_easy_perform(curl);
	http = 0;
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &http);
	curl_easy_cleanup(curl);
	if (code != CURLE_OK || http != 200) {
		log_event(LOG_LEVEL_WARN, "a question over HTTP was not "
		    "answered", "curl=%d answer=%ld", (int)code, http);
		return (STATUS_IO);
	}
	*answer = buf_finish(&buf, NULL);
	return (*answer == NULL ? STATUS_IO : STATUS_OK);
}
