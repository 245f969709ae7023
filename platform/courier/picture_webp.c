/* SPDX-License-Identifier: EUPL-1.2 */
/* WebP in, through libwebp. Of an animation the first frame is taken. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <webp/decode.h>

#include "courier/exif.h"
#include "courier/picture.h"

#define CHUNK_HEAD	8
#define FRAME_HEAD	16	/* of ANMF, RFC 9649, 2.7.1.1 */

static size_t
webp_u32(const unsigned char *at)
{
	return (at[0] | (size_t)at[1] << 8 | (size_t)at[2] << 16 |
	    (size_t)at[3] << 24);
}

/*
 * The content of the first chunk `tag` below the RIFF header, or NULL. The
 * library that splits animations is another 50 kB of foreign code; this is
 * what it takes to do without.
 */
static const unsigned char *
webp_chunk_find(const unsigned char *bytes, size_t len, const char *tag,
    size_t *found)
{
	size_t	 pos, size;

	for (pos = 12; pos <= len && len - pos >= CHUNK_HEAD;
	    pos += CHUNK_HEAD + size + (size & 1)) {
		size = webp_u32(bytes + pos + 4);
		if (size > len - pos - CHUNK_HEAD)
			return (NULL);
		if (memcmp(bytes + pos, tag, 4) == 0) {
			*found = size;
			return (bytes + pos + CHUNK_HEAD);
		}
	}
	return (NULL);
}

static void
webp_lay_on_white(struct picture *picture, const unsigned char *rgba)
{
	unsigned char	*to;
	size_t		 left;
	unsigned int	 i, value;

	to = picture->rgb;
	for (left = (size_t)picture->width * picture->height; left > 0;
	    left--, rgba += 4) {
		for (i = 0; i < 3; i++) {
			/* The colours were multiplied by alpha already. */
			value = rgba[i] + 255u - rgba[3];
			*to++ = value > 255 ? 255 : (unsigned char)value;
		}
	}
}

static enum status
webp_failure(VP8StatusCode code)
{
	return (code == VP8_STATUS_OUT_OF_MEMORY ? STATUS_LIMIT :
	    STATUS_INVALID);
}

static enum status
webp_read(const unsigned char *bytes, size_t len, WebPDecoderConfig *config,
    struct picture *picture)
{
	VP8StatusCode	 code;
	enum status	 status;
	unsigned int	 width, height;

	width = (unsigned int)config->input.width;
	height = (unsigned int)config->input.height;
	status = picture_init(picture, width, height);
	if (status != STATUS_OK)
		return (status);
	config->output.colorspace = MODE_rgbA;
	code = WebPDecode(bytes, len, config);
	if (code != VP8_STATUS_OK) {
		picture_fini(picture);
		return (webp_failure(code));
	}
	webp_lay_on_white(picture, config->output.u.RGBA.rgba);
	return (STATUS_OK);
}

enum status
picture_decode_webp(const unsigned char *bytes, size_t len,
    struct picture *picture, unsigned int *orientation)
{
	WebPDecoderConfig	 config;
	const unsigned char	*chunk;
	VP8StatusCode		 code;
	enum status		 status;
	size_t			 size;

	picture->rgb = NULL;
	if (len < 12)
		return (STATUS_INVALID);
	chunk = webp_chunk_find(bytes, len, "EXIF", &size);
	if (chunk != NULL)
		*orientation = exif_orientation(chunk, size);
	/* A frame's chunks stand where a simple file's would. */
	chunk = webp_chunk_find(bytes, len, "ANMF", &size);
	if (chunk != NULL) {
		if (size < FRAME_HEAD)
			return (STATUS_INVALID);
		bytes = chunk + FRAME_HEAD;
		len = size - FRAME_HEAD;
	}
	if (!WebPInitDecoderConfig(&config))
		return (STATUS_INVALID);
	code = WebPGetFeatures(bytes, len, &config.input);
	if (code != VP8_STATUS_OK)
		return (webp_failure(code));
	status = webp_read(bytes, len, &config, picture);
	WebPFreeDecBuffer(&config.output);
	return (status);
}
