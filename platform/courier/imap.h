/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A mailbox over IMAP (RFC 3501, 6851), through libcurl. The server is
 * foreign: it may be slow, cut off, lie about sizes or number as it likes.
 * Everything is bounded, in bytes and in time.
 */
#ifndef COURIER_IMAP_H
#define COURIER_IMAP_H

#include <stdbool.h>
#include <stdint.h>

#include <curl/curl.h>

#include <stadtkern/arena.h>
#include <stadtkern/bytes.h>
#include <stadtkern/status.h>

struct buf;
struct mailbox_rules;

struct imap {
	CURL				*curl;
	struct arena			*arena;
	const struct mailbox_rules	*rules;
	const char			*base;		/* imaps://host:port */
	int64_t				 deadline;	/* ms, CLOCK_MONOTONIC */
	struct buf			*into;		/* of what comes now */
	const char			*reason;	/* of a failure: a code */
};

struct imap_entry {
	int64_t	uid;
	int64_t	size;
};

/*
 * Makes ready; nothing is sent yet. `password` is copied by libcurl. `ca`:
 * file with the certificates that are trusted, NULL: the system's.
 */
enum status	imap_open(struct imap *imap, struct arena *arena,
		    const struct mailbox_rules *rules, const char *password,
		    const char *ca, unsigned int seconds);
void		imap_close(struct imap *imap);

/*
 * Each: STATUS_IO with imap->reason when the server did not do it. After one
 * the connection may be gone; libcurl makes another.
 */
enum status	imap_folder(struct imap *imap, int64_t *uidvalidity,
		    int64_t *uidnext);
/* The lowest `max` messages above `after`, ascending. */
enum status	imap_list(struct imap *imap, int64_t uidvalidity,
		    int64_t after, struct imap_entry *entries, size_t max,
		    size_t *count);
/* STATUS_LIMIT: larger than MESSAGE_MAX, whatever the server said before.
 * STATUS_NOT_FOUND: it is gone. */
enum status	imap_fetch(struct imap *imap, int64_t uidvalidity,
		    int64_t uid, struct bytes *raw);
/* Moves it to rules->processed, or marks it as seen. `aside`: it stays, and
 * is flagged for a person to look at. */
enum status	imap_settle(struct imap *imap, int64_t uidvalidity,
		    int64_t uid, bool aside);

/* ---- imap_answer.c: what a server said ---- */

/* STATUS (UIDVALIDITY 3 UIDNEXT 5); STATUS_INVALID: it is not there. */
enum status	imap_status_read(const char *text, int64_t *uidvalidity,
		    int64_t *uidnext);
/* FETCH (UID 5 RFC822.SIZE 100), a line each; sorted, without repetition. */
size_t		imap_list_read(const char *text, int64_t after,
		    struct imap_entry *entries, size_t max);

#endif
