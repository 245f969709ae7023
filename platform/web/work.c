/* SPDX-License-Identifier: EUPL-1.2 */
/* A few threads, one queue in, one queue out, an eventfd to wake the loop. */

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#include <kore/kore.h>

#include "core/log.h"
#include "web/work.h"

#define THREADS		2
#define WAITING_MAX	8
#define NICE		19

static struct {
	struct kore_event	 event;		/* first: epoll hands it back */
	int			 fd;
	pthread_t		 threads[THREADS];
	int			 started;
	pthread_mutex_t		 lock;
	pthread_cond_t		 cond;
	bool			 ending;
	struct work		*waiting;
	struct work		**last;
	unsigned int		 count;
	struct work		*finished;
} works = {
	.fd = -1,
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.cond = PTHREAD_COND_INITIALIZER,
};

static struct work *
work_wait(void)
{
	struct work	*work;

	(void)pthread_mutex_lock(&works.lock);
	while (works.waiting == NULL && !works.ending)
		(void)pthread_cond_wait(&works.cond, &works.lock);
	if ((work = works.waiting) != NULL) {
		if ((works.waiting = work->next) == NULL)
			works.last = &works.waiting;
		works.count--;
	}
	(void)pthread_mutex_unlock(&works.lock);
	return (work);
}

static void *
work_thread(void *arg)
{
	const uint64_t	 one = 1;
	struct work	*work;

	(void)arg;
	/*
	 * Sign-ins yield to whatever is read meanwhile: Linux has a niceness
	 * for each thread. No lower class than that, as a thread that never
	 * runs would keep what it has locked, malloc's arena for one.
	 */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	while ((work = work_wait()) != NULL) {
		work->run(work);
		(void)pthread_mutex_lock(&works.lock);
		work->next = works.finished;
		works.finished = work;
		(void)pthread_mutex_unlock(&works.lock);
		/* Only fails when the counter is full: then it is awake. */
		if (write(works.fd, &one, sizeof(one)) == -1 &&
		    errno != EAGAIN)
			log_event(LOG_LEVEL_ERROR, "eventfd", "errno=%d",
			    errno);
	}
	return (NULL);
}

static void
work_ready(void *arg, int error)
{
	struct work	*work, *next;
	uint64_t	 count;

	(void)arg;
	(void)error;
	works.event.flags = 0;
	if (read(works.fd, &count, sizeof(count)) == -1)
		return;
	(void)pthread_mutex_lock(&works.lock);
	work = works.finished;
	works.finished = NULL;
	(void)pthread_mutex_unlock(&works.lock);
	for (; work != NULL; work = next) {
		next = work->next;
		work->done(work);
	}
}

enum status
work_init(void)
{
	sigset_t	all, old;
	int		failed;

	works.last = &works.waiting;
	works.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (works.fd == -1)
		return (STATUS_IO);
	works.event.type = 0;
	works.event.handle = work_ready;
	kore_platform_event_schedule(works.fd, EPOLLIN, 0, &works);

	/* Signals are the loop's. */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_BLOCK, &all, &old);
	failed = 0;
	for (works.started = 0; works.started < THREADS && !failed; )
		if ((failed = pthread_create(&works.threads[works.started],
		    NULL, work_thread, NULL)) == 0)
			works.started++;
	(void)pthread_sigmask(SIG_SETMASK, &old, NULL);
	return (failed ? STATUS_IO : STATUS_OK);
}

enum status
work_submit(struct work *work)
{
	enum status	status;

	status = STATUS_LIMIT;
	(void)pthread_mutex_lock(&works.lock);
	if (works.count < WAITING_MAX) {
		work->next = NULL;
		*works.last = work;
		works.last = &work->next;
		works.count++;
		status = STATUS_OK;
		(void)pthread_cond_signal(&works.cond);
	}
	(void)pthread_mutex_unlock(&works.lock);
	return (status);
}

bool
work_is_full(void)
{
	bool	full;

	(void)pthread_mutex_lock(&works.lock);
	full = works.count >= WAITING_MAX;
	(void)pthread_mutex_unlock(&works.lock);
	return (full);
}

void
work_fini(void)
{
	int	i;

	(void)pthread_mutex_lock(&works.lock);
	works.ending = true;
	works.waiting = NULL;
	(void)pthread_cond_broadcast(&works.cond);
	(void)pthread_mutex_unlock(&works.lock);
	for (i = 0; i < works.started; i++)
		(void)pthread_join(works.threads[i], NULL);
}
