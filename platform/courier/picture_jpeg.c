/* SPDX-License-Identifier: EUPL-1.2 */
/* JPEG in and out, through libjpeg-turbo. */

#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <jpeglib.h>
#include <jerror.h>

#include "courier/exif.h"
#include "courier/picture.h"

/* A progressive file may ask for the whole picture thousands of times. */
#define JPEG_SCANS_MAX		100
#define JPEG_MEMORY_MAX		(512L * 1024 * 1024)

struct jpeg_failure {
	struct jpeg_error_mgr	 manager;
	jmp_buf			 back;
	enum status		 status;
};

struct jpeg_reading {
	struct jpeg_decompress_struct	 jpeg;
	struct jpeg_failure		 failure;
	struct jpeg_progress_mgr	 progress;
	struct picture			*picture;
	unsigned char			*row;	/* CMYK only */
};

struct jpeg_writing {
	struct jpeg_compress_struct	 jpeg;
	struct jpeg_failure		 failure;
	unsigned char			*bytes;
	unsigned long			 len;
};

static void __attribute__((noreturn))
jpeg_on_error(j_common_ptr jpeg)
{
	struct jpeg_failure	*failure;

	failure = (struct jpeg_failure *)(void *)jpeg->err;
	failure->status = jpeg->err->msg_code == JERR_OUT_OF_MEMORY ?
	    STATUS_LIMIT : STATUS_INVALID;
	longjmp(failure->back, 1);
}

/* Negative levels are warnings. Two of them say that pixels are missing. */
static void
jpeg_on_message(j_common_ptr jpeg, int level)
{
	if (level >= 0)
		return;
	if (jpeg->err->msg_code == JWRN_HIT_MARKER ||
	    jpeg->err->msg_code == JWRN_JPEG_EOF)
		jpeg_on_error(jpeg);
	jpeg->err->num_warnings++;
}

static void
jpeg_on_output(j_common_ptr jpeg)
{
	(void)jpeg;
}

static void
jpeg_on_progress(j_common_ptr jpeg)
{
	const struct jpeg_decompress_struct	*reading;

	reading = (const struct jpeg_decompress_struct *)(const void *)jpeg;
	if (reading->input_scan_number > JPEG_SCANS_MAX)
		jpeg_on_error(jpeg);
}

static struct jpeg_error_mgr *
jpeg_failure_init(struct jpeg_failure *failure)
{
	(void)jpeg_std_error(&failure->manager);
	failure->manager.error_exit = jpeg_on_error;
	failure->manager.emit_message = jpeg_on_message;
	failure->manager.output_message = jpeg_on_output;
	failure->status = STATUS_OK;
	return (&failure->manager);
}

static unsigned int
jpeg_orientation(const struct jpeg_decompress_struct *jpeg)
{
	const struct jpeg_marker_struct	*marker;

	for (marker = jpeg->marker_list; marker != NULL;
	    marker = marker->next) {
		if (marker->data_length >= 6 && marker->data[0] == 'E' &&
		    marker->data[1] == 'x' && marker->data[2] == 'i' &&
		    marker->data[3] == 'f' && marker->data[4] == 0)
			return (exif_orientation(marker->data,
			    marker->data_length));
	}
	return (1);
}

static unsigned int
jpeg_reduction(const struct jpeg_decompress_struct *jpeg)
{
	unsigned int	 longest, reduction;

	longest = jpeg->image_width > jpeg->image_height ?
	    jpeg->image_width : jpeg->image_height;
	for (reduction = 8; reduction > 1; reduction /= 2) {
		if (longest / reduction >= PICTURE_EDGE)
			break;
	}
	return (reduction);
}

/*
 * Without a profile ink can only be taken at its word. Adobe's programs
 * store it inverted (0 is full ink) and say so by their marker.
 */
static void
row_from_ink(unsigned char *to, const unsigned char *from,
    unsigned int width, boolean adobe)
{
	unsigned int	 x, i, paper, light;

	for (x = 0; x < width; x++, from += 4) {
		light = adobe ? from[3] : 255u - from[3];
		for (i = 0; i < 3; i++) {
			paper = adobe ? from[i] : 255u - from[i];
			*to++ = (unsigned char)(paper * light / 255);
		}
	}
}

static void
jpeg_read_rows(struct jpeg_reading *reading)
{
	struct jpeg_decompress_struct	*jpeg;
	unsigned char			*to;

	jpeg = &reading->jpeg;
	while (jpeg->output_scanline < jpeg->output_height) {
		to = reading->picture->rgb +
		    (size_t)jpeg->output_scanline * jpeg->output_width * 3;
		if (reading->row == NULL) {
			(void)jpeg_read_scanlines(jpeg, &to, 1);
			continue;
		}
		(void)jpeg_read_scanlines(jpeg, &reading->row, 1);
		row_from_ink(to, reading->row, jpeg->output_width,
		    jpeg->saw_Adobe_marker);
	}
}

/* Runs below the setjmp(): failures of the library do not return here. */
static enum status
jpeg_read(struct jpeg_reading *reading, unsigned int *orientation)
{
	struct jpeg_decompress_struct	*jpeg;
	enum status			 status;

	jpeg = &reading->jpeg;
	(void)jpeg_read_header(jpeg, TRUE);
	*orientation = jpeg_orientation(jpeg);
	if ((uint64_t)jpeg->image_width * jpeg->image_height >
	    IMAGE_PIXELS_MAX)
		return (STATUS_LIMIT);
	jpeg->scale_num = 1;
	jpeg->scale_denom = jpeg_reduction(jpeg);
	jpeg->out_color_space = jpeg->num_components == 4 ? JCS_CMYK :
	    JCS_RGB;
	(void)jpeg_start_decompress(jpeg);
	status = picture_init(reading->picture, jpeg->output_width,
	    jpeg->output_height);
	if (status != STATUS_OK)
		return (status);
	if (jpeg->out_color_space == JCS_CMYK) {
		reading->row = malloc((size_t)jpeg->output_width * 4);
		if (reading->row == NULL)
			return (STATUS_LIMIT);
	}
	jpeg_read_rows(reading);
	(void)jpeg_finish_decompress(jpeg);
	return (STATUS_OK);
}

enum status
picture_decode_jpeg(const unsigned char *bytes, size_t len,
    struct picture *picture, unsigned int *orientation)
{
	struct jpeg_reading	 reading = { .picture = picture };
	enum status		 status;

	picture->rgb = NULL;
	reading.jpeg.err = jpeg_failure_init(&reading.failure);
	if (setjmp(reading.failure.back) == 0) {
		jpeg_create_decompress(&reading.jpeg);
		reading.jpeg.mem->max_memory_to_use = JPEG_MEMORY_MAX;
		reading.progress.progress_monitor = jpeg_on_progress;
		reading.jpeg.progress = &reading.progress;
		jpeg_save_markers(&reading.jpeg, JPEG_APP0 + 1, 0xffff);
		jpeg_mem_src(&reading.jpeg, bytes, len);
		status = jpeg_read(&reading, orientation);
	} else
		status = reading.failure.status;
	jpeg_destroy_decompress(&reading.jpeg);
	free(reading.row);
	if (status != STATUS_OK)
		picture_fini(picture);
	return (status);
}

static void
jpeg_write(struct jpeg_writing *writing, const struct picture *picture,
    int quality, enum picture_form form)
{
	struct jpeg_compress_struct	*jpeg;
	unsigned char			*row;

	jpeg = &writing->jpeg;
	jpeg->image_width = picture->width;
	jpeg->image_height = picture->height;
	jpeg->input_components = 3;
	jpeg->in_color_space = JCS_RGB;
	jpeg_set_defaults(jpeg);
	jpeg_set_quality(jpeg, quality, TRUE);
	jpeg->optimize_coding = TRUE;
	if (form == PICTURE_PROGRESSIVE)
		jpeg_simple_progression(jpeg);
	jpeg_start_compress(jpeg, TRUE);
	while (jpeg->next_scanline < jpeg->image_height) {
		row = picture->rgb +
		    (size_t)jpeg->next_scanline * picture->width * 3;
		(void)jpeg_write_scanlines(jpeg, &row, 1);
	}
	jpeg_finish_compress(jpeg);
}

enum status
picture_encode(const struct picture *picture, int quality,
    enum picture_form form, unsigned char **bytes, size_t *len)
{
	struct jpeg_writing	 writing = { .bytes = NULL };
	enum status		 status;

	writing.jpeg.err = jpeg_failure_init(&writing.failure);
	if (setjmp(writing.failure.back) == 0) {
		jpeg_create_compress(&writing.jpeg);
		jpeg_mem_dest(&writing.jpeg, &writing.bytes, &writing.len);
		jpeg_write(&writing, picture, quality, form);
		status = STATUS_OK;
	} else
		status = writing.failure.status;
	jpeg_destroy_compress(&writing.jpeg);
	if (status != STATUS_OK) {
		free(writing.bytes);
		return (status);
	}
	*bytes = writing.bytes;
	*len = writing.len;
	return (STATUS_OK);
}
