/* SPDX-License-Identifier: EUPL-1.2 */
/* The document's text, apart from any request. Knows nothing of Kore. */
#ifndef WEB_PAGE_TEXT_H
#define WEB_PAGE_TEXT_H

#include "core/plugin/bundle.h"
#include "core/plugin/registry.h"
#include "core/plugin/router.h"
#include "core/tenant/tenant.h"

/* The tenant's language: `wanted`, if it has that, else its first. */
const char	*page_language(const struct tenant *tenant,
		    const char *wanted);

/* The start page's document shows what the script will draw; all others are
 * one document, which is empty until then. */
enum page { PAGE_START, PAGE_OTHER };

struct page_wish {
	enum router_side	 side;
	enum page		 page;
	const char		*language;
	const char		*url;		/* as for tenant_origin() */
};

/* The HTML, in `arena`; NULL only if it grew beyond all measure. Whatever a
 * city wrote is escaped. */
char		*page_text(struct arena *arena,
		    const struct registry *registry,
		    const struct tenant *tenant,
		    const struct page_wish *wish, size_t *len);

#endif
