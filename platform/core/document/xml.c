/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * XML from JSON, in one pass: what needs no change is found with one look at
 * each byte and copied in runs, and an element's name is copied from its start
 * to its end.
 */

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <stadtkern/node.h>
#include <stadtkern/xml.h>

#include "core/document/utf8.h"
#include "core/document/xml_name.h"

struct xml {
	struct buf		*buf;
	const struct xml_item	*items;
	const char		*at;
	const char		*end;
	unsigned int		 depth;
};

/* Where an element's name stands in what was written. */
struct element {
	size_t	 name;
	size_t	 name_len;
};

/* What is not just copied: controls, what is beyond ASCII, and " & < > \ */
#define SIXTEEN	1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
static const unsigned char	 special[256] = {
	SIXTEEN, SIXTEEN, [0x22] = 1, [0x26] = 1, [0x3c] = 1, [0x3e] = 1,
	[0x5c] = 1, [0x80] = SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN,
	SIXTEEN, SIXTEEN, SIXTEEN,
};

static bool	value_write(struct xml *xml, const struct element *element);

/* buf_room(), for which there mostly is room: nobody goes on after a limit. */
static inline char *
xml_room(struct buf *buf, size_t more)
{
	if (more < buf->cap - buf->len)
		return (buf->data + buf->len);
	return (buf_room(buf, more));
}

static bool
xml_put(struct xml *xml, const char *from, size_t len)
{
	char	*to;

	if ((to = xml_room(xml->buf, len)) == NULL)
		return (false);
	(void)memcpy(to, from, len);
	xml->buf->len += len;
	return (true);
}

static void
blanks_skip(struct xml *xml)
{
	while (xml->at < xml->end && (*xml->at == ' ' || *xml->at == '\n' ||
	    *xml->at == '\t' || *xml->at == '\r'))
		xml->at++;
}

/* Takes `c`, which blanks may stand before. */
static bool
mark_take(struct xml *xml, char c)
{
	blanks_skip(xml);
	if (xml->at == xml->end || *xml->at != c)
		return (false);
	xml->at++;
	return (true);
}

/* XML 1.0, 2.2, of all but surrogates, which do not get here. */
static bool
is_known(int32_t code)
{
	return (code >= 0x20 ? code != 0xfffe && code != 0xffff :
	    code == '\t' || code == '\n' || code == '\r');
}

static bool
character_put(struct xml *xml, int32_t code)
{
	char	 bytes[4];

	switch (code) {
	case '&':
		return (xml_put(xml, "&amp;", 5));
	case '<':
		return (xml_put(xml, "&lt;", 4));
	case '>':
		return (xml_put(xml, "&gt;", 4));
	case '\r':
		return (xml_put(xml, "&#13;", 5));
	default:
		if (!is_known(code))
			return (true);
		return (xml_put(xml, bytes, utf8_write(bytes, code)));
	}
}

/* Four hexadecimal digits, or -1. */
static int32_t
hex_take(struct xml *xml)
{
	int32_t	 code;
	int	 i;
	char	 c;

	if (xml->end - xml->at < 4)
		return (-1);
	code = 0;
	for (i = 0; i < 4; i++) {
		c = *xml->at++;
		if (c >= '0' && c <= '9')
			code = code << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			code = code << 4 | ((c | 0x20) - 'a' + 10);
		else
			return (-1);
	}
	return (code);
}

/* What stands behind "\u"; both halves of a pair, or -1. */
static int32_t
unicode_take(struct xml *xml)
{
	int32_t	 code, low;

	code = hex_take(xml);
	if (code < 0xd800 || code > 0xdfff)
		return (code);
	if (code > 0xdbff || xml->end - xml->at < 2 ||
	    memcmp(xml->at, "\\u", 2) != 0)
		return (-1);
	xml->at += 2;
	low = hex_take(xml);
	if (low < 0xdc00 || low > 0xdfff)
		return (-1);
	return (0x10000 + ((code - 0xd800) << 10 | (low - 0xdc00)));
}

/* Takes an escape, at its backslash. */
static bool
escape_write(struct xml *xml)
{
	static const char	 from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char		*found;
	int32_t			 code;

	if (xml->end - ++xml->at < 1)
		return (false);
	if (*xml->at == 'u') {
		xml->at++;
		code = unicode_take(xml);
		return (code != -1 && character_put(xml, code));
	}
	found = memchr(from, *xml->at, sizeof(from) - 1);
	if (found == NULL)
		return (false);
	xml->at++;
	return (character_put(xml, to[found - from]));
}

#define EACH(byte)	(UINT64_C(0x0101010101010101) * (byte))

/* High bits up from the first byte that is zero; none when none is. */
static uint64_t
zeros(uint64_t word)
{
	return ((word - EACH(1)) & ~word & EACH(0x80));
}

/* How many of eight bytes are just copied: all are looked at at once. */
static size_t
plain_count(const char *at)
{
	uint64_t	 bits, word;

	(void)memcpy(&word, at, sizeof(word));
	word = le64toh(word);
	bits = (word & EACH(0x80)) |			/* beyond ASCII */
	    ((word - EACH(0x20)) & ~word & EACH(0x80)) |	/* controls */
	    zeros((word & ~EACH(0x04)) ^ EACH('"')) |	/* and & */
	    zeros((word & ~EACH(0x02)) ^ EACH('<')) |	/* and > */
	    zeros(word ^ EACH('\\'));
	return (bits == 0 ? 8 : (size_t)__builtin_ctzll(bits) / 8);
}

/* Goes to the next byte that is not just copied, or to the end. */
static const char *
plain_skip(const char *at, const char *end)
{
	size_t	 count;

	while (end - at >= 8) {
		count = plain_count(at);
		at += count;
		if (count < 8)
			return (at);
	}
	while (at < end && !special[(unsigned char)*at])
		at++;
	return (at);
}

/*
 * The same beyond umlauts and what else has two bytes of UTF-8: XML knows
 * each such character.
 */
static const char *
run_end(const char *at, const char *end)
{
	for (;;) {
		at = plain_skip(at, end);
		if (end - at < 2 || (unsigned char)*at < 0xc2 ||
		    (unsigned char)*at > 0xdf ||
		    ((unsigned char)at[1] & 0xc0) != 0x80)
			return (at);
		at += 2;
	}
}

/* Takes a string behind its opening quote. */
static bool
text_write(struct xml *xml)
{
	const char	*run;
	int32_t		 code;

	run = xml->at;
	for (;;) {
		xml->at = run_end(xml->at, xml->end);
		if (xml->at == xml->end || (unsigned char)*xml->at < 0x20)
			return (false);
		if ((unsigned char)*xml->at >= 0x80) {
			code = utf8_next(&xml->at, xml->end);
			if (code == UTF8_INVALID)
				return (false);
			if (is_known(code))
				continue;
			/* Both that are not known have three bytes. */
			if (!xml_put(xml, run, (size_t)(xml->at - 3 - run)))
				return (false);
			run = xml->at;
			continue;
		}
		if (xml->at != run &&
		    !xml_put(xml, run, (size_t)(xml->at - run)))
			return (false);
		if (*xml->at == '"') {
			xml->at++;
			return (true);
		}
		if (*xml->at == '\\' ? !escape_write(xml) :
		    !character_put(xml, *xml->at++))
			return (false);
		run = xml->at;
	}
}

static bool
digits_skip(struct xml *xml)
{
	const char	*from;

	from = xml->at;
	while (xml->at < xml->end && *xml->at >= '0' && *xml->at <= '9')
		xml->at++;
	return (xml->at != from);
}

static bool
char_take(struct xml *xml, char c)
{
	if (xml->at == xml->end || *xml->at != c)
		return (false);
	xml->at++;
	return (true);
}

/* RFC 8259, 6; whatever its size is. */
static bool
number_write_text(struct xml *xml)
{
	const char	*from;

	from = xml->at;
	(void)char_take(xml, '-');
	if (!char_take(xml, '0') && !digits_skip(xml))
		return (false);
	if (char_take(xml, '.') && !digits_skip(xml))
		return (false);
	if (char_take(xml, 'e') || char_take(xml, 'E')) {
		if (!char_take(xml, '+'))
			(void)char_take(xml, '-');
		if (!digits_skip(xml))
			return (false);
	}
	return (xml_put(xml, from, (size_t)(xml->at - from)));
}

static bool
word_take(struct xml *xml, const char *word, size_t len)
{
	if ((size_t)(xml->end - xml->at) < len ||
	    memcmp(xml->at, word, len) != 0)
		return (false);
	xml->at += len;
	return (true);
}

/* An element whose value comes next. */
static bool
element_write(struct xml *xml, const char *name, size_t len)
{
	struct element	 element;
	struct buf	*buf;
	char		*to;

	buf = xml->buf;
	if ((to = xml_room(buf, len + 2)) == NULL)
		return (false);
	*to = '<';
	(void)memcpy(to + 1, name, len);
	to[len + 1] = '>';
	element.name = buf->len + 1;
	element.name_len = len;
	buf->len += len + 2;
	if (!value_write(xml, &element))
		return (false);
	if ((to = xml_room(buf, len + 3)) == NULL)
		return (false);
	if (buf->len == element.name + len + 1) {
		to[-1] = '/';
		to[0] = '>';
		buf->len++;
		return (true);
	}
	to[0] = '<';
	to[1] = '/';
	(void)memcpy(to + 2, buf->data + element.name, len);
	to[len + 2] = '>';
	buf->len += len + 3;
	return (true);
}

/* Takes an object behind its brace. */
static bool
object_write(struct xml *xml)
{
	const char	*name;
	size_t		 len;

	if (mark_take(xml, '}'))
		return (true);
	do {
		if (!mark_take(xml, '"'))
			return (false);
		name = xml->at;
		len = xml_name_len(name, xml->end);
		xml->at += len;
		if (len == 0 || !char_take(xml, '"') || !mark_take(xml, ':') ||
		    !element_write(xml, name, len))
			return (false);
	} while (mark_take(xml, ','));
	return (mark_take(xml, '}'));
}

static const char *
item_name(const struct xml *xml, const struct element *list)
{
	const struct xml_item	*item;
	const char		*name;

	name = xml->buf->data + list->name;
	for (item = xml->items; item != NULL && item->list != NULL; item++) {
		if (strlen(item->list) == list->name_len &&
		    memcmp(item->list, name, list->name_len) == 0)
			return (item->item);
	}
	return ("item");
}

/* Takes a list behind its bracket. */
static bool
list_write(struct xml *xml, const struct element *element)
{
	const char	*name;
	size_t		 len;

	if (mark_take(xml, ']'))
		return (true);
	name = item_name(xml, element);
	len = strlen(name);
	do {
		if (!element_write(xml, name, len))
			return (false);
	} while (mark_take(xml, ','));
	return (mark_take(xml, ']'));
}

static bool
container_write(struct xml *xml, const struct element *element)
{
	bool	 written;

	if (xml->depth == NODE_DEPTH_MAX)
		return (false);
	xml->depth++;
	written = *xml->at++ == '{' ? object_write(xml) :
	    list_write(xml, element);
	xml->depth--;
	return (written);
}

/* Writes the value that comes next, inside of `element`. */
static bool
value_write(struct xml *xml, const struct element *element)
{
	blanks_skip(xml);
	if (xml->at == xml->end)
		return (false);
	switch (*xml->at) {
	case '"':
		xml->at++;
		return (text_write(xml));
	case '{':
	case '[':
		return (container_write(xml, element));
	case 't':
		return (word_take(xml, "true", 4) && xml_put(xml, "true", 4));
	case 'f':
		return (word_take(xml, "false", 5) &&
		    xml_put(xml, "false", 5));
	case 'n':
		return (word_take(xml, "null", 4));
	default:
		return (number_write_text(xml));
	}
}

/*
 * Names come twice in XML. What is taken at once is never copied again, and
 * costs nothing where nothing is written.
 */
static void
xml_reserve(struct buf *buf, size_t len)
{
	size_t	 left;

	left = buf->max - buf->len;
	(void)buf_room(buf, len < left / 2 ? len * 2 : left);
}

enum status
xml_from_json(struct buf *buf, const char *root, const struct xml_item *items,
    const char *json, size_t len)
{
	static const char	 head[] =
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
	struct xml		 xml = { .buf = buf, .items = items };
	bool			 written;

	xml.at = json;
	xml.end = json + len;
	xml_reserve(buf, sizeof(head) + len);
	written = xml_put(&xml, head, sizeof(head) - 1) &&
	    element_write(&xml, root, strlen(root));
	if (buf->status != STATUS_OK)
		return (buf->status);
	blanks_skip(&xml);
	return (written && xml.at == xml.end ? STATUS_OK : STATUS_INVALID);
}
