/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The system calls that a worker may make, and those of Kore's list that it
 * may not.
 *
 * Kore's list was written for an older glibc: newfstatat, clone3, rseq and
 * others kill the worker. It also allows more than we need: opening files for
 * writing, signals to anybody. What stands neither here nor there ends the
 * worker with SIGSYS; run with kore_seccomp_tracing to see such calls.
 *
 * "Denied" answers an error instead, for calls that a library tries and can
 * do without.
 */

#include <sys/param.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <kore/kore.h>
#include <kore/seccomp.h>

#include "seccomp.h"

/* Files: what exists may be read, nothing may be made, changed or removed. */
#define FILE_RULES						\
	KORE_SYSCALL_DENY_WITH_FLAG(openat, 2, O_WRONLY, EACCES),	\
	KORE_SYSCALL_DENY_WITH_FLAG(openat, 2, O_RDWR, EACCES),	\
	KORE_SYSCALL_DENY_WITH_FLAG(openat, 2, O_CREAT, EACCES),	\
	KORE_SYSCALL_DENY_WITH_FLAG(openat, 2, O_TRUNC, EACCES),	\
	KORE_SYSCALL_ALLOW(newfstatat),				\
	KORE_SYSCALL_ALLOW(pread64),				\
	KORE_SYSCALL_DENY(faccessat2, EACCES),			\
	KORE_SYSCALL_DENY(getdents64, EACCES),			\
	KORE_SYSCALL_DENY(statx, ENOSYS),			\
	KORE_SYSCALL_DENY(sendfile, EACCES)

/* The same through calls that newer processors' kernels no longer have. */
#if defined(SYS_open)
#define OLD_FILE_RULES						\
	KORE_SYSCALL_DENY(open, EACCES),			\
	KORE_SYSCALL_DENY(unlink, EACCES),
#else
#define OLD_FILE_RULES
#endif

/* libpq, non-blocking, over TCP and unix sockets. */
#define NETWORK_RULES						\
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_UNIX),		\
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET),		\
	KORE_SYSCALL_ALLOW_ARG(socket, 0, AF_INET6),		\
	KORE_SYSCALL_DENY(socket, EACCES),			\
	KORE_SYSCALL_ALLOW(connect),				\
	KORE_SYSCALL_ALLOW(getsockname),			\
	KORE_SYSCALL_ALLOW(getpeername),			\
	KORE_SYSCALL_ALLOW(getsockopt),				\
	KORE_SYSCALL_ALLOW(sendmsg),				\
	KORE_SYSCALL_ALLOW(recvmsg),				\
	KORE_SYSCALL_ALLOW(uname)

/* The threads of work.c; a new process is not a thread. */
#if defined(SYS_clone3)
#define CLONE3_RULE						\
	/* Its flags lie in memory: glibc then takes clone. */	\
	KORE_SYSCALL_DENY(clone3, ENOSYS),
#else
#define CLONE3_RULE
#endif
#if defined(SYS_rseq)
#define RSEQ_RULE	KORE_SYSCALL_ALLOW(rseq),
#else
#define RSEQ_RULE
#endif

#define THREAD_RULES						\
	CLONE3_RULE						\
	KORE_SYSCALL_ALLOW_WITH_FLAG(clone, 0, CLONE_THREAD),	\
	KORE_SYSCALL_DENY(clone, EPERM),			\
	RSEQ_RULE						\
	KORE_SYSCALL_ALLOW(set_robust_list),			\
	KORE_SYSCALL_ALLOW(eventfd2),				\
	KORE_SYSCALL_ALLOW(sched_getaffinity),			\
	KORE_SYSCALL_ALLOW(sched_yield),			\
	KORE_SYSCALL_ALLOW(gettid),				\
	KORE_SYSCALL_ALLOW_ARG(setpriority, 0, PRIO_PROCESS),	\
	KORE_SYSCALL_ALLOW(restart_syscall)

/* mremap: realloc of large blocks; sysinfo: glibc's qsort asks for memory. */
#define MEMORY_RULES						\
	KORE_SYSCALL_ALLOW(mremap),				\
	KORE_SYSCALL_ALLOW(mlock),				\
	KORE_SYSCALL_ALLOW(munlock),				\
	KORE_SYSCALL_ALLOW(sysinfo),				\
	KORE_SYSCALL_DENY(prlimit64, EPERM),			\
	KORE_SYSCALL_ALLOW(getrusage)

/*
 * abort(3) has to end as SIGABRT, and a worker whose parent has gone tells
 * itself to stop: signals to the own process, to no other. Its number is
 * written in by signal_rules_fill().
 */
#define SIGNAL_RULE_LEN		7	/* instructions of an ALLOW_ARG */
#define SIGNAL_RULE_VALUE	2	/* the one that holds the value */

static struct sock_filter signal_rules[] = {
	KORE_SYSCALL_ALLOW_ARG(tgkill, 0, 0),
	KORE_SYSCALL_ALLOW_ARG(kill, 0, 0),
	KORE_SYSCALL_DENY(tgkill, EPERM),
	KORE_SYSCALL_DENY(kill, EPERM),
	KORE_SYSCALL_ALLOW(rt_sigprocmask),
	KORE_SYSCALL_ALLOW(getppid),
};

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED	1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED	1
#endif
#endif

#if defined(SANITIZED)
/* What a report needs: the maps of the process and a symboliser. */
static struct sock_filter sanitizer_rules[] = {
	KORE_SYSCALL_ALLOW(openat),
	KORE_SYSCALL_ALLOW(readlinkat),
	KORE_SYSCALL_ALLOW(getdents64),
	KORE_SYSCALL_ALLOW(prlimit64),
	KORE_SYSCALL_ALLOW(prctl),
	KORE_SYSCALL_ALLOW(pipe2),
	KORE_SYSCALL_ALLOW(dup2),
	KORE_SYSCALL_ALLOW(wait4),
	KORE_SYSCALL_ALLOW(clone),
};

const char	*__asan_default_options(void);

/*
 * The leak checker traces the process at its end and would hang in the
 * sandbox; leaks are looked for in the unit tests.
 */
const char *
__asan_default_options(void)
{
	return ("detect_leaks=0");
}
#endif

static struct sock_filter worker_rules[] = {
	FILE_RULES,
	OLD_FILE_RULES
	NETWORK_RULES,
	THREAD_RULES,
	MEMORY_RULES,
};

static void
signal_rules_fill(void)
{
	const uint32_t	self = (uint32_t)getpid();

	/* One macro makes seven entries; cppcheck counts one. */
	signal_rules[SIGNAL_RULE_VALUE].k = self;
	/* cppcheck-suppress arrayIndexOutOfBounds */
	signal_rules[SIGNAL_RULE_LEN + SIGNAL_RULE_VALUE].k = self;
}

static void
rules_add(const char *name, struct sock_filter *rules, size_t count)
{
	if (!kore_seccomp_filter(name, rules, count))
		fatalx("seccomp rules registered twice: '%s'", name);
}

void
kore_seccomp_hook(void)
{
#if defined(SANITIZED)
	rules_add("sanitizer", sanitizer_rules,
	    KORE_FILTER_LEN(sanitizer_rules));
#endif
	signal_rules_fill();
	rules_add("signals", signal_rules, KORE_FILTER_LEN(signal_rules));
	rules_add("stadtkern", worker_rules, KORE_FILTER_LEN(worker_rules));
}
