/* SPDX-License-Identifier: EUPL-1.2 */
/* The head of an HTTP/1 request, read strictly: see head.h. */

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "head.h"

#define METHOD_LEN_MAX		16
#define CONTENT_LENGTH_DIGITS	18

enum body_rule {
	BODY_FORBIDDEN,
	BODY_EXPECTED
};

struct method {
	const char	*name;
	enum body_rule	 body;
};

static const struct method methods[] = {
	{ "GET",	BODY_FORBIDDEN },
	{ "HEAD",	BODY_FORBIDDEN },
	{ "POST",	BODY_EXPECTED },
	{ "PUT",	BODY_EXPECTED },
	{ "PATCH",	BODY_EXPECTED },
	{ "DELETE",	BODY_FORBIDDEN },
	{ "OPTIONS",	BODY_FORBIDDEN },
};

/* What the fields that decide about framing said. */
struct framing {
	bool	 has_host;
	bool	 has_length;
	bool	 has_transfer_encoding;
};

static bool
is_token_char(unsigned char c)
{
	if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z'))
		return (true);

	return (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool
is_host_char(unsigned char c)
{
	return ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	    (c >= 'a' && c <= 'z') || c == '-' || c == '.' || c == '_');
}

static bool
is_digit(unsigned char c)
{
	return (c >= '0' && c <= '9');
}

static const struct method *
method_find(const char *name, size_t len)
{
	size_t	i;

	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++) {
		if (strlen(methods[i].name) == len &&
		    !memcmp(methods[i].name, name, len))
			return (&methods[i]);
	}

	return (NULL);
}

/*
 * RFC 9110, 7.2: one host, perhaps a port. Stricter than the grammar where
 * that allows what no tenant can be called: percent signs, sub-delims.
 */
static bool
host_is_valid(const char *s, size_t len)
{
	size_t	i = 0, digits;

	if (len == 0)
		return (false);

	if (s[0] == '[') {
		for (i = 1; i < len && s[i] != ']'; i++) {
			if (!strchr("0123456789abcdefABCDEF:.", s[i]))
				return (false);
		}
		if (i == len || i == 1)
			return (false);
		i++;
	} else {
		while (i < len && is_host_char((unsigned char)s[i]))
			i++;
		if (i == 0)
			return (false);
	}

	if (i == len)
		return (true);
	if (s[i++] != ':')
		return (false);

	for (digits = 0; i < len && is_digit((unsigned char)s[i]); i++)
		digits++;

	return (i == len && digits > 0 && digits <= 5);
}

static bool
content_length_read(const char *s, size_t len, size_t *out)
{
	size_t	i, value = 0;

	if (len == 0 || len > CONTENT_LENGTH_DIGITS)
		return (false);

	for (i = 0; i < len; i++) {
		if (!is_digit((unsigned char)s[i]))
			return (false);
		value = value * 10 + (size_t)(s[i] - '0');
	}

	*out = value;
	return (true);
}

/* Whether a comma-separated list (RFC 9110, 5.6.1) names the token. */
static bool
list_has(const char *s, size_t len, const char *token)
{
	const char	*end = s + len, *comma;
	size_t		 n;

	for (; s < end; s = comma + 1) {
		comma = memchr(s, ',', (size_t)(end - s));
		if (comma == NULL)
			comma = end;

		while (s < comma && (*s == ' ' || *s == '\t'))
			s++;
		for (n = (size_t)(comma - s); n > 0; n--) {
			if (s[n - 1] != ' ' && s[n - 1] != '\t')
				break;
		}

		if (n == strlen(token) && !strncasecmp(s, token, n))
			return (true);
	}

	return (false);
}

/*
 * Finds the end of the line that starts at *pos. MORE while the line has not
 * ended, DONE with *end on its CR and *pos behind its LF, or 400 for an end
 * that another reader might see elsewhere: a bare LF, a bare CR, a NUL.
 */
static int
line_end(const char *buf, size_t len, size_t *pos, size_t *end)
{
	size_t		i;
	unsigned char	c;

	for (i = *pos; i < len; i++) {
		c = (unsigned char)buf[i];
		if (c == '\r') {
			if (i + 1 == len)
				return (HTTP_HEAD_MORE);
			if (buf[i + 1] != '\n')
				return (400);
			*end = i;
			*pos = i + 2;
			return (HTTP_HEAD_DONE);
		}
		if ((c < 0x20 && c != '\t') || c == 0x7f)
			return (400);
	}

	return (HTTP_HEAD_MORE);
}

static int
version_check(const char *s, size_t len)
{
	if (len != 8 || memcmp(s, "HTTP/", 5) || !is_digit((unsigned char)s[5]) ||
	    s[6] != '.' || !is_digit((unsigned char)s[7]))
		return (400);

	if (s[5] != '1' || (s[7] != '0' && s[7] != '1'))
		return (505);

	return (HTTP_HEAD_DONE);
}

static int
target_check(const char *s, size_t len, const char *method)
{
	size_t	i;

	if (len > HTTP_HEAD_TARGET_MAX)
		return (414);
	if (len == 1 && s[0] == '*')
		return (strcmp(method, "OPTIONS") ? 400 : HTTP_HEAD_DONE);
	if (len == 0 || s[0] != '/')
		return (400);

	for (i = 0; i < len; i++) {
		if (s[i] <= ' ' || s[i] == 0x7f || s[i] == '#' ||
		    (unsigned char)s[i] >= 0x80)
			return (400);
	}

	return (HTTP_HEAD_DONE);
}

/*
 * What can be said of a request line whose end has not arrived: it must
 * begin like one, or else a client that speaks something else (TLS, HTTP/2,
 * a bare "QUIT") would wait for the header timeout.
 */
static int
request_line_begun(const char *buf, size_t len)
{
	const char	*space;
	size_t		 i, n;

	space = memchr(buf, ' ', len);
	n = space != NULL ? (size_t)(space - buf) : len;
	for (i = 0; i < n; i++) {
		if (!is_token_char((unsigned char)buf[i]))
			return (400);
	}
	if (n > METHOD_LEN_MAX)
		return (501);
	if (space != NULL && len - n > HTTP_HEAD_TARGET_MAX + sizeof(" HTTP/1.1"))
		return (414);

	return (HTTP_HEAD_MORE);
}

static int
request_line_read(char *line, size_t len, struct http_head *head,
    const struct method **method)
{
	char	*target, *version;
	size_t	 i;
	int	 status;

	target = memchr(line, ' ', len);
	for (i = 0; i < (target ? (size_t)(target - line) : len); i++) {
		if (!is_token_char((unsigned char)line[i]))
			return (400);
	}
	if (target == NULL || target == line)
		return (400);

	*method = method_find(line, (size_t)(target - line));
	if (*method == NULL)
		return (501);

	target++;
	version = memchr(target, ' ', len - (size_t)(target - line));
	if (version == NULL)
		return (400);

	status = target_check(target, (size_t)(version - target),
	    (*method)->name);
	if (status != HTTP_HEAD_DONE)
		return (status);

	version++;
	status = version_check(version, len - (size_t)(version - line));
	if (status != HTTP_HEAD_DONE)
		return (status);

	head->method = line;
	head->target = target;
	head->version = version;
	head->close = version[7] == '0';

	return (HTTP_HEAD_DONE);
}

/* The fields that say where the request ends, or for whom it is. */
static int
field_apply(const char *name, size_t nlen, char *value, size_t vlen,
    struct http_head *head, struct framing *framing)
{
#define FIELD_IS(s) (nlen == sizeof(s) - 1 && !strncasecmp(name, s, nlen))
	if (FIELD_IS("host")) {
		if (framing->has_host || !host_is_valid(value, vlen))
			return (400);
		framing->has_host = true;
		head->host = value;
	} else if (FIELD_IS("content-length")) {
		if (framing->has_length || !content_length_read(value, vlen,
		    &head->content_length))
			return (400);
		framing->has_length = true;
	} else if (FIELD_IS("transfer-encoding")) {
		framing->has_transfer_encoding = true;
	} else if (FIELD_IS("connection")) {
		if (list_has(value, vlen, "close"))
			head->close = 1;
	} else if (FIELD_IS("expect")) {
		if (list_has(value, vlen, "100-continue"))
			head->expect_continue = 1;
	}
#undef FIELD_IS
	return (HTTP_HEAD_DONE);
}

static int
field_read(char *line, size_t len, struct http_head *head,
    struct framing *framing)
{
	struct http_head_field	*field;
	char			*value;
	size_t			 nlen, vlen;

	for (nlen = 0; nlen < len; nlen++) {
		if (!is_token_char((unsigned char)line[nlen]))
			break;
	}
	/* Covers folded lines and blanks before the colon as well. */
	if (nlen == 0 || nlen == len || line[nlen] != ':')
		return (400);

	value = line + nlen + 1;
	vlen = len - nlen - 1;
	while (vlen > 0 && (*value == ' ' || *value == '\t')) {
		value++;
		vlen--;
	}
	while (vlen > 0 && (value[vlen - 1] == ' ' || value[vlen - 1] == '\t'))
		vlen--;

	if (head->nfields == HTTP_HEAD_FIELDS_MAX)
		return (431);
	field = &head->fields[head->nfields++];
	field->name = line;
	field->value = value;

	return (field_apply(line, nlen, value, vlen, head, framing));
}

static int
framing_check(const struct http_head *head, const struct framing *framing,
    const struct method *method)
{
	if (!framing->has_host)
		return (400);
	if (framing->has_transfer_encoding)
		return (framing->has_length ? 400 : 411);
	if (method->body == BODY_FORBIDDEN)
		return (head->content_length > 0 ? 400 : HTTP_HEAD_DONE);
	if (!framing->has_length)
		return (411);

	return (HTTP_HEAD_DONE);
}

/*
 * Only now, with nothing left to refuse, may the buffer be changed: until
 * here a caller could have had to come back with more of it.
 */
static void
head_cut(struct http_head *head)
{
	size_t	 i;
	char	*p;

	head->target[-1] = '\0';
	head->version[-1] = '\0';
	head->version[8] = '\0';

	for (i = 0; i < head->nfields; i++) {
		p = head->fields[i].value;
		p[strcspn(p, "\r")] = '\0';
		for (p += strlen(p); p > head->fields[i].value; p--) {
			if (p[-1] != ' ' && p[-1] != '\t')
				break;
		}
		*p = '\0';
		*strchr(head->fields[i].name, ':') = '\0';
	}
}

int
http_head_parse(char *buf, size_t len, size_t size, struct http_head *head)
{
	const struct method	*method = NULL;
	struct framing		 framing = { 0 };
	size_t			 pos = 0, start = 0, end = 0;
	int			 status;

	memset(head, 0, offsetof(struct http_head, fields));
	head->nfields = 0;
	head->content_length = 0;
	head->close = head->expect_continue = 0;

	status = line_end(buf, len, &pos, &end);
	if (status == HTTP_HEAD_MORE) {
		status = request_line_begun(buf, len);
		return (status == HTTP_HEAD_MORE && len >= size ? 414 : status);
	}
	if (status == HTTP_HEAD_DONE)
		status = request_line_read(buf, end, head, &method);

	while (status == HTTP_HEAD_DONE) {
		start = pos;
		status = line_end(buf, len, &pos, &end);
		if (status == HTTP_HEAD_MORE)
			return (len >= size ? 431 : HTTP_HEAD_MORE);
		if (status != HTTP_HEAD_DONE || start == end)
			break;
		status = field_read(buf + start, end - start, head, &framing);
	}

	if (status == HTTP_HEAD_DONE)
		status = framing_check(head, &framing, method);
	if (status == HTTP_HEAD_DONE) {
		head->length = pos;
		head_cut(head);
	}

	return (status);
}
