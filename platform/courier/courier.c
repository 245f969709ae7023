/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The courier's first process: starts those that do the work, starts
 * one again that died, and ends them. It opens nothing itself.
 */

#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>
#include <sodium.h>

#include "core/document/file.h"
#include "core/log.h"
#include "courier/courier.h"
#include "courier/part.h"

#define QUERIES_MAX	(256u * 1024)
#define PARTS		8
#define RESTART_SECONDS	1	/* how often is looked who died */

struct child {
	const char	*name;
	int		(*run)(struct part *);
	pid_t		 pid;
	time_t		 started;
};

static void
on_stop(int signal_number)
{
	(void)signal_number;
	part_stop = 1;
}

static void
on_child(int signal_number)
{
	(void)signal_number;
}

/* All of them stay blocked but while somebody waits, see part_wait(). */
static void
signals_set(sigset_t *blocked)
{
	struct sigaction	 action;

	memset(&action, 0, sizeof(action));
	(void)sigemptyset(&action.sa_mask);
	action.sa_handler = on_stop;
	(void)sigaction(SIGTERM, &action, NULL);
	(void)sigaction(SIGINT, &action, NULL);
	action.sa_handler = on_child;
	(void)sigaction(SIGCHLD, &action, NULL);
	action.sa_handler = SIG_IGN;
	(void)sigaction(SIGPIPE, &action, NULL);
	(void)sigemptyset(blocked);
	(void)sigaddset(blocked, SIGTERM);
	(void)sigaddset(blocked, SIGINT);
	(void)sigaddset(blocked, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, blocked, NULL);
}

static void
findings_log(struct arena *arena, const struct findings *findings)
{
	const struct finding	*finding;

	for (finding = findings->first; finding != NULL;
	    finding = finding->next)
		log_event(LOG_LEVEL_ERROR, "finding", "at=\"%s\"",
		    part_log_text(arena, finding_line(arena, finding)));
}

static enum status
statements_load(struct arena *arena, const struct env *env,
    struct statement **statements, struct findings *findings)
{
	const char	*path;
	char		*text;
	size_t		 len;

	path = arena_format(arena, "%s/platform/courier/queries.sql",
	    env->home);
	if (file_read(arena, path, QUERIES_MAX, &text, &len) != STATUS_OK) {
		log_event(LOG_LEVEL_ERROR, "cannot read the statements",
		    "file=\"%s\"", path);
		return (STATUS_IO);
	}
	return (statements_read(arena, "courier", path, text, len, statements,
	    findings));
}

static enum status
part_load(struct arena *arena, const struct env *env, struct part *part)
{
	struct registry		*registry;
	struct statement	*statements;
	struct findings		 findings;
	enum status		 status;

	findings_init(&findings, arena);
	status = registry_load(&registry, env->home, env->objects, &findings);
	if (status == STATUS_OK)
		status = statements_load(arena, env, &statements, &findings);
	findings_log(arena, &findings);
	if (status != STATUS_OK)
		return (status);
	part->env = env;
	part->registry = registry;
	part->statements = statements;
	return (STATUS_OK);
}

static void
child_start(struct child *child, struct part *part)
{
	pid_t	 parent;
	int	 code;

	parent = getpid();
	child->started = time(NULL);
	child->pid = fork();
	if (child->pid == -1)
		log_event(LOG_LEVEL_ERROR, "cannot start a process",
		    "part=%s errno=%d", child->name, errno);
	if (child->pid != 0)
		return;
	/* Work without the one who would end it is work nobody ends. */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	log_init(child->name);
	code = child->run(part);
	PQfinish(part->db);
	_exit(code);
}

static void
children_reap(struct child *children)
{
	pid_t	 pid;
	int	 i, how;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		for (i = 0; i < PARTS; i++) {
			if (children[i].pid != pid)
				continue;
			children[i].pid = -1;
			if (!part_stop)
				log_event(LOG_LEVEL_ERROR, "a part ended and "
				    "is started again", "part=%s status=%d",
				    children[i].name, how);
		}
	}
}

static bool
children_left(const struct child *children)
{
	int	 i;

	for (i = 0; i < PARTS; i++) {
		if (children[i].pid > 0)
			return (true);
	}
	return (false);
}

static void
children_keep(struct child *children, struct part *part,
    const sigset_t *blocked)
{
	const struct timespec	 pause = { .tv_sec = RESTART_SECONDS };
	int			 i, taken;

	while (!part_stop) {
		for (i = 0; i < PARTS; i++) {
			/* What dies at once is not started in a circle. */
			if (children[i].pid <= 0 &&
			    children[i].started != time(NULL))
				child_start(&children[i], part);
		}
		taken = sigtimedwait(blocked, NULL, &pause);
		/* Taken from the queue, so that no handler ran. */
		if (taken == SIGTERM || taken == SIGINT)
			part_stop = 1;
		children_reap(children);
	}
}

int
courier_run(const struct env *env)
{
	struct child	 children[PARTS] = {
		{ "courier", jobs_run, -1, 0 },
		{ "courier", jobs_run, -1, 0 },
		{ "pictures", pictures_run, -1, 0 },
		{ "schedules", schedules_run, -1, 0 },
		{ "watch", watch_run, -1, 0 },
		{ "basemap", basemap_run, -1, 0 },
		{ "audit", audit_run, -1, 0 },
		{ "mailbox", mailbox_run, -1, 0 },
	};
	const struct timespec pause = { .tv_sec = RESTART_SECONDS };
	struct part	 part = { .db = NULL };
	struct arena	*arena;
	sigset_t	 blocked;
	int		 i, code;

	if (sodium_init() == -1 || curl_global_init(CURL_GLOBAL_ALL) != 0)
		return (1);
	signals_set(&blocked);
	arena = arena_new(0);
	code = 1;
	if (part_load(arena, env, &part) == STATUS_OK) {
		log_event(LOG_LEVEL_INFO, "courier starts", "%s", "");
		children_keep(children, &part, &blocked);
		for (i = 0; i < PARTS; i++) {
			if (children[i].pid > 0)
				(void)kill(children[i].pid, SIGTERM);
		}
		for (; children_left(children); children_reap(children))
			(void)sigtimedwait(&blocked, NULL, &pause);
		log_event(LOG_LEVEL_INFO, "courier ends", "%s", "");
		code = 0;
	}
	arena_free(arena);
	curl_global_cleanup();
	return (code);
}
