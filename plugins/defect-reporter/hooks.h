/* SPDX-License-Identifier: EUPL-1.2 */
/* What the routes take, and the hooks that run before their statements. */
#ifndef DEFECT_REPORTER_HOOKS_H
#define DEFECT_REPORTER_HOOKS_H

#include "settings.h"

/* Everything that changes a report may say which version it saw. */
#define VERSION_FIELD(T)						\
	FIELD_INT(T, version, .min = 1, .max = 2147483647,		\
	    .says = "refused when the report has changed since")

extern const struct field report_fields[];
extern const struct field report_filter[];
extern const struct field map_filter[];
extern const struct field nearby_query[];
extern const struct field photo_query[];
extern const struct field office_filter[];
extern const struct field release_fields[];
extern const struct field reject_fields[];
extern const struct field status_fields[];
extern const struct field answer_fields[];

/* Refuses where an answer means that somebody has to be called at once. */
enum status	emergency_check(struct exchange *exchange,
		    const struct category *category,
		    const struct node *answers);
/* Category, answers and length of the text against the city's settings. */
enum status	report_check(struct exchange *exchange);
enum status	report_prepare(struct exchange *exchange);
/* Refuses answers that mean that somebody is in danger, and says what to do
 * instead; `answers` may be NULL. */
enum status	emergency_check(struct exchange *exchange,
		    const struct category *category,
		    const struct node *answers);
enum status	nearby_prepare(struct exchange *exchange);
/* Refuses what is no picture before anything is stored. */
enum status	photo_prepare(struct exchange *exchange);
/* The city's categories, for a finding. */
const char	*category_codes(struct arena *arena,
		    const struct settings *settings);
/* Answers to a category's questions, against the table made of them. */
enum status	answers_check(struct exchange *exchange,
		    const struct category *category,
		    const struct node *answers);
enum status	status_check(struct exchange *exchange);
enum status	status_prepare(struct exchange *exchange);
enum status	answer_check(struct exchange *exchange);
/* A public text in which a template's placeholder is left is refused. */
enum status	answer_text_check(struct exchange *exchange, const char *text);

#endif
