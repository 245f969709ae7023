/* SPDX-License-Identifier: EUPL-1.2 */
/* Mail to the city: what becomes of it, and how the office reads it. */
#ifndef DEFECT_REPORTER_MAIL_H
#define DEFECT_REPORTER_MAIL_H

#include "settings.h"

extern const struct inbox mail_inbox;
extern const struct field mail_query[];

#endif
