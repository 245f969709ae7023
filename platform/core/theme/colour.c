/* SPDX-License-Identifier: EUPL-1.2 */
/* Colours; the numbers are WCAG's and Oklab's (Ottosson, 2020). */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/theme/colour.h"

#define STEPS	1000		/* of lightness that are tried */
#define SHRINKS	24		/* of chroma, until sRGB has the colour */

/* Lightness 0 to 1, chroma, hue in radians. */
struct oklch {
	double	 lightness;
	double	 chroma;
	double	 hue;
};

bool
colour_read(const char *text, struct colour *colour)
{
	unsigned long	 value;

	if (text == NULL || strlen(text) != 7 || text[0] != '#' ||
	    strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return (false);
	value = strtoul(text + 1, NULL, 16);
	colour->red = (uint8_t)(value >> 16);
	colour->green = (uint8_t)(value >> 8);
	colour->blue = (uint8_t)value;
	return (true);
}

void
colour_write(struct colour colour, char text[COLOUR_TEXT])
{
	(void)snprintf(text, COLOUR_TEXT, "#%02x%02x%02x", colour.red,
	    colour.green, colour.blue);
}

bool
colour_same(struct colour a, struct colour b)
{
	return (a.red == b.red && a.green == b.green && a.blue == b.blue);
}

static double
channel_linear(uint8_t channel)
{
	double	 value = channel / 255.0;

	return (value <= 0.04045 ? value / 12.92 :
	    pow((value + 0.055) / 1.055, 2.4));
}

/* WCAG 2.2, "relative luminance". */
static double
colour_luminance(struct colour colour)
{
	return (0.2126 * channel_linear(colour.red) +
	    0.7152 * channel_linear(colour.green) +
	    0.0722 * channel_linear(colour.blue));
}

double
colour_contrast(struct colour a, struct colour b)
{
	double	 x, y;

	x = colour_luminance(a) + 0.05;
	y = colour_luminance(b) + 0.05;
	return (x > y ? x / y : y / x);
}

static struct oklch
colour_to_oklch(struct colour colour)
{
	struct oklch	 result;
	double		 r, g, b, l, m, s, x, y;

	r = channel_linear(colour.red);
	g = channel_linear(colour.green);
	b = channel_linear(colour.blue);
	l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
	m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
	s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
	result.lightness =
	    0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s;
	x = 1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s;
	y = 0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s;
	result.chroma = hypot(x, y);
	result.hue = atan2(y, x);
	return (result);
}

/* False when sRGB has no such channel. */
static bool
channel_gamma(double value, uint8_t *channel)
{
	if (value < -0.0005 || value > 1.0005)
		return (false);
	value = fmin(fmax(value, 0), 1);
	value = value <= 0.0031308 ? 12.92 * value :
	    1.055 * pow(value, 1 / 2.4) - 0.055;
	*channel = (uint8_t)lround(value * 255);
	return (true);
}

static bool
oklch_fits(struct oklch from, struct colour *colour)
{
	double	 x, y, l, m, s;

	x = from.chroma * cos(from.hue);
	y = from.chroma * sin(from.hue);
	l = from.lightness + 0.3963377774 * x + 0.2158037573 * y;
	m = from.lightness - 0.1055613458 * x - 0.0638541728 * y;
	s = from.lightness - 0.0894841775 * x - 1.2914855480 * y;
	l = l * l * l;
	m = m * m * m;
	s = s * s * s;
	return (channel_gamma(4.0767416621 * l - 3.3077115913 * m +
	    0.2309699292 * s, &colour->red) &&
	    channel_gamma(-1.2684380046 * l + 2.6097574011 * m -
	    0.3413193965 * s, &colour->green) &&
	    channel_gamma(-0.0041960863 * l - 0.7034186147 * m +
	    1.7076147010 * s, &colour->blue));
}

/* The most colourful that sRGB has of this lightness and hue. */
static struct colour
oklch_to_colour(struct oklch from)
{
	struct colour	 colour = { 0, 0, 0 };
	double		 low, high;
	int		 i;

	if (oklch_fits(from, &colour))
		return (colour);
	low = 0;
	high = from.chroma;
	for (i = 0; i < SHRINKS; i++) {
		from.chroma = (low + high) / 2;
		if (oklch_fits(from, &colour))
			low = from.chroma;
		else
			high = from.chroma;
	}
	from.chroma = low;
	if (!oklch_fits(from, &colour))
		memset(&colour, from.lightness > 0.5 ? 255 : 0,
		    sizeof(colour));
	return (colour);
}

static bool
demands_are_met(struct colour colour, const struct colour_demand *demands,
    size_t count)
{
	size_t	 i;

	for (i = 0; i < count; i++)
		if (colour_contrast(colour, demands[i].from) <
		    demands[i].least)
			return (false);
	return (true);
}

bool
colour_nearest(struct colour colour, const struct colour_demand *demands,
    size_t count, struct colour *nearest)
{
	struct oklch	 from, shade;
	struct colour	 candidate;
	int		 step, side;

	if (demands_are_met(colour, demands, count)) {
		*nearest = colour;
		return (true);
	}
	from = shade = colour_to_oklch(colour);
	for (step = 1; step <= STEPS; step++) {
		for (side = -1; side <= 1; side += 2) {
			shade.lightness = from.lightness +
			    side * (double)step / STEPS;
			shade.chroma = from.chroma;
			if (shade.lightness < 0 || shade.lightness > 1)
				continue;
			candidate = oklch_to_colour(shade);
			if (!demands_are_met(candidate, demands, count))
				continue;
			*nearest = candidate;
			return (true);
		}
	}
	return (false);
}
