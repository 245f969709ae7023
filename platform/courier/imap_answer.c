/* SPDX-License-Identifier: EUPL-1.2 */
/* Numbers out of what an IMAP server says. */

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "courier/imap.h"

#define NUMBER_MAX	4294967295LL	/* RFC 3501: 32 bits, not zero */
#define SIZE_LIMIT	(1LL << 40)

/* The number behind `name` and a blank, within the line; 0: none. */
static int64_t
number_after(const char *line, size_t len, const char *name, int64_t max)
{
	const char	*at, *end;
	int64_t		 number;
	size_t		 name_len;

	name_len = strlen(name);
	end = line + len;
	for (at = line; (size_t)(end - at) > name_len; at++) {
		if (strncasecmp(at, name, name_len) != 0 ||
		    (at > line && at[-1] != ' ' && at[-1] != '('))
			continue;
		number = 0;
		for (at += name_len; at < end && *at >= '0' && *at <= '9';
		    at++) {
			number = number * 10 + (*at - '0');
			if (number > max)
				return (0);
		}
		return (number);
	}
	return (0);
}

enum status
imap_status_read(const char *text, int64_t *uidvalidity, int64_t *uidnext)
{
	size_t	 len;

	len = strlen(text);
	*uidvalidity = number_after(text, len, "UIDVALIDITY ", NUMBER_MAX);
	*uidnext = number_after(text, len, "UIDNEXT ", NUMBER_MAX);
	return (*uidvalidity > 0 ? STATUS_OK : STATUS_INVALID);
}

/* Keeps the lowest ones, in order. */
static size_t
entry_add(struct imap_entry *entries, size_t count, size_t max,
    struct imap_entry entry)
{
	size_t	 at;

	for (at = count; at > 0 && entries[at - 1].uid > entry.uid; at--)
		continue;
	if (at == max || (at > 0 && entries[at - 1].uid == entry.uid))
		return (count);
	if (count == max)
		count--;
	memmove(&entries[at + 1], &entries[at],
	    (count - at) * sizeof(*entries));
	entries[at] = entry;
	return (count + 1);
}

size_t
imap_list_read(const char *text, int64_t after, struct imap_entry *entries,
    size_t max)
{
	struct imap_entry	 entry;
	size_t			 count, len;

	count = 0;
	for (; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		entry.uid = number_after(text, len, "UID ", NUMBER_MAX);
		entry.size = number_after(text, len, "RFC822.SIZE ",
		    SIZE_LIMIT);
		/* "5:*" always gives the last one, whatever its number. */
		if (entry.uid > after)
			count = entry_add(entries, count, max, entry);
	}
	return (count);
}
