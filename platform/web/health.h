/* SPDX-License-Identifier: EUPL-1.2 */
/* /livez and /readyz, for the proxy and the operator, on any host name. */
#ifndef WEB_HEALTH_H
#define WEB_HEALTH_H

#include <stdbool.h>

#include <kore/kore.h>
#include <kore/http.h>

/* Answers if the path is one of the two; false otherwise. */
bool	health_request(struct http_request *req);

#endif
