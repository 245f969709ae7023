/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The courier: all that talks outwards or takes long. Any number can run
 * against one database.
 */
#ifndef COURIER_COURIER_H
#define COURIER_COURIER_H

#include "core/env.h"

/*
 * Runs until SIGTERM or SIGINT; the job at hand is finished first. Five
 * processes: one that takes jobs, one for schedules, one that watches the
 * tenants' files, one that fetches map tiles, one that keeps the audit log;
 * one that dies is started again. Gives the exit status
 * for main(), which has to call sandbox_wanted() (sandbox.h) before.
 */
int	courier_run(const struct env *env);

#endif
