/* SPDX-License-Identifier: EUPL-1.2 */
/* One message: how it is written, and how it leaves the house. */
#ifndef COURIER_MAIL_H
#define COURIER_MAIL_H

#include <stdbool.h>
#include <time.h>

#include <stadtkern/arena.h>
#include <stadtkern/status.h>

#include "core/env.h"

#define MAIL_MAX	(256u * 1024)

struct mail_look;

struct mail {
	const char	*from_name;	/* UTF-8 */
	const char	*from;		/* addresses: name@host, ASCII */
	const char	*to;
	const char	*reply_to;	/* NULL: none */
	const char	*subject;	/* UTF-8, one line */
	const char	*body;		/* UTF-8, lines end in \n */
	const char	*language;	/* "de" */
	const char	*message_id;	/* without < > */
	time_t		 date;
	/* mail_html.h; NULL: plain text alone */
	const struct mail_look *look;
};

/*
 * The message as RFC 5322 has it: CRLF, ASCII only, headers encoded as
 * RFC 2047 and the body as RFC 2045, 6.7 say; marked as RFC 3834 asks. With
 * a look it is multipart/alternative (RFC 2046, 5.1.4): the text, then HTML,
 * which brings the emblem along (multipart/related, RFC 2387).
 * STATUS_INVALID: a value holds what would begin another header, or an
 * address is none. STATUS_LIMIT: longer than MAIL_MAX.
 */
enum status	mail_format(struct arena *arena, const struct mail *mail,
		    char **text, size_t *len);

/* Whether it is an address that may stand between < and > unquoted. */
bool		mail_address_fits(const char *address);

struct mail_parcel {
	const char	*from;		/* envelope */
	const char	*to;
	const char	*text;		/* of mail_format() */
	size_t		 len;
	const char	*name;		/* of the file, without .eml */
};

/*
 * Hands it to env->smtp_url, or writes <var>/mail/<name>.eml where there is
 * none. STATUS_IO: not now, try again. STATUS_REFUSED: the relay will never
 * take it. `reason` gets a code without personal data.
 */
enum status	mail_deliver(struct arena *arena, const struct env *env,
		    const struct mail_parcel *parcel, const char **reason);

#endif
