/* SPDX-License-Identifier: EUPL-1.2 */
/* Rate limits in shared memory. */

#include <sys/mman.h>

#include <stdatomic.h>
#include <stddef.h>

#include "web/limit.h"

#define SLOTS		(1u << 17)
#define PROBES		8
#define HOUR		3600u

/* One word a counter, so that one compare-and-swap is one count:
 * 28 bits of the key, 16 of the hour, 20 of the count. */
#define TAG(word)	((word) >> 36)
#define WINDOW(word)	(((word) >> 20) & 0xffff)
#define COUNT_MAX	0xfffffu
#define COUNT(word)	((word) & COUNT_MAX)

static _Atomic uint64_t	*slots;

enum status
limit_init(void)
{
	void	*memory;

	memory = mmap(NULL, SLOTS * sizeof(*slots), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return (STATUS_IO);
	slots = memory;
	return (STATUS_OK);
}

bool
limit_take(uint64_t key, unsigned int per_hour, uint64_t now)
{
	uint64_t	 word, next, tag, window;
	size_t		 at;
	unsigned int	 i;

	if (per_hour > COUNT_MAX)
		per_hour = COUNT_MAX;
	tag = key >> 36;
	window = (now / HOUR) & 0xffff;
	for (i = 0; i < PROBES; i++) {
		at = ((size_t)key + i) % SLOTS;
		word = atomic_load(&slots[at]);
		do {
			/* Taken by another key in this hour: the next slot;
			 * the last one is shared, which is only stricter. */
			if (word != 0 && WINDOW(word) == window &&
			    TAG(word) != tag && i + 1 < PROBES)
				break;
			if (word == 0 || WINDOW(word) != window)
				next = tag << 36 | window << 20 | 1;
			else if (COUNT(word) >= per_hour)
				return (false);
			else
				next = word + 1;
			if (atomic_compare_exchange_weak(&slots[at], &word,
			    next))
				return (per_hour != 0);
		} while (1);
	}
	return (true);
}

unsigned int
limit_share(unsigned int per_hour, unsigned int percent)
{
	uint64_t	share;

	share = (uint64_t)per_hour * percent / 100;
	return (share == 0 ? 1 : share > COUNT_MAX ? COUNT_MAX :
	    (unsigned int)share);
}

unsigned int
limit_wait(uint64_t now)
{
	return (HOUR - (unsigned int)(now % HOUR));
}
