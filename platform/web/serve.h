/* SPDX-License-Identifier: EUPL-1.2 */
/* A request's way, from Kore's hands and back into them. */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include <kore/kore.h>
#include <kore/http.h>

/* Kore's handler: KORE_RESULT_OK when answered, _RETRY when it sleeps. */
int	serve_request(struct http_request *req);

#endif
