/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rate limits. All workers count together, in memory that is shared because
 * it is made before the fork. Counted per hour and per what the key says;
 * which caller it was cannot be read back from a counter.
 */
#ifndef WEB_LIMIT_H
#define WEB_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

#include <stadtkern/status.h>

/* Before the fork. */
enum status	limit_init(void);

/*
 * Counts one call for `key` (a keyed hash); false when that is more than
 * `per_hour` in the clock hour of `now` (seconds).
 */
bool		limit_take(uint64_t key, unsigned int per_hour, uint64_t now);

/* `percent` of a limit; never so little that nothing is left. */
unsigned int	limit_share(unsigned int per_hour, unsigned int percent);

/* Seconds until the clock hour of `now` ends: Retry-After. */
unsigned int	limit_wait(uint64_t now);

#endif
