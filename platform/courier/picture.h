/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Decoding, turning, scaling and writing pictures. Meant for the sandbox
 * (sandbox.h) alone: the decoders below have had memory errors before and
 * will have them again.
 *
 * Colour profiles are ignored: pictures are taken as sRGB.
 */
#ifndef COURIER_PICTURE_H
#define COURIER_PICTURE_H

#include <stddef.h>

#include <stadtkern/image.h>
#include <stadtkern/status.h>

#define PICTURE_EDGE		2048u	/* longest edge of the large one */
#define PICTURE_QUALITY		82
#define PICTURE_THUMBNAIL	400u	/* and of the small one */
#define PICTURE_THUMBNAIL_QUALITY 75

/* Eight bits each of red, green and blue, rows from the top, no padding. */
struct picture {
	unsigned int	 width;
	unsigned int	 height;
	unsigned char	*rgb;		/* malloc()ed */
};

enum picture_form { PICTURE_BASELINE, PICTURE_PROGRESSIVE };

/*
 * Decodes a picture, upright and with transparency laid on white.
 * Of an animation the first picture is taken. A JPEG much larger
 * than PICTURE_EDGE comes out already reduced by 2, 4 or 8.
 * STATUS_INVALID: not decodable; STATUS_LIMIT: no memory for it.
 */
enum status	picture_decode(const unsigned char *bytes, size_t len,
		    enum image_type type, struct picture *picture);

/* Each decoder on its own. `orientation` is Exif's, 1 to 8. */
enum status	picture_decode_jpeg(const unsigned char *bytes, size_t len,
		    struct picture *picture, unsigned int *orientation);
enum status	picture_decode_png(const unsigned char *bytes, size_t len,
		    struct picture *picture, unsigned int *orientation);
enum status	picture_decode_webp(const unsigned char *bytes, size_t len,
		    struct picture *picture, unsigned int *orientation);

/* Memory for width × height pixels; STATUS_LIMIT above IMAGE_PIXELS_MAX. */
enum status	picture_init(struct picture *picture, unsigned int width,
		    unsigned int height);
/* Frees what picture_init() and the functions below took. */
void		picture_fini(struct picture *picture);

/* A copy with no edge above `edge`, each pixel the mean of those it
 * covers; never larger than the original. */
enum status	picture_scale(const struct picture *from, unsigned int edge,
		    struct picture *to);

/*
 * Writes a JPEG with a JFIF header and no other application data. `*bytes`
 * is to be freed with free().
 */
enum status	picture_encode(const struct picture *picture, int quality,
		    enum picture_form form, unsigned char **bytes,
		    size_t *len);

#endif
