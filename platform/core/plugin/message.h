/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Texts for people, from messages/<lang>.yaml: nested maps of strings, a key
 * is the path joined with dots. German is complete; another language falls
 * back to it. <lang> is a language, or one with a variant: "de-simple".
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include <stadtkern/arena.h>
#include <stadtkern/finding.h>
#include <stadtkern/node.h>
#include <stadtkern/status.h>

struct messages;

/* Reads every <lang>.yaml of `dir`. A missing de.yaml is a finding, and so
 * is a key that another language has and German has not. */
enum status	 messages_read(struct arena *arena, const char *dir,
		    struct messages **messages, struct findings *findings);

/* The text, or the German one, or NULL. `language` is "de", "en", … */
const char	*message_get(const struct messages *messages,
		    const char *language, const char *key);
/* The language that message_get() finds the text in: `language`, or "de". */
const char	*message_language(const struct messages *messages,
		    const char *language, const char *key);
/* Whether there is any text in this language. */
bool		 messages_have(const struct messages *messages,
		    const char *language);
/* Keys that German has and `language` has not, as findings. */
void		 messages_missing(const struct messages *messages,
		    const char *language, struct findings *findings);

/* Puts the members of `arguments` (a map, or NULL) in place of {name}. */
char		*message_fill(struct arena *arena, const char *text,
		    const struct node *arguments);

/* The best of Accept-Language (RFC 9110, 12.5.4) among those that are
 * there; "de" when `header` is NULL or nothing fits. Who wants a variant has
 * to name it. Static storage or owned by `messages`. */
const char	*message_negotiate(const struct messages *messages,
		    const char *header);

/* "ltr", or "rtl" where it is written from right to left. */
const char	*language_direction(const char *language);

#endif
