/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The office's work on tickets: what its routes take, and the hooks before
 * their statements (queries/tickets.sql). A ticket is a report as the office
 * sees it.
 */
#ifndef DEFECT_REPORTER_TICKETS_H
#define DEFECT_REPORTER_TICKETS_H

#include "settings.h"

extern const struct field ticket_query[];
extern const struct field ticket_templates_query[];
extern const struct field ticket_people_query[];
extern const struct field ticket_fields[];
extern const struct field assign_fields[];
extern const struct field accept_fields[];
extern const struct field return_fields[];
extern const struct field person_fields[];
extern const struct field take_fields[];
extern const struct field change_fields[];
extern const struct field merge_fields[];
extern const struct field split_fields[];
extern const struct field note_fields[];
extern const struct field spam_fields[];
extern const struct field undo_fields[];
extern const struct field draft_release_fields[];
extern const struct field draft_reject_fields[];
extern const struct field preview_fields[];
extern const struct field shown_query[];
extern const struct field view_fields[];
extern const struct field reopen_fields[];

enum status	ticket_templates_prepare(struct exchange *exchange);
enum status	ticket_people_prepare(struct exchange *exchange);
/* Category, answers, length of the text, and that there is a place. */
enum status	ticket_check(struct exchange *exchange);
enum status	ticket_prepare(struct exchange *exchange);
enum status	assign_prepare(struct exchange *exchange);
enum status	return_prepare(struct exchange *exchange);
enum status	person_prepare(struct exchange *exchange);
enum status	take_prepare(struct exchange *exchange);
/* A category that there is, and at least one thing to change. */
enum status	change_check(struct exchange *exchange);
enum status	draft_release_check(struct exchange *exchange);
enum status	preview_prepare(struct exchange *exchange);

#endif
