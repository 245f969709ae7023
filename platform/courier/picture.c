/* SPDX-License-Identifier: EUPL-1.2 */
/* Pixels in memory: scaling and turning. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "courier/picture.h"

/* What one target pixel covers along one axis, in source pixels. */
struct span {
	unsigned int	 first;
	unsigned int	 last;		/* inclusive */
	float		 first_part;	/* share of the first, 0 to 1 */
	float		 last_part;
};

enum status
picture_init(struct picture *picture, unsigned int width, unsigned int height)
{
	uint64_t	 pixels;

	picture->rgb = NULL;
	pixels = (uint64_t)width * height;
	if (pixels == 0 || pixels > IMAGE_PIXELS_MAX)
		return (STATUS_LIMIT);
	picture->width = width;
	picture->height = height;
	picture->rgb = malloc((size_t)pixels * 3);
	return (picture->rgb == NULL ? STATUS_LIMIT : STATUS_OK);
}

void
picture_fini(struct picture *picture)
{
	free(picture->rgb);
	picture->rgb = NULL;
}

static struct span
span_of(unsigned int at, unsigned int from, unsigned int to)
{
	struct span	 span;
	double		 begin, end;

	begin = (double)at * from / to;
	end = (double)(at + 1) * from / to;
	span.first = (unsigned int)begin;
	span.last = (unsigned int)end;
	if (span.last >= from || (double)span.last == end)
		span.last--;
	if (span.last < span.first)
		span.last = span.first;
	span.first_part = (float)(span.first + 1 - begin);
	span.last_part = (float)(end - span.last);
	if (span.last == span.first) {
		span.first_part = (float)(end - begin);
		span.last_part = span.first_part;
	}
	return (span);
}

static inline float
span_weight(const struct span *span, unsigned int at)
{
	if (at == span->first)
		return (span->first_part);
	if (at == span->last)
		return (span->last_part);
	return (1.0f);
}

/* Adds one source row, weighted, to the sums of a target row. */
static void
row_add(float *sums, const struct span *columns, unsigned int width,
    const unsigned char *row, float weight)
{
	const struct span	*span;
	const unsigned char	*pixel;
	float			 red, green, blue, part;
	unsigned int		 x, at;

	for (x = 0; x < width; x++) {
		span = &columns[x];
		red = green = blue = 0.0f;
		pixel = row + (size_t)span->first * 3;
		for (at = span->first; at <= span->last; at++, pixel += 3) {
			part = span_weight(span, at);
			red += part * pixel[0];
			green += part * pixel[1];
			blue += part * pixel[2];
		}
		sums[x * 3] += weight * red;
		sums[x * 3 + 1] += weight * green;
		sums[x * 3 + 2] += weight * blue;
	}
}

static void
row_store(unsigned char *row, const float *sums, unsigned int width,
    float area)
{
	float		 value;
	unsigned int	 i;

	for (i = 0; i < width * 3; i++) {
		value = sums[i] / area + 0.5f;
		row[i] = value >= 255.0f ? 255 : (unsigned char)value;
	}
}

static void
scale_rows(const struct picture *from, struct picture *to, float *sums,
    struct span *columns)
{
	struct span	 rows;
	float		 area;
	unsigned int	 x, y, at;

	for (x = 0; x < to->width; x++)
		columns[x] = span_of(x, from->width, to->width);
	area = (float)((double)from->width / to->width *
	    ((double)from->height / to->height));
	for (y = 0; y < to->height; y++) {
		memset(sums, 0, (size_t)to->width * 3 * sizeof(*sums));
		rows = span_of(y, from->height, to->height);
		for (at = rows.first; at <= rows.last; at++) {
			row_add(sums, columns, to->width,
			    from->rgb + (size_t)at * from->width * 3,
			    span_weight(&rows, at));
		}
		row_store(to->rgb + (size_t)y * to->width * 3, sums,
		    to->width, area);
	}
}

static unsigned int
edge_scaled(unsigned int edge, unsigned int longest, unsigned int wanted)
{
	unsigned int	 scaled;

	if (longest <= wanted)
		return (edge);
	scaled = (unsigned int)(((uint64_t)edge * wanted + longest / 2) /
	    longest);
	return (scaled == 0 ? 1 : scaled);
}

enum status
picture_scale(const struct picture *from, unsigned int edge,
    struct picture *to)
{
	struct span	*columns;
	enum status	 status;
	float		*sums;
	unsigned int	 longest;

	longest = from->width > from->height ? from->width : from->height;
	status = picture_init(to, edge_scaled(from->width, longest, edge),
	    edge_scaled(from->height, longest, edge));
	if (status != STATUS_OK)
		return (status);
	sums = malloc((size_t)to->width * 3 * sizeof(*sums));
	columns = malloc((size_t)to->width * sizeof(*columns));
	if (sums == NULL || columns == NULL) {
		picture_fini(to);
		status = STATUS_LIMIT;
	} else
		scale_rows(from, to, sums, columns);
	free(sums);
	free(columns);
	return (status);
}

/* Where the stored pixel (x, y) belongs. */
static size_t
turned_at(const struct picture *stored, unsigned int orientation,
    unsigned int x, unsigned int y)
{
	unsigned int	 right, bottom;

	right = stored->width - 1 - x;
	bottom = stored->height - 1 - y;
	switch (orientation) {
	case 2:
		return ((size_t)y * stored->width + right);
	case 3:
		return ((size_t)bottom * stored->width + right);
	case 4:
		return ((size_t)bottom * stored->width + x);
	case 5:
		return ((size_t)x * stored->height + y);
	case 6:
		return ((size_t)x * stored->height + bottom);
	case 7:
		return ((size_t)right * stored->height + bottom);
	case 8:
		return ((size_t)right * stored->height + y);
	default:
		return ((size_t)y * stored->width + x);
	}
}

/* Turns and mirrors as Exif's orientation asks (Exif 2.32, 4.6.4 A). */
static enum status
picture_turn(struct picture *picture, unsigned int orientation)
{
	struct picture		 turned;
	const unsigned char	*from;
	enum status		 status;
	unsigned int		 x, y;

	if (orientation < 2 || orientation > 8)
		return (STATUS_OK);
	if (orientation >= 5)
		status = picture_init(&turned, picture->height,
		    picture->width);
	else
		status = picture_init(&turned, picture->width,
		    picture->height);
	if (status != STATUS_OK)
		return (status);
	from = picture->rgb;
	for (y = 0; y < picture->height; y++) {
		for (x = 0; x < picture->width; x++, from += 3)
			memcpy(turned.rgb + turned_at(picture, orientation,
			    x, y) * 3, from, 3);
	}
	picture_fini(picture);
	*picture = turned;
	return (STATUS_OK);
}

enum status
picture_decode(const unsigned char *bytes, size_t len, enum image_type type,
    struct picture *picture)
{
	enum status	 status;
	unsigned int	 orientation;

	orientation = 1;
	picture->rgb = NULL;
	switch (type) {
	case IMAGE_JPEG:
		status = picture_decode_jpeg(bytes, len, picture,
		    &orientation);
		break;
	case IMAGE_PNG:
		status = picture_decode_png(bytes, len, picture,
		    &orientation);
		break;
	case IMAGE_WEBP:
		status = picture_decode_webp(bytes, len, picture,
		    &orientation);
		break;
	default:
		return (STATUS_INVALID);
	}
	if (status == STATUS_OK)
		status = picture_turn(picture, orientation);
	if (status != STATUS_OK)
		picture_fini(picture);
	return (status);
}
