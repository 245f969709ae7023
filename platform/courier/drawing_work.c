/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the sandbox: an SVG and a name become PNGs, with librsvg and cairo. */

#include <stdlib.h>
#include <string.h>

#include <cairo-ft.h>
#include <librsvg/rsvg.h>

#include "courier/drawing.h"
#include "courier/sandbox_pipe.h"

#define SAFE_SHARE	0.8	/* of a filled icon that masks leave */
#define CARD_EMBLEM	0.5	/* of a card's height */
#define CARD_MARGIN	0.075	/* of a card's width */
#define NAME_LARGE	104	/* pixels of a card's name */
#define NAME_SMALL	32

struct png {
	unsigned char	*at;
	size_t		 len;
	size_t		 cap;
};

struct canvas {
	const struct drawing_order *order;
	RsvgHandle		*emblem;
	cairo_font_face_t	*face;		/* NULL: none */
	const char		*name;
	cairo_t			*cairo;
};

static cairo_status_t
png_add(void *arg, const unsigned char *bytes, unsigned int len)
{
	struct png	*png = arg;
	unsigned char	*more;
	size_t		 cap;

	if (png->len + len > png->cap) {
		cap = (png->cap + len) * 2;
		if (cap > SANDBOX_RESULT_MAX * 2u ||
		    (more = realloc(png->at, cap)) == NULL)
			return (CAIRO_STATUS_NO_MEMORY);
		png->at = more;
		png->cap = cap;
	}
	memcpy(png->at + png->len, bytes, len);
	png->len += len;
	return (CAIRO_STATUS_SUCCESS);
}

static void
colour_use(cairo_t *cairo, struct colour colour)
{
	cairo_set_source_rgb(cairo, colour.red / 255.0, colour.green / 255.0,
	    colour.blue / 255.0);
}

static enum status
emblem_draw(const struct canvas *canvas, double x, double y, double width,
    double height)
{
	const RsvgRectangle	 place = { x, y, width, height };

	return (rsvg_handle_render_document(canvas->emblem, canvas->cairo,
	    &place, NULL) ? STATUS_OK : STATUS_REFUSED);
}

/* As large as fits beside the emblem. */
static void
name_draw(const struct canvas *canvas, double left, double width,
    double middle)
{
	cairo_text_extents_t	 extents;
	cairo_t			*cairo = canvas->cairo;
	int			 size;

	if (canvas->face == NULL)
		return;
	cairo_set_font_face(cairo, canvas->face);
	for (size = NAME_LARGE; size > NAME_SMALL; size -= 4) {
		cairo_set_font_size(cairo, size);
		cairo_text_extents(cairo, canvas->name, &extents);
		if (extents.x_advance <= width)
			break;
	}
	colour_use(cairo, canvas->order->colour);
	/* Capitals are about 0.69 of the size high. */
	cairo_move_to(cairo, left, middle + size * 0.345);
	cairo_show_text(cairo, canvas->name);
}

static enum status
card_draw(const struct canvas *canvas, const struct drawing *drawing)
{
	double	 margin, edge, left;

	margin = drawing->width * CARD_MARGIN;
	edge = drawing->height * CARD_EMBLEM;
	left = margin;
	if (canvas->face == NULL)
		left = (drawing->width - edge) / 2;
	name_draw(canvas, margin + edge + margin * 0.6, drawing->width -
	    edge - margin * 2.6, drawing->height / 2.0);
	return (emblem_draw(canvas, left, (drawing->height - edge) / 2, edge,
	    edge));
}

static enum status
drawing_draw(const struct canvas *canvas, const struct drawing *drawing)
{
	double	 margin;

	if (drawing->kind == DRAWING_PLAIN)
		return (emblem_draw(canvas, 0, 0, drawing->width,
		    drawing->height));
	colour_use(canvas->cairo, canvas->order->background);
	cairo_paint(canvas->cairo);
	if (drawing->kind == DRAWING_CARD)
		return (card_draw(canvas, drawing));
	margin = (1 - SAFE_SHARE) / 2;
	return (emblem_draw(canvas, drawing->width * margin,
	    drawing->height * margin, drawing->width * SAFE_SHARE,
	    drawing->height * SAFE_SHARE));
}

static enum status
png_make(struct canvas *canvas, const struct drawing *drawing,
    struct png *png)
{
	cairo_surface_t	*surface;
	enum status	 status;

	surface = cairo_image_surface_create(
	    drawing->kind == DRAWING_PLAIN ? CAIRO_FORMAT_ARGB32 :
	    CAIRO_FORMAT_RGB24, (int)drawing->width, (int)drawing->height);
	canvas->cairo = cairo_create(surface);
	status = drawing_draw(canvas, drawing);
	if (cairo_status(canvas->cairo) != CAIRO_STATUS_SUCCESS ||
	    (status == STATUS_OK && cairo_surface_write_to_png_stream(surface,
	    png_add, png) != CAIRO_STATUS_SUCCESS))
		status = STATUS_REFUSED;
	cairo_destroy(canvas->cairo);
	cairo_surface_destroy(surface);
	return (status);
}

static enum status
pngs_make(struct canvas *canvas, struct png *all)
{
	const struct drawing_order	*order = canvas->order;
	struct drawing_answer		 answer = { .verdict = SANDBOX_DONE };
	size_t				 i, before;

	if (png_add(all, (const unsigned char *)&answer, sizeof(answer)) !=
	    CAIRO_STATUS_SUCCESS)
		return (STATUS_REFUSED);
	answer.count = order->count;
	for (i = 0; i < order->count; i++) {
		before = all->len;
		if (png_make(canvas, &order->drawings[i], all) != STATUS_OK)
			return (STATUS_REFUSED);
		answer.len[i] = (uint32_t)(all->len - before);
	}
	memcpy(all->at, &answer, sizeof(answer));
	return (STATUS_OK);
}

static bool
order_is_sane(const struct drawing_order *order, size_t len)
{
	size_t	 i;

	if (order->count > DRAWINGS_MAX || (uint64_t)order->svg_len +
	    order->font_len + order->name_len + sizeof(*order) != len)
		return (false);
	for (i = 0; i < order->count; i++)
		if (order->drawings[i].kind > DRAWING_CARD ||
		    order->drawings[i].width == 0 ||
		    order->drawings[i].width > DRAWING_EDGE ||
		    order->drawings[i].height == 0 ||
		    order->drawings[i].height > DRAWING_EDGE)
			return (false);
	return (true);
}

static enum status
order_draw(const struct drawing_order *order, const unsigned char *svg,
    const unsigned char *font, const char *name, struct png *all)
{
	struct canvas	 canvas = { .order = order, .name = name };
	FT_Library	 library;
	FT_Face		 face;
	enum status	 status;

	canvas.emblem = rsvg_handle_new_from_data(svg, order->svg_len, NULL);
	if (canvas.emblem == NULL)
		return (STATUS_REFUSED);
	if (order->font_len != 0) {
		if (FT_Init_FreeType(&library) != 0 ||
		    FT_New_Memory_Face(library, font, order->font_len, 0,
		    &face) != 0) {
			g_object_unref(canvas.emblem);
			return (STATUS_REFUSED);
		}
		canvas.face = cairo_ft_font_face_create_for_ft_face(face, 0);
	}
	/* The child ends after this: what it holds is not given back. */
	status = pngs_make(&canvas, all);
	g_object_unref(canvas.emblem);
	return (status);
}

enum status
drawing_work(const unsigned char *bytes, size_t len, unsigned char **answer,
    size_t *answer_len)
{
	struct drawing_order	 order;
	const unsigned char	*svg;
	struct png		 all = { .at = NULL };
	enum status		 status;
	char			*name;

	if (len < sizeof(order))
		return (STATUS_REFUSED);
	memcpy(&order, bytes, sizeof(order));
	if (!order_is_sane(&order, len))
		return (STATUS_REFUSED);
	svg = bytes + sizeof(order);
	if ((name = calloc(1, order.name_len + 1u)) == NULL)
		return (STATUS_REFUSED);
	memcpy(name, svg + order.svg_len + order.font_len, order.name_len);
	status = order_draw(&order, svg, svg + order.svg_len, name, &all);
	free(name);
	*answer = all.at;
	*answer_len = all.len;
	return (status);
}

void
drawing_warm(void)
{
	static const char	 svg[] =
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\">"
	    "<linearGradient id=\"a\"><stop offset=\"0\"/></linearGradient>"
	    "<path fill=\"url(#a)\" d=\"M0 0h8v8z\"/></svg>";
	struct drawing_order	 order = { .count = 1,
				    .drawings = { { DRAWING_FILLED, 8, 8 } },
				    .svg_len = sizeof(svg) - 1 };
	struct png		 all = { .at = NULL };

	(void)order_draw(&order, (const unsigned char *)svg, NULL, "", &all);
	free(all.at);
}
