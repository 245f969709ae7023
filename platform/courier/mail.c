/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes a message. Nothing that comes from a person can end a header. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <sodium.h>

#include <stadtkern/buf.h>
#include <stadtkern/field.h>

#include "courier/mail_html.h"

#define LINE_MAX_QP	75	/* RFC 2045, 6.7 (5): 76 with the "=" */
#define WORD_BYTES	39	/* in one encoded word: 52 of base64 */
#define LINE_BASE64	57	/* bytes in a line of 76 */
#define PLAIN_MAX	60	/* longer ones are folded, so encoded */

bool
mail_address_fits(const char *address)
{
	const char	*at;

	if (address == NULL ||
	    !field_format_fits(FIELD_FORMAT_EMAIL, address))
		return (false);
	for (at = address; *at != '\0'; at++) {
		/* What RFC 5322, 3.4.1 would want quoted is not wanted. */
		if (*at <= ' ' || *at >= 0x7f ||
		    strchr("()<>[]:;\\,\"", *at) != NULL)
			return (false);
	}
	return (true);
}

/* No control characters at all: not CR, not LF, not NUL's friends. */
static bool
header_fits(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return (false);
	}
	return (true);
}

static bool
text_is_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text >= 0x80)
			return (false);
	}
	return (true);
}

/* How many bytes of `text`, at most `max`, end at a character's end. */
static size_t
word_len(const char *text, size_t max)
{
	size_t	 len;

	len = strlen(text);
	if (len <= max)
		return (len);
	for (len = max; len > 1 && ((unsigned char)text[len] & 0xc0) == 0x80;
	    len--)
		continue;
	return (len);
}

static void
header_encoded(struct buf *buf, const char *text)
{
	char	 word[WORD_BYTES * 2];
	size_t	 len;

	while (*text != '\0') {
		len = word_len(text, WORD_BYTES);
		(void)sodium_bin2base64(word, sizeof(word),
		    (const unsigned char *)text, len,
		    sodium_base64_VARIANT_ORIGINAL);
		buf_format(buf, "=?UTF-8?B?%s?=", word);
		text += len;
		if (*text != '\0')
			buf_text(buf, "\r\n ");
	}
}

static bool
header_is_plain(const char *text)
{
	return (text_is_ascii(text) && strlen(text) <= PLAIN_MAX &&
	    strstr(text, "=?") == NULL);
}

static void
subject_add(struct buf *buf, const char *subject)
{
	buf_text(buf, "Subject: ");
	if (header_is_plain(subject))
		buf_text(buf, subject);
	else
		header_encoded(buf, subject);
	buf_text(buf, "\r\n");
}

static void
from_add(struct buf *buf, const char *name, const char *address)
{
	buf_text(buf, "From: ");
	if (!header_is_plain(name))
		header_encoded(buf, name);
	else {
		buf_char(buf, '"');
		for (; *name != '\0'; name++) {
			if (*name == '"' || *name == '\\')
				buf_char(buf, '\\');
			buf_char(buf, *name);
		}
		buf_char(buf, '"');
	}
	buf_format(buf, "\r\n <%s>\r\n", address);
}

/* RFC 5322, 3.3; strftime() would ask the locale for the names. */
static void
date_add(struct buf *buf, time_t date)
{
	static const char	 days[] = "SunMonTueWedThuFriSat";
	static const char	 months[] =
	    "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm		 tm;

	(void)gmtime_r(&date, &tm);
	buf_format(buf, "Date: %.3s, %d %.3s %d %02d:%02d:%02d +0000\r\n",
	    days + tm.tm_wday * 3, tm.tm_mday, months + tm.tm_mon * 3,
	    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

static bool
byte_is_plain(unsigned char byte, bool last)
{
	/* A blank at the end of a line would get lost on the way. */
	if (byte == ' ' || byte == '\t')
		return (!last);
	return (byte > ' ' && byte < 0x7f && byte != '=');
}

/* RFC 2045, 6.7. */
static void
body_add(struct buf *buf, const char *body)
{
	unsigned char	 byte;
	size_t		 column, need;
	bool		 plain;

	for (column = 0; *body != '\0'; body++) {
		byte = (unsigned char)*body;
		if (byte == '\r' && body[1] == '\n')
			continue;
		if (byte == '\n') {
			buf_text(buf, "\r\n");
			column = 0;
			continue;
		}
		plain = byte_is_plain(byte, body[1] == '\n' ||
		    body[1] == '\r' || body[1] == '\0');
		/* A lone dot must not be able to end the data (RFC 5321,
		 * 4.5.2), whoever sends this on. */
		plain = plain && !(column == 0 && byte == '.');
		need = plain ? 1 : 3;
		if (column + need > LINE_MAX_QP) {
			buf_text(buf, "=\r\n");
			column = 0;
		}
		if (plain)
			buf_char(buf, (char)byte);
		else
			buf_format(buf, "=%02X", byte);
		column += need;
	}
	if (column > 0)
		buf_text(buf, "\r\n");
}

/* RFC 2045, 6.8. */
static void
base64_add(struct buf *buf, struct bytes content)
{
	char	 line[LINE_BASE64 * 2];
	size_t	 at, len;

	for (at = 0; at < content.len; at += len) {
		len = content.len - at < LINE_BASE64 ? content.len - at :
		    LINE_BASE64;
		(void)sodium_bin2base64(line, sizeof(line), content.at + at,
		    len, sodium_base64_VARIANT_ORIGINAL);
		buf_format(buf, "%s\r\n", line);
	}
}

static void
text_add(struct buf *buf, const char *subtype, const char *text)
{
	buf_format(buf, "Content-Type: text/%s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n", subtype);
	body_add(buf, text);
}

/*
 * Boundaries need not be random: neither quoted-printable nor base64 can hold
 * "=_" (RFC 2045, 6.7), and a mail that is sent again stays the same.
 */
static void
emblem_add(struct buf *buf, struct bytes emblem, const char *content_id)
{
	buf_format(buf, "--=_related\r\n"
	    "Content-Type: image/png\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: inline; filename=\"emblem.png\"\r\n"
	    "Content-ID: <%s>\r\n\r\n", content_id);
	base64_add(buf, emblem);
	buf_text(buf, "--=_related--\r\n");
}

static enum status
alternative_add(struct buf *buf, const struct mail *mail)
{
	const struct bytes	 emblem = mail->look->emblem;
	const char		*content_id, *html;

	content_id = emblem.at == NULL ? NULL : arena_format(buf->arena,
	    "emblem.%s", mail->message_id);
	if ((html = mail_html(buf->arena, mail, content_id)) == NULL)
		return (STATUS_LIMIT);
	buf_text(buf, "Content-Type: multipart/alternative;\r\n"
	    " boundary=\"=_alternative\"\r\n\r\n--=_alternative\r\n");
	text_add(buf, "plain", mail->body);
	buf_text(buf, "--=_alternative\r\n");
	if (content_id != NULL)
		buf_text(buf, "Content-Type: multipart/related; "
		    "type=\"text/html\";\r\n boundary=\"=_related\"\r\n\r\n"
		    "--=_related\r\n");
	text_add(buf, "html", html);
	if (content_id != NULL)
		emblem_add(buf, emblem, content_id);
	buf_text(buf, "--=_alternative--\r\n");
	return (STATUS_OK);
}

enum status
mail_format(struct arena *arena, const struct mail *mail, char **text,
    size_t *len)
{
	struct buf	 buf;

	if (!mail_address_fits(mail->from) || !mail_address_fits(mail->to) ||
	    (mail->reply_to != NULL && !mail_address_fits(mail->reply_to)) ||
	    !header_fits(mail->from_name) || !header_fits(mail->subject) ||
	    !header_fits(mail->message_id) || !header_fits(mail->language) ||
	    !text_is_ascii(mail->message_id) ||
	    !text_is_ascii(mail->language))
		return (STATUS_INVALID);
	buf_init(&buf, arena, MAIL_MAX);
	date_add(&buf, mail->date);
	from_add(&buf, mail->from_name, mail->from);
	buf_format(&buf, "To: <%s>\r\n", mail->to);
	if (mail->reply_to != NULL)
		buf_format(&buf, "Reply-To: <%s>\r\n", mail->reply_to);
	subject_add(&buf, mail->subject);
	buf_format(&buf, "Message-ID: <%s>\r\n", mail->message_id);
	buf_format(&buf, "Content-Language: %s\r\n", mail->language);
	buf_text(&buf, "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n");
	if (mail->look == NULL)
		text_add(&buf, "plain", mail->body);
	else if (alternative_add(&buf, mail) != STATUS_OK)
		return (STATUS_LIMIT);
	*text = buf_finish(&buf, len);
	return (*text == NULL ? STATUS_LIMIT : STATUS_OK);
}
