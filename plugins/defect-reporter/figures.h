/* SPDX-License-Identifier: EUPL-1.2 */
/* What the office counts, and what it takes along as a file. */
#ifndef DEFECT_REPORTER_FIGURES_H
#define DEFECT_REPORTER_FIGURES_H

#include "settings.h"

extern const struct field labels_fields[];

extern const struct field figures_query[];
extern const struct field cell_fields[];

/* A period that does not end before it begins. */
enum status	figures_check(struct exchange *exchange);
enum status	figures_prepare(struct exchange *exchange);
/* The city's words for codes, for statements (queries/figures.sql). */
enum status	labels_prepare(struct exchange *exchange);

#endif
