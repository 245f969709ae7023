/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Threads for what takes long, so that the event loop never does it. A
 * bounded number at once; beyond that work is refused, not piled up.
 */
#ifndef WEB_WORK_H
#define WEB_WORK_H

#include <stdbool.h>

#include <stadtkern/status.h>

struct work {
	void		(*run)(struct work *work);	/* in the thread */
	void		(*done)(struct work *work);	/* in the loop */
	struct work	*next;
};

/* In the worker, after the fork. */
enum status	work_init(void);

/* STATUS_LIMIT: too many wait; neither function is called then. */
enum status	work_submit(struct work *work);

/* Whether work_submit() would refuse now: told before anything is begun. */
bool		work_is_full(void);
/* Ends the threads; what runs is waited for. */
void		work_fini(void);

#endif
