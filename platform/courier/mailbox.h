/* SPDX-License-Identifier: EUPL-1.2 */
/* A city's mailbox while it is read. */
#ifndef COURIER_MAILBOX_H
#define COURIER_MAILBOX_H

#include "core/tenant/tenant.h"
#include "courier/imap.h"
#include "courier/message.h"
#include "courier/part.h"

#define SENDER_PER_HOUR	20	/* messages of one sender that are taken */
#define GREETED_PER_HOUR 5	/* of those that are acknowledged */
#define CITY_PER_HOUR	300	/* messages; then the mailbox waits */

struct mailbox {
	struct part		*part;
	const struct keys	*keys;
	struct arena		*arena;		/* of the turn, then the message */
	struct tenant		*tenant;
	const struct loaded	*loaded;	/* the plugin that takes mail */
	const char		*lease;
	const char		*source;
	int64_t			 uidvalidity;
	int64_t			 last_uid;
	int64_t			 uid;		/* of the message at hand */
};

/*
 * Takes the message at hand, mailbox->uid: writes down that it was taken,
 * stores its files, runs the plugin's statement and goes on to the next one,
 * all in one transaction. `message` NULL: it could not be read. `aside` gets
 * whether it is left to a person. STATUS_DATABASE: nothing of it happened, or
 * the lease was lost; STATUS_REFUSED: the plugin's statement failed on it.
 */
enum status	mailbox_take(struct mailbox *mailbox,
		    const struct message *message, struct bytes raw,
		    bool *aside);

/* Arguments that say which mailbox, by whose lease, and the message at hand. */
struct node	*mailbox_arguments(const struct mailbox *mailbox);

#endif
