/* SPDX-License-Identifier: EUPL-1.2 */
/* The routes of the legal pages. */
#ifndef BASE_LEGAL_H
#define BASE_LEGAL_H

#include "core/exchange/exchange.h"

extern const struct field feedback_fields[];

enum status	legal_answer(struct exchange *x, const struct row *row);

/* Seals what was written, and who wrote it, to the courier. */
enum status	feedback_prepare(struct exchange *x);

#endif
