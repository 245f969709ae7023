/* SPDX-License-Identifier: EUPL-1.2 */
/* The pool's links on Kore's event loop. */

#include <sys/epoll.h>

#include <kore/kore.h>

#include "web/loop.h"
#include "web/worker.h"

#define WATCHES_MAX	64

/* epoll hands the struct back after the link may have gone: never freed. */
struct watch {
	struct kore_event	event;
	int			slot;
};

static struct watch	watches[WATCHES_MAX];

static void
watch_ready(void *arg, int error)
{
	struct watch	*watch;
	int		 events;

	watch = arg;
	events = 0;
	if (error || (watch->event.flags & KORE_EVENT_READ))
		events |= POOL_READ;
	if (watch->event.flags & KORE_EVENT_WRITE)
		events |= POOL_WRITE;
	watch->event.flags = 0;
	pool_ready(worker_state.pool, watch->slot, events);
}

static void
loop_watch(int slot, int fd, int interest)
{
	struct watch	*watch;
	int		 type;

	watch = &watches[slot];
	watch->event.type = 0;
	watch->event.handle = watch_ready;
	watch->slot = slot;
	type = (interest & POOL_READ ? EPOLLIN : 0) |
	    (interest & POOL_WRITE ? EPOLLOUT : 0);
	kore_platform_event_schedule(fd, type, 0, watch);
}

/*
 * The link closes its socket next, which takes it out of epoll. libpq may
 * have closed it already, and taking out what is closed ends a Kore worker.
 */
static void
loop_forget(int slot, int fd)
{
	(void)slot;
	(void)fd;
}

static uint64_t
loop_now(void)
{
	return (kore_time_ms());
}

const struct pool_loop loop_kore = {
	.watch = loop_watch,
	.forget = loop_forget,
	.now = loop_now,
};
