/* SPDX-License-Identifier: EUPL-1.2 */
/* Mail out of the house: to a relay by SMTP, or into a folder. */

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <curl/curl.h>

#include "core/log.h"
#include "courier/mail.h"

#define SMTP_SECONDS	30L
#define PASSWORD_MAX	512

struct sending {
	const char	*at;
	size_t		 left;
};

static size_t
sending_read(char *to, size_t size, size_t count, void *arg)
{
	struct sending	*sending;
	size_t		 len;

	sending = arg;
	len = size * count < sending->left ? size * count : sending->left;
	memcpy(to, sending->at, len);
	sending->at += len;
	sending->left -= len;
	return (len);
}

/* The first line of the file; a file so that `ps` never shows it. */
static enum status
password_read(const char *path, char *password)
{
	FILE	*file;
	char	*line;

	if ((file = fopen(path, "re")) == NULL) {
		log_event(LOG_LEVEL_ERROR, "cannot read the password file of "
		    "the mail relay", "errno=%d", errno);
		return (STATUS_IO);
	}
	line = fgets(password, PASSWORD_MAX, file);
	(void)fclose(file);
	if (line == NULL)
		return (STATUS_IO);
	password[strcspn(password, "\r\n")] = '\0';
	return (STATUS_OK);
}

static enum status
smtp_sign_in(CURL *curl, const struct env *env)
{
	char	 password[PASSWORD_MAX];

	if (env->smtp_user == NULL || env->smtp_password_file == NULL)
		return (STATUS_OK);
	if (password_read(env->smtp_password_file, password) != STATUS_OK)
		return (STATUS_IO);
	(void)curl_easy_setopt(curl, CURLOPT_USERNAME, env->smtp_user);
	(void)curl_easy_setopt(curl, CURLOPT_PASSWORD, password);
	explicit_bzero(password, sizeof(password));
	return (STATUS_OK);
}

/*
 * RFC 5321, 4.2.1: 5yz is for ever. Not so for a sign-in that failed and for
 * a relay that does not know us: that is our fault, and is going to be mended.
 */
static enum status
smtp_outcome(CURL *curl, CURLcode code, const char **reason)
{
	long	 answer;

	if (code == CURLE_OK)
		return (STATUS_OK);
	answer = 0;
	(void)curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
	log_event(LOG_LEVEL_WARN, "the mail relay did not take a message",
	    "answer=%ld curl=%d", answer, (int)code);
	if (code == CURLE_LOGIN_DENIED) {
		*reason = "relay-sign-in";
		return (STATUS_IO);
	}
	if (answer >= 500 && answer < 600 && answer != 530 && answer != 535) {
		*reason = "relay-refused";
		return (STATUS_REFUSED);
	}
	*reason = answer >= 400 ? "relay-later" : "relay-unreachable";
	return (STATUS_IO);
}

static enum status
smtp_send(const struct env *env, const struct mail_parcel *parcel,
    const char **reason)
{
	struct sending		 sending = { parcel->text, parcel->len };
	struct curl_slist	*to;
	enum status		 status;
	CURL			*curl;

	*reason = "no-memory";
	if ((curl = curl_easy_init()) == NULL)
		return (STATUS_IO);
	if ((to = curl_slist_append(NULL, parcel->to)) == NULL) {
		curl_easy_cleanup(curl);
		return (STATUS_IO);
	}
	(void)curl_easy_setopt(curl, CURLOPT_URL, env->smtp_url);
	(void)curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	(void)curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_TRY);
	(void)curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_PROXY, "");
	(void)curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, SMTP_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_TIMEOUT, SMTP_SECONDS);
	(void)curl_easy_setopt(curl, CURLOPT_MAIL_FROM, parcel->from);
	(void)curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
	(void)curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
	(void)curl_easy_setopt(curl, CURLOPT_READFUNCTION, sending_read);
	(void)curl_easy_setopt(curl, CURLOPT_READDATA, &sending);
	*reason = "relay-sign-in";
	status = smtp_sign_in(curl, env);
	if (status == STATUS_OK)
		status = smtp_outcome(curl, curl_easy_perform(curl), reason);
	curl_slist_free_all(to);
	curl_easy_cleanup(curl);
	return (status);
}

static enum status
file_put(const char *path, const char *text, size_t len)
{
	enum status	 status;
	ssize_t		 put;
	size_t		 done;
	int		 fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1)
		return (STATUS_IO);
	status = STATUS_OK;
	for (done = 0; done < len; done += (size_t)put) {
		if ((put = write(fd, text + done, len - done)) <= 0) {
			status = STATUS_IO;
			break;
		}
	}
	if (fsync(fd) == -1)
		status = STATUS_IO;
	if (close(fd) == -1)
		status = STATUS_IO;
	return (status);
}

static enum status
folder_put(struct arena *arena, const struct env *env,
    const struct mail_parcel *parcel)
{
	const char	*dir, *path, *part;
	enum status	 status;

	dir = arena_format(arena, "%s/mail", env->var);
	if (mkdir(dir, 0700) == -1 && errno != EEXIST)
		return (STATUS_IO);
	/* Two couriers at one job must not write into one file. */
	part = arena_format(arena, "%s/.%s.%d", dir, parcel->name,
	    (int)getpid());
	path = arena_format(arena, "%s/%s.eml", dir, parcel->name);
	status = file_put(part, parcel->text, parcel->len);
	if (status == STATUS_OK && rename(part, path) == -1)
		status = STATUS_IO;
	if (status != STATUS_OK)
		(void)unlink(part);
	return (status);
}

enum status
mail_deliver(struct arena *arena, const struct env *env,
    const struct mail_parcel *parcel, const char **reason)
{
	if (env->smtp_url != NULL)
		return (smtp_send(env, parcel, reason));
	if (folder_put(arena, env, parcel) == STATUS_OK)
		return (STATUS_OK);
	log_event(LOG_LEVEL_ERROR, "cannot write mail", "errno=%d", errno);
	*reason = "folder";
	return (STATUS_IO);
}
