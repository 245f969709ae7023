/* SPDX-License-Identifier: EUPL-1.2 */
/* The walls of the sandbox: limits, identity, network, system calls. */

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <errno.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "courier/sandbox.h"

#if defined(__x86_64__)
#define ARCHITECTURE	AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE	AUDIT_ARCH_AARCH64
#else
#error "the sandbox's filter has to be written for this architecture"
#endif

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED	1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED	1
#endif

#define NOBODY		65534

/* The low half of argument `n`; all supported machines are little-endian. */
#define ARGUMENT(n)							\
	(offsetof(struct seccomp_data, args) + (n) * sizeof(uint64_t))

#define LOAD(offset)							\
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define KILL								\
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS)
#define ALLOW_ALL							\
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define ALLOW(call)							\
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1),		\
	ALLOW_ALL
/* Memory, but none that can be executed. */
#define ALLOW_DATA(call)						\
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 4),		\
	LOAD(ARGUMENT(2)),						\
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),		\
	KILL,								\
	ALLOW_ALL

static struct sock_filter	 filter[] = {
	LOAD(offsetof(struct seccomp_data, arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
	KILL,
	LOAD(offsetof(struct seccomp_data, nr)),
	ALLOW(read),
	ALLOW(write),
	ALLOW(brk),
	ALLOW(munmap),
	ALLOW(mremap),
	ALLOW(madvise),
	ALLOW(futex),
	ALLOW(clock_gettime),
	ALLOW(rt_sigreturn),
	ALLOW(exit),
	ALLOW(exit_group),
#ifdef SANITIZED
	ALLOW(getpid),
	ALLOW(gettid),
	ALLOW(sigaltstack),
	ALLOW(rt_sigprocmask),
	ALLOW(rt_sigaction),
	ALLOW(sched_yield),
#endif
	ALLOW_DATA(mmap),
	ALLOW_DATA(mprotect),
	KILL,
};

static enum status
limits_set(unsigned int cpu_seconds)
{
	struct {
		int	 what;
		rlim_t	 value;
	} limits[] = {
		{ RLIMIT_CPU, cpu_seconds },
		{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_NPROC, 0 },
		{ RLIMIT_NOFILE, 3 },
#ifndef SANITIZED
		/* The sanitizers' shadow is larger than any memory. */
		{ RLIMIT_AS, SANDBOX_MEMORY },
#endif
	};
	struct rlimit	 limit;
	size_t		 i;

	for (i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		limit.rlim_cur = limit.rlim_max = limits[i].value;
		if (setrlimit((__rlimit_resource_t)limits[i].what,
		    &limit) == -1)
			return (STATUS_IO);
	}
	return (STATUS_OK);
}

static enum status
identity_drop(void)
{
	if (geteuid() != 0)
		return (STATUS_OK);
	if (setgroups(0, NULL) == -1 ||
	    setresgid(NOBODY, NOBODY, NOBODY) == -1 ||
	    setresuid(NOBODY, NOBODY, NOBODY) == -1)
		return (STATUS_IO);
	return (STATUS_OK);
}

enum status
sandbox_enter(unsigned int cpu_seconds)
{
	const struct sock_fprog	 program = {
		.len = sizeof(filter) / sizeof(filter[0]),
		.filter = filter,
	};
	void *volatile		 first;

	/* The C library's first malloc() asks for random bytes; volatile, as
	 * a compiler knows that nothing comes of it. */
	first = malloc(1);
	free(first);
	/* A second wall: where it is not permitted, the filter stands. */
	(void)unshare(CLONE_NEWNET);
	if (identity_drop() != STATUS_OK ||
	    limits_set(cpu_seconds) != STATUS_OK)
		return (STATUS_IO);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == -1)
		return (STATUS_IO);
	return (STATUS_OK);
}
