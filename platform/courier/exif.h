/* SPDX-License-Identifier: EUPL-1.2 */
/* The one thing wanted of a picture's Exif data: which way is up. */
#ifndef COURIER_EXIF_H
#define COURIER_EXIF_H

#include <stddef.h>

/*
 * The orientation 1 to 8 of a TIFF structure (Exif 2.32, 4.6.4 A, tag 0x0112
 * of IFD0; TIFF 6.0, section 2), 1 when it is absent or not to be made out.
 * An "Exif\0\0" before it is skipped.
 */
unsigned int	exif_orientation(const unsigned char *bytes, size_t len);

#endif
