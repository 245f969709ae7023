/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A message that came in: foreign bytes, taken apart in the sandbox
 * (message_parse.c, GMime), read back with distrust (message_answer.c).
 */
#ifndef COURIER_MESSAGE_H
#define COURIER_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/arena.h>
#include <stadtkern/bytes.h>
#include <stadtkern/field.h>
#include <stadtkern/status.h>

#define MESSAGE_MAX		(25u * 1024 * 1024)	/* as it is sent */
#define MESSAGE_TEXT_MAX	20000			/* characters */
#define MESSAGE_LINE_MAX	250
#define MESSAGE_ITEM_MAX	200			/* of a list: an address, an id */
#define MESSAGE_FILES_MAX	20
#define MESSAGE_FILES_BYTES	(12u * 1024 * 1024)	/* all together */
#define MESSAGE_ADDRESSES_MAX	50

struct message_file {
	const char	*name;
	const char	*media_type;
	int64_t		 size;
	struct bytes	 content;	/* not of the table: behind the JSON */
};

struct message {
	const char	*kind;		/* message, generated, automatic,
					   bounce: see plugin.h */
	const char	*message_id;	/* without < >; NULL: none */
	LIST_OF(const char *) answers;	/* Message-IDs it refers to */
	const char	*from;		/* address; NULL: none, or two */
	const char	*from_name;
	LIST_OF(const char *) to;	/* addresses it came to */
	const char	*subject;
	const char	*sent_at;	/* RFC 3339 */
	const char	*text;
	const char	*shown;
	bool		 cut;
	const char	*status;	/* of a bounce */
	int64_t		 dropped;
	LIST_OF(struct message_file) files;
};

extern const struct field message_fields[];

/*
 * Takes a message apart in a sandbox of its own; everything from `arena`.
 * STATUS_REFUSED: it cannot be read; STATUS_IO: nothing is known of it, try
 * again later.
 */
enum status	message_open(struct arena *arena, struct bytes raw,
		    struct message *message);

/* Reads what the child sent, which may have been taken over. */
enum status	message_answer_read(struct arena *arena, struct bytes answer,
		    struct message *message);

/* The child: GMime makes itself ready before the walls go up. */
void		message_warm(void);

/* The child: a message to an answer, from malloc(3). */
enum status	message_work(const unsigned char *bytes, size_t len,
		    unsigned char **answer, size_t *answer_len);

/* ---- message_text.c: what is made of a text ---- */

/* Valid UTF-8 without control characters but line breaks and tabs, CRLF made
 * LF, at most `max` characters; `cut` (may be NULL) says if there were more. */
char		*message_clean(struct arena *arena, const char *text,
		    size_t len, size_t max, bool *cut);

/* RFC 3676: lines that flow are joined. */
char		*message_unflow(struct arena *arena, const char *text,
		    bool delsp);

/* Text of HTML: no tags, no script, no style, entities decoded. */
char		*message_html(struct arena *arena, const char *html,
		    size_t len);

/* A reply without what it quotes and without its signature; all of it, if
 * nothing would be left. */
char		*message_unquote(struct arena *arena, const char *text);

#endif
