/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Whether bytes are CBOR as CTAP2 writes it (its section 6, message encoding):
 * definite lengths, at most four levels. libfido2 reads it; but libcbor, on
 * which that stands, takes minutes over lengths that somebody made up.
 */
#ifndef CORE_PROOF_CBOR_H
#define CORE_PROOF_CBOR_H

#include <stdbool.h>
#include <stddef.h>

/* Whether there are `items` items after one another, and nothing else. */
bool	cbor_fits(const unsigned char *bytes, size_t len, size_t items);

#endif
