/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The courier: all that talks outwards or takes long. Any number can run
 * against one database.
 */
#ifndef COURIER_COURIER_H
#define COURIER_COURIER_H

#include "core/env.h"

/*
 * Runs until SIGTERM or SIGINT; the job at hand is finished first. Eight
 * processes: two that take jobs, so that a mail server or an identity
 * provider that says nothing does not hold up all mail, one that takes
 * pictures, one for schedules, one that watches the tenants' files, one that
 * fetches map tiles, one that keeps the audit log, one that reads mailboxes;
 * one that dies is started again. Gives the exit status
 * for main(), which has to call sandbox_wanted() (sandbox.h) before.
 */
int	courier_run(const struct env *env);

#endif
