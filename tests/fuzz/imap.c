/* SPDX-License-Identifier: EUPL-1.2 */
/* What an IMAP server says of a folder. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "courier/imap.h"

#define MOST	5

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct imap_entry	 entries[MOST];
	int64_t			 uidvalidity, uidnext;
	size_t			 count, i;
	char			*text;

	if ((text = malloc(len + 1)) == NULL)
		return (0);
	memcpy(text, data, len);
	text[len] = '\0';
	if (imap_status_read(text, &uidvalidity, &uidnext) == STATUS_OK &&
	    (uidvalidity < 1 || uidnext < 0))
		abort();
	count = imap_list_read(text, 3, entries, MOST);
	for (i = 0; i < count; i++) {
		if (entries[i].uid <= 3 || entries[i].size < 0 ||
		    (i > 0 && entries[i].uid <= entries[i - 1].uid))
			abort();
	}
	free(text);
	return (0);
}
