/* SPDX-License-Identifier: EUPL-1.2 */
/* Bytes of somebody else's memory. */
#ifndef STADTKERN_BYTES_H
#define STADTKERN_BYTES_H

#include <stddef.h>

struct bytes {
	const unsigned char	*at;	/* NULL: absent */
	size_t			 len;
};

#endif
