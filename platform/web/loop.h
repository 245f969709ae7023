/* SPDX-License-Identifier: EUPL-1.2 */
/* The pool's links on Kore's event loop. */
#ifndef WEB_LOOP_H
#define WEB_LOOP_H

#include "db/pool.h"

extern const struct pool_loop loop_kore;

#endif
