/* SPDX-License-Identifier: EUPL-1.2 */
/* What the routes take, and the hooks that run before their statements. */
#ifndef DEFECT_REPORTER_HOOKS_H
#define DEFECT_REPORTER_HOOKS_H

#include "settings.h"

extern const struct field report_fields[];
extern const struct field report_filter[];
extern const struct field map_filter[];
extern const struct field nearby_query[];
extern const struct field photo_query[];
extern const struct field support_query[];
extern const struct field office_filter[];
extern const struct field release_fields[];
extern const struct field reject_fields[];
extern const struct field status_fields[];
extern const struct field answer_fields[];
extern const struct field forward_fields[];

/* Category, answers and length of the text against the city's settings. */
enum status	report_check(struct exchange *exchange);
enum status	report_prepare(struct exchange *exchange);
enum status	nearby_prepare(struct exchange *exchange);
enum status	support_prepare(struct exchange *exchange);
/* Refuses what is no picture before anything is stored. */
enum status	photo_prepare(struct exchange *exchange);
enum status	reject_prepare(struct exchange *exchange);
enum status	status_prepare(struct exchange *exchange);
enum status	forward_prepare(struct exchange *exchange);

#endif
