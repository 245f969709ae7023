/* SPDX-License-Identifier: EUPL-1.2 */
/* The query parameters that every route with a PAGE statement has. */
#ifndef CORE_PAGE_H
#define CORE_PAGE_H

#include <stadtkern/field.h>

struct page {
	const char	*cursor;	/* NULL: from the start */
	int64_t		 limit;
};

extern const struct field page_fields[];

#endif
