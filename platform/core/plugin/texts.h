/* SPDX-License-Identifier: EUPL-1.2 */
/* The inside of struct messages: message.c and language.c. */
#ifndef CORE_TEXTS_H
#define CORE_TEXTS_H

#include <stadtkern/node.h>

struct text {
	const char		*key;
	const char		*text;
	const struct node	*node;		/* for positions */
};

struct texts {
	struct texts	*next;
	const char	*language;
	size_t		 count;
	struct text	*items;			/* sorted by key */
};

struct messages {
	struct texts	*first;			/* sorted by language */
};

#endif
