/* SPDX-License-Identifier: EUPL-1.2 */
/* The query parameters of pages. */

#include "core/plugin/page.h"

#define PAGE_MAX	100

const struct field page_fields[] = {
	FIELD_TEXT(struct page, cursor, .max = 1000,
	    .says = "`next` of the page before"),
	FIELD_INT(struct page, limit, .min = 1, .max = PAGE_MAX,
	    .otherwise = "50", .says = "how many items at most"),
	FIELD_END
};
