/* SPDX-License-Identifier: EUPL-1.2 */
/* The forms that a text may have to have. */

#include <string.h>

#include <stadtkern/field.h>

#include "core/field/field_time.h"
#include "core/document/number.h"

#define HOST_LEN_MAX		253
#define LABEL_LEN_MAX		63
#define EMAIL_LEN_MAX		254
#define EMAIL_LOCAL_LEN_MAX	64

/* <ctype.h> would ask the locale. */
static bool
is_digit(char c)
{
	return (c >= '0' && c <= '9');
}

static bool
is_lower(char c)
{
	return (c >= 'a' && c <= 'z');
}

static bool
is_upper(char c)
{
	return (c >= 'A' && c <= 'Z');
}

static bool
is_hex(char c)
{
	return (is_digit(c) || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F'));
}

/* U+0085, U+2028 and U+2029 break lines as well. */
static bool
fits_line(const char *text)
{
	return (strpbrk(text, "\n\r") == NULL &&
	    strstr(text, "\xc2\x85") == NULL &&
	    strstr(text, "\xe2\x80\xa8") == NULL &&
	    strstr(text, "\xe2\x80\xa9") == NULL);
}

/* How long the code is that `text` begins with. */
static size_t
code_len(const char *text)
{
	size_t	 len;

	if (!is_lower(*text))
		return (0);
	for (len = 1; is_lower(text[len]) || is_digit(text[len]) ||
	    text[len] == '-'; len++)
		continue;
	return (len);
}

static bool
fits_code(const char *text)
{
	size_t	 len;

	len = code_len(text);
	return (len != 0 && text[len] == '\0');
}

static bool
fits_codes(const char *text)
{
	size_t	 len;

	for (;;) {
		if ((len = code_len(text)) == 0)
			return (false);
		text += len;
		if (*text == '\0')
			return (true);
		if (*text++ != ',')
			return (false);
	}
}

/* RFC 9562, 4. */
static bool
fits_uuid(const char *text)
{
	size_t	 i;

	if (strlen(text) != 36)
		return (false);
	for (i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return (false);
		} else if (!is_hex(text[i]))
			return (false);
	}
	return (true);
}

/* RFC 1123, 2.1: labels of letters, digits and inner hyphens. */
static bool
fits_labels(const char *text, bool upper)
{
	size_t	 i, len;

	if (strlen(text) > HOST_LEN_MAX)
		return (false);
	for (;;) {
		len = strcspn(text, ".");
		if (len == 0 || len > LABEL_LEN_MAX || text[0] == '-' ||
		    text[len - 1] == '-')
			return (false);
		for (i = 0; i < len; i++) {
			if (!is_lower(text[i]) && !is_digit(text[i]) &&
			    text[i] != '-' && !(upper && is_upper(text[i])))
				return (false);
		}
		if (text[len] == '\0')
			return (true);
		text += len + 1;
	}
}

/* What mail servers really take of RFC 5321, 4.1.2: a dot-string, no quotes. */
static bool
fits_email(const char *text)
{
	const char	*at, *domain;
	size_t		 i, local;

	at = strchr(text, '@');
	if (at == NULL || strlen(text) > EMAIL_LEN_MAX)
		return (false);
	local = (size_t)(at - text);
	if (local == 0 || local > EMAIL_LOCAL_LEN_MAX || text[0] == '.' ||
	    at[-1] == '.')
		return (false);
	for (i = 0; i < local; i++) {
		if (!is_lower(text[i]) && !is_upper(text[i]) &&
		    !is_digit(text[i]) &&
		    strchr("!#$%&'*+-/=?^_`{|}~.", text[i]) == NULL)
			return (false);
		if (text[i] == '.' && text[i + 1] == '.')
			return (false);
	}
	domain = at + 1;
	return (strchr(domain, '.') != NULL && fits_labels(domain, true));
}

static bool
fits_phone(const char *text)
{
	size_t	 digits, i;

	digits = 0;
	for (i = 0; text[i] != '\0'; i++) {
		if (is_digit(text[i]))
			digits++;
		else if (strchr(" +()/-", text[i]) == NULL)
			return (false);
	}
	return (digits >= 3 && digits <= 20 && i <= 40);
}

static bool
fits_colour(const char *text)
{
	size_t	 i;

	if (text[0] != '#')
		return (false);
	for (i = 1; i < 7; i++) {
		if (!is_hex(text[i]))
			return (false);
	}
	return (text[7] == '\0');
}

/* RFC 3986 for http and https, without user names. */
static bool
fits_url(const char *text)
{
	const unsigned char	*c;
	size_t			 host;

	if (strncmp(text, "https://", 8) == 0)
		text += 8;
	else if (strncmp(text, "http://", 7) == 0)
		text += 7;
	else
		return (false);
	host = strcspn(text, "/?#");
	if (host == 0 || text[0] == ':' || text[0] == '.' ||
	    memchr(text, '@', host) != NULL)
		return (false);
	for (c = (const unsigned char *)text; *c != '\0'; c++) {
		if (*c <= 0x20 || *c == 0x7f ||
		    strchr("\"'<>`\\{}|^", *c) != NULL)
			return (false);
	}
	return (true);
}

static bool
fits_ags(const char *text)
{
	size_t	 i;

	for (i = 0; i < 8; i++) {
		if (!is_digit(text[i]))
			return (false);
	}
	return (text[8] == '\0');
}

/* RFC 7946, 5, but never across the antimeridian. */
static bool
fits_bbox(const char *text)
{
	char	 part[32];
	double	 edge[4];
	size_t	 i, len;

	for (i = 0; i < 4; i++) {
		len = strcspn(text, ",");
		if (len >= sizeof(part) || text[len] != (i == 3 ? '\0' : ','))
			return (false);
		(void)memcpy(part, text, len);
		part[len] = '\0';
		if (number_read(part, &edge[i]) != NUMBER_OK)
			return (false);
		text += len + 1;
	}
	return (edge[0] >= -180 && edge[0] < edge[2] && edge[2] <= 180 &&
	    edge[1] >= -90 && edge[1] < edge[3] && edge[3] <= 90);
}

static bool
fits_path(const char *text)
{
	size_t	 len;

	if (strchr(text, '\\') != NULL || !fits_line(text))
		return (false);
	for (;;) {
		len = strcspn(text, "/");
		if (len == 0 || (len == 1 && text[0] == '.') ||
		    (len == 2 && text[0] == '.' && text[1] == '.'))
			return (false);
		if (text[len] == '\0')
			return (true);
		text += len + 1;
	}
}

const char *
field_format_says(enum field_format format)
{
	static const char *const	 says[] = {
#define X(name, words) [FIELD_FORMAT_##name] = words,
		FIELD_FORMATS(X)
#undef X
	};

	if ((size_t)format >= sizeof(says) / sizeof(*says))
		return ("");
	return (says[format]);
}

bool
field_format_fits(enum field_format format, const char *text)
{
	switch (format) {
	case FIELD_FORMAT_NONE:
		return (true);
	case FIELD_FORMAT_LINE:
		return (fits_line(text));
	case FIELD_FORMAT_CODE:
		return (fits_code(text));
	case FIELD_FORMAT_UUID:
		return (fits_uuid(text));
	case FIELD_FORMAT_EMAIL:
		return (fits_email(text));
	case FIELD_FORMAT_PHONE:
		return (fits_phone(text));
	case FIELD_FORMAT_HOST:
		return (fits_labels(text, false));
	case FIELD_FORMAT_COLOUR:
		return (fits_colour(text));
	case FIELD_FORMAT_URL:
		return (fits_url(text));
	case FIELD_FORMAT_TIME:
		return (field_time_fits(text));
	case FIELD_FORMAT_DAY:
		return (field_day_fits(text));
	case FIELD_FORMAT_AGS:
		return (fits_ags(text));
	case FIELD_FORMAT_BBOX:
		return (fits_bbox(text));
	case FIELD_FORMAT_CODES:
		return (fits_codes(text));
	case FIELD_FORMAT_PATH:
		return (fits_path(text));
	}
	return (false);
}
