/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The one HTML document: what a browser needs to start the app of a city.
 * It is the same under every path that is no file and no API, as the app
 * itself knows what the path means.
 */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include <kore/kore.h>
#include <kore/http.h>

#include "web/tenants.h"

/*
 * Answers a GET or HEAD of "/", and of any other path that is not one of
 * ours when the caller wants HTML (coding.h). false: it is none of these, or
 * no app was built. `language` is the one that was negotiated.
 */
bool	page_request(struct http_request *req,
	    const struct tenant_slot *slot, const char *language);

#endif
