/* SPDX-License-Identifier: EUPL-1.2 */
/* Whether bytes are CBOR (RFC 8949, 3; CTAP 2.1, 6). */

#include <stdint.h>

#include "core/proof/cbor.h"

#define DEPTH_MAX	4

enum major {
	MAJOR_UINT, MAJOR_NEGATIVE, MAJOR_BYTES, MAJOR_TEXT, MAJOR_ARRAY,
	MAJOR_MAP, MAJOR_TAG, MAJOR_SIMPLE
};

struct cbor {
	const unsigned char	*at;
	size_t			 left;
};

/* The head of an item: its kind, and its value or length. */
static bool
cbor_head(struct cbor *cbor, enum major *major, uint64_t *value)
{
	unsigned int	 more;
	size_t		 i, len;

	if (cbor->left == 0)
		return (false);
	*major = (enum major)(*cbor->at >> 5);
	more = *cbor->at & 31;
	cbor->at++;
	cbor->left--;
	*value = more;
	if (more < 24)
		return (true);
	if (more > 27)			/* reserved, or without an end */
		return (false);
	len = (size_t)1 << (more - 24);
	if (cbor->left < len)
		return (false);
	*value = 0;
	for (i = 0; i < len; i++)
		*value = *value << 8 | cbor->at[i];
	cbor->at += len;
	cbor->left -= len;
	return (true);
}

/* The depth is bounded by DEPTH_MAX, the count by the bytes that are left. */
static bool
cbor_items(struct cbor *cbor, uint64_t count, unsigned int depth)
{
	enum major	major;
	uint64_t	value;

	if (count > cbor->left || depth > DEPTH_MAX)
		return (false);
	for (; count > 0; count--) {
		if (!cbor_head(cbor, &major, &value))
			return (false);
		switch (major) {
		case MAJOR_BYTES:
		case MAJOR_TEXT:
			if (value > cbor->left)
				return (false);
			cbor->at += value;
			cbor->left -= (size_t)value;
			break;
		case MAJOR_ARRAY:
			if (!cbor_items(cbor, value, depth + 1))
				return (false);
			break;
		case MAJOR_MAP:
			if (value > cbor->left ||
			    !cbor_items(cbor, 2 * value, depth + 1))
				return (false);
			break;
		case MAJOR_TAG:
			return (false);
		case MAJOR_UINT:
		case MAJOR_NEGATIVE:
		case MAJOR_SIMPLE:
			break;
		}
	}
	return (true);
}

bool
cbor_fits(const unsigned char *bytes, size_t len, size_t items)
{
	struct cbor	cbor = { bytes, len };

	return (cbor_items(&cbor, items, 0) && cbor.left == 0);
}
