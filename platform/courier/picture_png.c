/* SPDX-License-Identifier: EUPL-1.2 */
/* PNG in, through libpng. Of an animated one the still picture is taken. */

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "courier/exif.h"
#include "courier/picture.h"

#define PNG_CHUNKS_MAX		1000
#define PNG_CHUNK_BYTES_MAX	(8u * 1024 * 1024)

struct png_reading {
	const unsigned char	*at;
	size_t			 left;
	png_structp		 png;
	png_infop		 info;
	unsigned char		*rgba;
	unsigned char		**rows;
	enum status		 status;
};

static void __attribute__((noreturn))
png_on_error(png_structp png, png_const_charp text)
{
	(void)text;
	png_longjmp(png, 1);
}

static void
png_on_warning(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

static void
png_on_read(png_structp png, png_bytep to, size_t len)
{
	struct png_reading	*reading;

	reading = png_get_io_ptr(png);
	if (len > reading->left)
		png_error(png, "truncated");
	memcpy(to, reading->at, len);
	reading->at += len;
	reading->left -= len;
}

/* Texts and profiles are not wanted, and can be bombs of their own. */
static void
png_skip_extras(struct png_reading *reading)
{
	static const png_byte	 names[] = "iCCP\0iTXt\0sPLT\0tEXt\0zTXt";

	png_set_keep_unknown_chunks(reading->png, PNG_HANDLE_CHUNK_NEVER,
	    names, sizeof(names) / 5);
}

static void
png_want_rgba(struct png_reading *reading)
{
	png_set_expand(reading->png);
	png_set_scale_16(reading->png);
	png_set_gray_to_rgb(reading->png);
	png_set_add_alpha(reading->png, 0xff, PNG_FILLER_AFTER);
	(void)png_set_interlace_handling(reading->png);
	png_read_update_info(reading->png, reading->info);
}

static enum status
png_rows_alloc(struct png_reading *reading, size_t width, size_t height)
{
	size_t	 y;

	if (png_get_rowbytes(reading->png, reading->info) != width * 4)
		return (STATUS_INVALID);
	reading->rgba = malloc(width * height * 4);
	reading->rows = malloc(height * sizeof(*reading->rows));
	if (reading->rgba == NULL || reading->rows == NULL)
		return (STATUS_LIMIT);
	for (y = 0; y < height; y++)
		reading->rows[y] = reading->rgba + y * width * 4;
	return (STATUS_OK);
}

static void
png_lay_on_white(struct picture *picture, const unsigned char *rgba)
{
	unsigned char	*to;
	size_t		 left;
	unsigned int	 alpha, i;

	to = picture->rgb;
	for (left = (size_t)picture->width * picture->height; left > 0;
	    left--, rgba += 4) {
		alpha = rgba[3];
		for (i = 0; i < 3; i++)
			*to++ = (unsigned char)((rgba[i] * alpha +
			    255 * (255 - alpha) + 127) / 255);
	}
}

static void
png_orientation(struct png_reading *reading, unsigned int *orientation)
{
	png_bytep	 exif;
	png_uint_32	 len;

	if (png_get_eXIf_1(reading->png, reading->info, &len, &exif) != 0)
		*orientation = exif_orientation(exif, len);
}

/* Runs below the setjmp(): failures of the library do not return here. */
static enum status
png_read(struct png_reading *reading, unsigned int *orientation)
{
	enum status	 status;
	png_uint_32	 width, height;

	png_set_read_fn(reading->png, reading, png_on_read);
	png_set_chunk_cache_max(reading->png, PNG_CHUNKS_MAX);
	png_set_chunk_malloc_max(reading->png, PNG_CHUNK_BYTES_MAX);
	png_skip_extras(reading);
	png_read_info(reading->png, reading->info);
	width = png_get_image_width(reading->png, reading->info);
	height = png_get_image_height(reading->png, reading->info);
	if ((uint64_t)width * height > IMAGE_PIXELS_MAX)
		return (STATUS_LIMIT);
	png_want_rgba(reading);
	status = png_rows_alloc(reading, width, height);
	if (status != STATUS_OK)
		return (status);
	png_read_image(reading->png, reading->rows);
	png_read_end(reading->png, reading->info);
	png_orientation(reading, orientation);
	return (STATUS_OK);
}

enum status
picture_decode_png(const unsigned char *bytes, size_t len,
    struct picture *picture, unsigned int *orientation)
{
	struct png_reading	 reading = { .at = bytes, .left = len };

	picture->rgb = NULL;
	reading.status = STATUS_LIMIT;
	reading.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reading,
	    png_on_error, png_on_warning);
	if (reading.png == NULL)
		return (STATUS_LIMIT);
	reading.info = png_create_info_struct(reading.png);
	if (reading.info != NULL) {
		reading.status = STATUS_INVALID;
		if (setjmp(png_jmpbuf(reading.png)) == 0)
			reading.status = png_read(&reading, orientation);
	}
	if (reading.status == STATUS_OK)
		reading.status = picture_init(picture,
		    png_get_image_width(reading.png, reading.info),
		    png_get_image_height(reading.png, reading.info));
	if (reading.status == STATUS_OK)
		png_lay_on_white(picture, reading.rgba);
	png_destroy_read_struct(&reading.png, &reading.info, NULL);
	free(reading.rgba);
	free(reading.rows);
	return (reading.status);
}
