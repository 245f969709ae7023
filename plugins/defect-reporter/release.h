/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What becomes public of photos, photos that staff enter, and reports that
 * name two things: what their routes take, and the hooks before their
 * statements.
 */
#ifndef DEFECT_REPORTER_RELEASE_H
#define DEFECT_REPORTER_RELEASE_H

#include "settings.h"

extern const struct field redact_fields[];
extern const struct field divide_fields[];

/* Areas inside the picture. */
enum status	redact_check(struct exchange *exchange);
/* A category, and a department, that there is. */
enum status	divide_check(struct exchange *exchange);
enum status	divide_prepare(struct exchange *exchange);

#endif
