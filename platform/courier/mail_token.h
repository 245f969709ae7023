/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * By what a reply finds its thread: a keyed hash of 80 bits, of the tenant,
 * the plugin's thing and the address that a mail went to. It stands in the
 * address that a reply goes to (name+token@host) and in the subject
 * ([#123-token]); the database has a hash of it.
 */
#ifndef COURIER_MAIL_TOKEN_H
#define COURIER_MAIL_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/arena.h>

#include "core/crypto.h"

#define MAIL_TOKEN_LEN	16	/* letters and digits, RFC 4648, 6 */

const char	*mail_token(struct arena *arena, const struct keys *keys,
		    int32_t tenant, const char *plugin, const char *thread,
		    const char *address);

/* SHA-256 as hexadecimal digits: of a token, of a Message-ID. */
const char	*mail_token_hash(struct arena *arena, const char *text);

/* A keyed hash of an address, whatever its letters' size; hexadecimal. */
const char	*mail_address_hash(struct arena *arena,
		    const struct keys *keys, int32_t tenant,
		    const char *address);

/* "name+token@host". */
const char	*mail_token_address(struct arena *arena, const char *address,
		    const char *token);

/* The token in an address of the mailbox, in small letters; NULL: none. `own`
 * gets whether the address is the mailbox's at all. */
const char	*mail_token_of_address(struct arena *arena,
		    const char *mailbox, const char *address, bool *own);
/* That in a subject, behind "[#" and anything but "]". */
const char	*mail_token_of_subject(struct arena *arena,
		    const char *subject);

#endif
