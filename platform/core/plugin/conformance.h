/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether what plugins declare fits together; see registry_load(). */
#ifndef CORE_CONFORMANCE_H
#define CORE_CONFORMANCE_H

#include "core/plugin/registry.h"

/* Statements and messages are read already. All findings at once. */
void	conformance_check(const struct registry *registry,
	    struct findings *findings);

#endif
