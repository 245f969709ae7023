/* SPDX-License-Identifier: EUPL-1.2 */
/* The system calls that a worker may make. */
#ifndef STADTKERN_WEB_SECCOMP_H
#define STADTKERN_WEB_SECCOMP_H

/*
 * Kore finds this by name and calls it in each worker before it locks the
 * sandbox; the rules come before Kore's own, and the first that fits decides.
 * Aborts the worker when they cannot be registered.
 */
void	kore_seccomp_hook(void);

#endif
