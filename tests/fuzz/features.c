/* SPDX-License-Identifier: EUPL-1.2 */
/* Parcels' features, wherever they end: all lie in the input, in order. */

#include <assert.h>
#include <stdint.h>

#include "core/tenant/features.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct features	 features;
	struct feature	 feature;
	const char	*at;
	size_t		 count;

	at = (const char *)data;
	count = 0;
	features_begin(&features, at, len);
	while (features_next(&features, &feature) == STATUS_OK) {
		assert(feature.at >= at && feature.len > 1);
		assert(feature.at + feature.len < (const char *)data + len);
		assert(*feature.at == '{' && feature.index == count++);
		at = feature.at + feature.len;
	}
	return (0);
}
