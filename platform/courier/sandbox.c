/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Outside the sandbox: starts it, feeds it, reads what it says with as much
 * distrust as anything from the net, and ends it when time is up.
 */

#include <sys/types.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <stadtkern/image.h>

#include "core/log.h"
#include "courier/picture.h"
#include "courier/sandbox.h"
#include "courier/sandbox_pipe.h"

struct sandbox {
	pid_t		 pid;
	int		 in;		/* the child reads this; -1: closed */
	int		 out;		/* the child writes that */
	int64_t		 deadline;	/* milliseconds, CLOCK_MONOTONIC */
	struct bytes	 content;
	struct sandbox_request request;
	size_t		 sent;		/* of request and content together */
	unsigned char	*result;
	size_t		 result_len;
	size_t		 result_cap;
};

static int64_t
now_ms(void)
{
	struct timespec	 now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

/* Becomes the child. Only async-signal-safe calls from here. */
static void __attribute__((noreturn))
sandbox_become(int in, int out)
{
	char		 name[] = "stadtkern", command[] = SANDBOX_COMMAND;
	char *const	 argv[] = { name, command, NULL };
	char *const	 environment[] = { NULL };
	sigset_t	 none;

	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* The pipe's ends may be 0 to 2 themselves. */
	in = fcntl(in, F_DUPFD, 3);
	out = fcntl(out, F_DUPFD, 3);
	if (in == -1 || out == -1 || dup2(in, STDIN_FILENO) == -1 ||
	    dup2(out, STDOUT_FILENO) == -1)
		_exit(SANDBOX_EXIT);
	(void)close(STDERR_FILENO);
	if (open("/dev/null", O_WRONLY) != STDERR_FILENO ||
	    close_range(3, ~0U, 0) == -1)
		_exit(SANDBOX_EXIT);
	(void)execve("/proc/self/exe", argv, environment);
	_exit(SANDBOX_EXIT);
}

static enum status
sandbox_start(struct sandbox *sandbox)
{
	int	 in[2], out[2];

	if (pipe2(in, O_CLOEXEC) == -1)
		return (STATUS_IO);
	if (pipe2(out, O_CLOEXEC) == -1) {
		(void)close(in[0]);
		(void)close(in[1]);
		return (STATUS_IO);
	}
	sandbox->pid = fork();
	if (sandbox->pid == 0)
		sandbox_become(in[0], out[1]);
	(void)close(in[0]);
	(void)close(out[1]);
	sandbox->in = in[1];
	sandbox->out = out[0];
	if (sandbox->pid == -1 ||
	    fcntl(sandbox->in, F_SETFL, O_NONBLOCK) == -1 ||
	    fcntl(sandbox->out, F_SETFL, O_NONBLOCK) == -1)
		return (STATUS_IO);
	return (STATUS_OK);
}

static void
sandbox_close_in(struct sandbox *sandbox)
{
	if (sandbox->in != -1)
		(void)close(sandbox->in);
	sandbox->in = -1;
}

static void
sandbox_send(struct sandbox *sandbox)
{
	const unsigned char	*from;
	ssize_t			 put;
	size_t			 left;

	if (sandbox->sent < sizeof(sandbox->request)) {
		from = (const unsigned char *)&sandbox->request +
		    sandbox->sent;
		left = sizeof(sandbox->request) - sandbox->sent;
	} else {
		from = sandbox->content.at + sandbox->sent -
		    sizeof(sandbox->request);
		left = sandbox->content.len + sizeof(sandbox->request) -
		    sandbox->sent;
	}
	put = write(sandbox->in, from, left);
	if (put > 0)
		sandbox->sent += (size_t)put;
	else if (put == -1 && errno != EAGAIN && errno != EINTR)
		/* It ended early; how, waitpid() will tell. */
		sandbox_close_in(sandbox);
	if (sandbox->sent == sizeof(sandbox->request) + sandbox->content.len)
		sandbox_close_in(sandbox);
}

/* STATUS_NOT_FOUND at the end of what the child says. */
static enum status
sandbox_receive(struct sandbox *sandbox)
{
	ssize_t	 got;

	if (sandbox->result_len == sandbox->result_cap)
		return (STATUS_LIMIT);
	got = read(sandbox->out, sandbox->result + sandbox->result_len,
	    sandbox->result_cap - sandbox->result_len);
	if (got == 0)
		return (STATUS_NOT_FOUND);
	if (got > 0)
		sandbox->result_len += (size_t)got;
	else if (errno != EAGAIN && errno != EINTR)
		return (STATUS_IO);
	return (STATUS_OK);
}

/* STATUS_OK when the child closed its end, STATUS_LIMIT when time is up. */
static enum status
sandbox_talk(struct sandbox *sandbox)
{
	struct pollfd	 fds[2];
	enum status	 status;
	int64_t		 left;

	for (;;) {
		left = sandbox->deadline - now_ms();
		if (left <= 0)
			return (STATUS_LIMIT);
		fds[0].fd = sandbox->out;
		fds[0].events = POLLIN;
		fds[1].fd = sandbox->in;
		fds[1].events = POLLOUT;
		if (poll(fds, 2, (int)left) == -1 && errno != EINTR)
			return (STATUS_IO);
		if (sandbox->in != -1 && fds[1].revents != 0)
			sandbox_send(sandbox);
		if (fds[0].revents == 0)
			continue;
		status = sandbox_receive(sandbox);
		if (status == STATUS_NOT_FOUND)
			return (STATUS_OK);
		if (status != STATUS_OK)
			return (status);
	}
}

/*
 * What the end of the child means. A kill by the filter is an attack or a
 * call that was forgotten: either way the picture is not opened again.
 */
static enum status
sandbox_reap(struct sandbox *sandbox, enum status talked, const char **reason)
{
	int	 how;

	sandbox_close_in(sandbox);
	(void)close(sandbox->out);
	if (sandbox->pid == -1)
		return (STATUS_IO);
	/* It has nothing left to say; a straggler is not waited for. */
	if (talked != STATUS_OK)
		(void)kill(sandbox->pid, SIGKILL);
	while (waitpid(sandbox->pid, &how, 0) == -1) {
		if (errno != EINTR)
			return (STATUS_IO);
	}
	if (talked == STATUS_IO)
		return (STATUS_IO);
	if (talked == STATUS_LIMIT) {
		*reason = "too-expensive";
		return (STATUS_REFUSED);
	}
	if (WIFEXITED(how))
		return (WEXITSTATUS(how) == 0 ? STATUS_OK : STATUS_IO);
	log_event(LOG_LEVEL_WARN, "image child was killed", "signal=%d",
	    WTERMSIG(how));
	*reason = WTERMSIG(how) == SIGKILL || WTERMSIG(how) == SIGXCPU ?
	    "too-expensive" : image_verdict_text(IMAGE_DAMAGED);
	return (STATUS_REFUSED);
}

static enum status
sandbox_live(struct sandbox *sandbox, const char **reason)
{
	enum status	 status;

	status = sandbox_start(sandbox);
	if (status == STATUS_OK)
		status = sandbox_talk(sandbox);
	else if (sandbox->pid == 0)
		return (STATUS_IO);
	return (sandbox_reap(sandbox, status, reason));
}

enum status
sandbox_run(struct arena *arena, const struct sandbox_request *request,
    struct bytes content, const struct sandbox_limits *limits,
    struct bytes *result, const char **reason)
{
	struct sandbox	 sandbox = { .in = -1, .out = -1 };
	enum status	 status;

	if (content.len > SANDBOX_CONTENT_MAX) {
		*reason = "too-expensive";
		return (STATUS_REFUSED);
	}
	sandbox.content = content;
	sandbox.request = *request;
	sandbox.request.len = (uint32_t)content.len;
	sandbox.request.cpu = limits != NULL ? limits->cpu : SANDBOX_CPU;
	sandbox.deadline = now_ms() +
	    (limits != NULL ? limits->wall : SANDBOX_WALL) * 1000;
	sandbox.result_cap = SANDBOX_RESULT_MAX;
	if ((sandbox.result = malloc(sandbox.result_cap)) == NULL)
		return (STATUS_IO);
	status = sandbox_live(&sandbox, reason);
	if (status == STATUS_OK)
		*result = (struct bytes){ arena_copy(arena, sandbox.result,
		    sandbox.result_len), sandbox.result_len };
	free(sandbox.result);
	return (status);
}

enum status
sandbox_open(struct arena *arena, struct bytes content,
    const struct blacken *blacken, const struct sandbox_limits *limits,
    struct sandbox_picture *picture, const char **reason)
{
	struct sandbox_request	 request = { .task = SANDBOX_PICTURE };
	struct bytes		 result;
	enum status		 status;

	if (blacken != NULL)
		request.blacken = *blacken;
	status = sandbox_run(arena, &request, content, limits, &result,
	    reason);
	if (status != STATUS_OK)
		return (status);
	return (sandbox_answer_read(arena, result, picture, reason));
}
