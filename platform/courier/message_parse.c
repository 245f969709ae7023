/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Inside the sandbox: a message, as RFC 5322 and MIME have it or as somebody
 * made it up, to what an office needs of it. GMime reads it; what comes out
 * is bounded here, in number, depth and size, and what is beyond is counted.
 */

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include <stadtkern/json.h>

#include "courier/message.h"
#include "courier/sandbox_pipe.h"

#define DEPTH_MAX	20		/* multiparts in each other */
#define PARTS_MAX	2000		/* that are looked at */
#define HEADERS_MAX	500
#define HEADER_MAX	8192		/* bytes of one that is read */
#define TEXT_PARTS_MAX	(1024u * 1024)	/* bytes of texts together */
#define JSON_MAX	(1024u * 1024)
#define NAME_MAX_CHARS	120
#define REFERENCES_MAX	20

struct parse {
	struct arena		*arena;
	struct message		 message;
	struct buf		 plain;
	struct buf		 html;
	struct message_file	 files[MESSAGE_FILES_MAX];
	unsigned char		*bytes;		/* of the files, one another */
	size_t			 bytes_len;
	const char		*to[MESSAGE_ADDRESSES_MAX];
	const char		*answers[REFERENCES_MAX];
	unsigned int		 parts;
	unsigned int		 from_headers;
	bool			 replied;	/* a machine's answer */
	bool			 machine;	/* written by one */
	bool			 listed;	/* through a mailing list */
	bool			 returned;	/* an empty return path */
	bool			 report;	/* multipart/report */
	bool			 failed;	/* of a delivery */
};

/* What else would be opened as a file when it is first needed. */
static const char *const	charsets[] = {
	"US-ASCII", "UTF-8", "UTF-7", "UTF-16", "UTF-16LE", "UTF-16BE",
	"UTF-32", "ISO-8859-1", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4",
	"ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9",
	"ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15",
	"ISO-8859-16", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252",
	"WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256",
	"WINDOWS-1257", "WINDOWS-1258", "CP437", "CP850", "CP852", "CP866",
	"MACINTOSH", "KOI8-R", "KOI8-U", "GB2312", "GBK", "GB18030", "BIG5",
	"SHIFT_JIS", "EUC-JP", "ISO-2022-JP", "EUC-KR", "TIS-620"
};

static const char	warm_message[] =
    "From: =?iso-8859-15?Q?M=FCller?= <a@example.org>\r\n"
    "Date: Thu, 26 Nov 2026 08:00:00 +0100\r\n"
    "Subject: =?utf-8?B?w6Q=?=\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/mixed; boundary=a\r\n\r\n"
    "--a\r\nContent-Type: text/plain; charset=windows-1252\r\n\r\nx\r\n"
    "--a\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\ny\r\n"
    "--a\r\nContent-Type: image/png; name*=utf-8''%C3%A4.png\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--a--\r\n";

/* ---- texts ---- */

static bool
utf8_is_valid(const char *text, size_t len)
{
	return (g_utf8_validate(text, (gssize)len, NULL) != 0);
}

/* NULL: that charset is not known, or the bytes are none of it. */
static char *
convert(struct arena *arena, const char *charset, const char *text,
    size_t len, size_t *out_len)
{
	iconv_t	 cd;
	char	*out, *to, *from;
	size_t	 left, room;
	bool	 done;

	cd = iconv_open("UTF-8", charset);
	if (cd == (iconv_t)-1)
		return (NULL);
	room = len * 4 + 16;
	out = to = arena_alloc(arena, room);
	from = arena_copy(arena, text, len);
	left = len;
	done = iconv(cd, &from, &left, &to, &room) != (size_t)-1 ||
	    errno == E2BIG;
	/* A sequence that the end cut through is no reason. */
	done = done || errno == EINVAL;
	(void)iconv_close(cd);
	*out_len = (size_t)(to - out);
	return (done && utf8_is_valid(out, *out_len) ? out : NULL);
}

/* A name that cannot be a path or options of iconv's. */
static bool
charset_fits(const char *charset)
{
	size_t	 len;

	len = strspn(charset, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-_.:");
	return (len > 0 && len <= 40 && charset[len] == '\0');
}

/*
 * What a text says it is, else UTF-8 if it can be, else windows-1252, which
 * anything can be.
 */
static char *
text_decode(struct arena *arena, const char *charset, const char *text,
    size_t len)
{
	char	*out;
	size_t	 out_len;

	out = NULL;
	if (charset != NULL && charset_fits(charset) &&
	    strcasecmp(charset, "us-ascii") != 0)
		out = convert(arena, charset, text, len, &out_len);
	if (out == NULL && !utf8_is_valid(text, len))
		out = convert(arena, "ISO-8859-1", text, len, &out_len);
	if (out == NULL) {
		out = arena_copy(arena, text, len);
		out_len = len;
	}
	return (message_clean(arena, out, out_len, TEXT_PARTS_MAX, NULL));
}

/* One line of at most `max` characters; NULL: nothing in it. */
static const char *
line_clean(struct parse *parse, const char *text, size_t max)
{
	char	*line, *at;

	if (text == NULL)
		return (NULL);
	line = message_clean(parse->arena, text, strlen(text), max, NULL);
	for (at = line; *at != '\0'; at++) {
		if (*at == '\n' || *at == '\t')
			*at = ' ';
	}
	while (*line == ' ')
		line++;
	return (*line == '\0' ? NULL : line);
}

/* ---- headers ---- */

static const char *
address_of(InternetAddress *address)
{
	return (INTERNET_ADDRESS_IS_MAILBOX(address) ?
	    internet_address_mailbox_get_addr(
	    INTERNET_ADDRESS_MAILBOX(address)) : NULL);
}

static void
to_add(struct parse *parse, const char *text)
{
	text = line_clean(parse, text, MESSAGE_ITEM_MAX);
	if (text != NULL && parse->message.to.count < MESSAGE_ADDRESSES_MAX)
		parse->to[parse->message.to.count++] = text;
}

static void
recipients_read(struct parse *parse, const char *value)
{
	InternetAddressList	*list;
	int			 i;

	if ((list = internet_address_list_parse(NULL, value)) == NULL)
		return;
	for (i = 0; i < internet_address_list_length(list) &&
	    i < MESSAGE_ADDRESSES_MAX; i++)
		to_add(parse, address_of(
		    internet_address_list_get_address(list, i)));
	g_object_unref(list);
}

/* Whoever it is from, if that is one; of two nobody is believed. */
static void
sender_read(struct parse *parse, const char *value)
{
	InternetAddressList	*list;
	InternetAddress		*address;

	parse->message.from = parse->message.from_name = NULL;
	if (++parse->from_headers > 1)
		return;
	if ((list = internet_address_list_parse(NULL, value)) == NULL)
		return;
	if (internet_address_list_length(list) == 1) {
		address = internet_address_list_get_address(list, 0);
		parse->message.from = line_clean(parse, address_of(address),
		    MESSAGE_LINE_MAX);
		parse->message.from_name = line_clean(parse,
		    internet_address_get_name(address), 100);
	}
	g_object_unref(list);
}

/* Message-IDs between < and >. */
static void
references_read(struct parse *parse, const char *value)
{
	const char	*end;
	const char	*id;

	for (; (value = strchr(value, '<')) != NULL; value = end) {
		if ((end = strchr(++value, '>')) == NULL)
			return;
		id = line_clean(parse, arena_copy(parse->arena, value,
		    (size_t)(end - value)), MESSAGE_ITEM_MAX);
		if (id != NULL && parse->message.answers.count < REFERENCES_MAX)
			parse->answers[parse->message.answers.count++] = id;
	}
}

static bool
value_begins(const char *value, const char *what)
{
	while (isspace((unsigned char)*value))
		value++;
	return (strncasecmp(value, what, strlen(what)) == 0);
}

/* RFC 3834, 2 and 5, and what came before and beside it. */
static void
machine_read(struct parse *parse, const char *name, const char *value)
{
	if (strcasecmp(name, "Auto-Submitted") == 0) {
		parse->machine |= !value_begins(value, "no");
		parse->replied |= value_begins(value, "auto-replied");
	} else if (strcasecmp(name, "Precedence") == 0) {
		parse->replied |= value_begins(value, "auto_reply");
		parse->machine |= value_begins(value, "bulk") ||
		    value_begins(value, "junk");
		parse->listed |= value_begins(value, "list");
	} else if (strcasecmp(name, "X-Auto-Response-Suppress") == 0)
		parse->machine |= !value_begins(value, "none");
	else if (strcasecmp(name, "X-Autoreply") == 0 ||
	    strcasecmp(name, "X-Autorespond") == 0)
		parse->replied = true;
	else if (strcasecmp(name, "List-Id") == 0)
		parse->listed = true;
	else if (strcasecmp(name, "Return-Path") == 0)
		parse->returned |= strstr(value, "<>") != NULL;
}

static void
header_read(struct parse *parse, const char *name, const char *value)
{
	static const char *const	recipients[] = {
		"To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To"
	};
	size_t				i;

	for (i = 0; i < sizeof(recipients) / sizeof(recipients[0]); i++) {
		if (strcasecmp(name, recipients[i]) == 0)
			recipients_read(parse, value);
	}
	if (strcasecmp(name, "From") == 0)
		sender_read(parse, value);
	else if (strcasecmp(name, "In-Reply-To") == 0 ||
	    strcasecmp(name, "References") == 0)
		references_read(parse, value);
	else
		machine_read(parse, name, value);
}

static void
headers_read(struct parse *parse, GMimeMessage *mime)
{
	GMimeHeaderList	*list;
	GMimeHeader	*header;
	const char	*value;
	int		 i, count;

	list = g_mime_object_get_header_list(GMIME_OBJECT(mime));
	count = g_mime_header_list_get_count(list);
	for (i = 0; i < count && i < HEADERS_MAX; i++) {
		header = g_mime_header_list_get_header_at(list, i);
		value = g_mime_header_get_raw_value(header);
		if (value == NULL)
			continue;
		value = arena_copy(parse->arena, value,
		    strnlen(value, HEADER_MAX));
		header_read(parse, g_mime_header_get_name(header), value);
	}
	parse->message.message_id = line_clean(parse,
	    g_mime_message_get_message_id(mime), MESSAGE_LINE_MAX);
	parse->message.subject = line_clean(parse,
	    g_mime_message_get_subject(mime), MESSAGE_LINE_MAX);
}

static void
date_read(struct parse *parse, GMimeMessage *mime)
{
	GDateTime	*date, *utc;

	if ((date = g_mime_message_get_date(mime)) == NULL ||
	    (utc = g_date_time_to_utc(date)) == NULL)
		return;
	parse->message.sent_at = arena_format(parse->arena,
	    "%04d-%02d-%02dT%02d:%02d:%02dZ", g_date_time_get_year(utc),
	    g_date_time_get_month(utc), g_date_time_get_day_of_month(utc),
	    g_date_time_get_hour(utc), g_date_time_get_minute(utc),
	    g_date_time_get_second(utc));
	g_date_time_unref(utc);
}

/* ---- parts ---- */

static const char *
type_of(struct parse *parse, GMimeObject *part)
{
	GMimeContentType	*type;
	char			*text, *at;

	type = g_mime_object_get_content_type(part);
	text = arena_format(parse->arena, "%.48s/%.48s",
	    g_mime_content_type_get_media_type(type),
	    g_mime_content_type_get_media_subtype(type));
	for (at = text; *at != '\0'; at++) {
		*at = (char)tolower((unsigned char)*at);
		if (!isalnum((unsigned char)*at) &&
		    strchr("/.+-_", *at) == NULL)
			return ("application/octet-stream");
	}
	return (text);
}

/* Its content without transfer encoding; the stream is the caller's. */
static GMimeStream *
content_of(GMimeObject *part)
{
	GMimeDataWrapper	*content;
	GMimeStream		*stream;

	stream = g_mime_stream_mem_new();
	if (GMIME_IS_MESSAGE_PART(part)) {
		if (g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)) !=
		    NULL)
			(void)g_mime_object_write_to_stream(GMIME_OBJECT(
			    g_mime_message_part_get_message(
			    GMIME_MESSAGE_PART(part))), NULL, stream);
	} else if (GMIME_IS_PART(part) && (content =
	    g_mime_part_get_content(GMIME_PART(part))) != NULL)
		(void)g_mime_data_wrapper_write_to_stream(content, stream);
	return (stream);
}

static struct bytes
stream_bytes(GMimeStream *stream)
{
	GByteArray	*array;

	array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	return ((struct bytes){ array->data, array->len });
}

/* No folder, and nothing that a shell or a browser reads otherwise. */
static const char *
name_of(struct parse *parse, GMimeObject *part)
{
	const char	*name, *slash;
	char		*at;

	name = NULL;
	if (GMIME_IS_PART(part))
		name = g_mime_part_get_filename(GMIME_PART(part));
	name = line_clean(parse, name, NAME_MAX_CHARS);
	if (name == NULL)
		return (arena_format(parse->arena, "%zu%s",
		    parse->message.files.count + 1,
		    GMIME_IS_MESSAGE_PART(part) ? ".eml" : ""));
	if ((slash = strrchr(name, '/')) != NULL && slash[1] != '\0')
		name = slash + 1;
	if ((slash = strrchr(name, '\\')) != NULL && slash[1] != '\0')
		name = slash + 1;
	for (at = arena_text(parse->arena, name), name = at; *at != '\0'; at++) {
		if (strchr("\"<>|:*?%;/\\", *at) != NULL ||
		    (at == name && *at == '.'))
			*at = '_';
	}
	return (name);
}

static void
file_keep(struct parse *parse, GMimeObject *part)
{
	struct message_file	*file;
	struct bytes		 content;
	GMimeStream		*stream;

	stream = content_of(part);
	content = stream_bytes(stream);
	if (parse->message.files.count == MESSAGE_FILES_MAX ||
	    content.len == 0 ||
	    content.len > MESSAGE_FILES_BYTES - parse->bytes_len)
		parse->message.dropped++;
	else {
		file = &parse->files[parse->message.files.count];
		file->name = name_of(parse, part);
		file->media_type = type_of(parse, part);
		file->size = (int64_t)content.len;
		memcpy(parse->bytes + parse->bytes_len, content.at,
		    content.len);
		parse->bytes_len += content.len;
		parse->message.files.count++;
	}
	g_object_unref(stream);
}

static void
text_keep(struct parse *parse, GMimeObject *part, struct buf *into)
{
	struct bytes	 content;
	GMimeStream	*stream;
	const char	*format, *delsp;
	char		*text;

	stream = content_of(part);
	content = stream_bytes(stream);
	if (content.len > TEXT_PARTS_MAX) {
		content.len = TEXT_PARTS_MAX;
		parse->message.cut = true;
	}
	text = content.len == 0 ? arena_text(parse->arena, "") :
	    text_decode(parse->arena, g_mime_object_get_content_type_parameter(
	    part, "charset"), (const char *)content.at, content.len);
	g_object_unref(stream);
	format = g_mime_object_get_content_type_parameter(part, "format");
	delsp = g_mime_object_get_content_type_parameter(part, "delsp");
	if (format != NULL && strcasecmp(format, "flowed") == 0)
		text = message_unflow(parse->arena, text, delsp != NULL &&
		    strcasecmp(delsp, "yes") == 0);
	if (into->len > 0)
		buf_char(into, '\n');
	buf_text(into, text);
}

/* RFC 3464: what became of a mail of ours. */
static void
delivery_read(struct parse *parse, GMimeObject *part)
{
	struct bytes	 content;
	GMimeStream	*stream;
	const char	*at;
	char		*text;
	size_t		 len;

	stream = content_of(part);
	content = stream_bytes(stream);
	text = message_clean(parse->arena, content.len == 0 ? "" :
	    (const char *)content.at, content.len, HEADER_MAX, NULL);
	g_object_unref(stream);
	for (at = text; at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncasecmp(at, "Action:", 7) == 0)
			parse->failed |= value_begins(at + 7, "failed");
		if (strncasecmp(at, "Status:", 7) != 0)
			continue;
		at += 7 + strspn(at + 7, " ");
		len = strspn(at, "0123456789.");
		if (len >= 5 && len <= 11)
			parse->message.status = arena_copy(parse->arena, at,
			    len);
	}
}

/* The mail that came back, or its head: by its Message-ID we know it. */
static void
returned_read(struct parse *parse, GMimeObject *part)
{
	GMimeMessage	*inner;
	struct bytes	 content;
	GMimeStream	*stream;
	const char	*at;
	char		*text;

	inner = GMIME_IS_MESSAGE_PART(part) ?
	    g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)) : NULL;
	if (inner != NULL && g_mime_message_get_message_id(inner) != NULL) {
		references_read(parse, arena_format(parse->arena, "<%.250s>",
		    g_mime_message_get_message_id(inner)));
		return;
	}
	stream = content_of(part);
	content = stream_bytes(stream);
	text = message_clean(parse->arena, content.len == 0 ? "" :
	    (const char *)content.at, content.len, HEADER_MAX, NULL);
	g_object_unref(stream);
	for (at = text; at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncasecmp(at, "Message-ID:", 11) == 0)
			references_read(parse, at);
	}
}

static void	object_read(struct parse *parse, GMimeObject *object,
		    unsigned int depth);

static void
multipart_read(struct parse *parse, GMimeMultipart *multipart,
    unsigned int depth)
{
	int	 i, count;

	count = g_mime_multipart_get_count(multipart);
	if (depth >= DEPTH_MAX) {
		parse->message.dropped += count > 0;
		return;
	}
	for (i = 0; i < count; i++)
		object_read(parse, g_mime_multipart_get_part(multipart, i),
		    depth + 1);
}

static bool
is_attachment(GMimeObject *object)
{
	const char	*disposition;

	disposition = g_mime_object_get_disposition(object);
	return ((disposition != NULL &&
	    strcasecmp(disposition, "attachment") == 0) ||
	    (GMIME_IS_PART(object) &&
	    g_mime_part_get_filename(GMIME_PART(object)) != NULL));
}

static void
object_read(struct parse *parse, GMimeObject *object, unsigned int depth)
{
	const char	*type;

	if (object == NULL)
		return;
	if (++parse->parts > PARTS_MAX) {
		parse->message.dropped++;
		return;
	}
	if (GMIME_IS_MULTIPART(object)) {
		multipart_read(parse, GMIME_MULTIPART(object), depth);
		return;
	}
	type = type_of(parse, object);
	if (parse->report && strcmp(type, "message/delivery-status") == 0)
		delivery_read(parse, object);
	else if (parse->report && (GMIME_IS_MESSAGE_PART(object) ||
	    strcmp(type, "text/rfc822-headers") == 0))
		returned_read(parse, object);
	else if (parse->report && strncmp(type, "message/", 8) == 0)
		return;
	else if (strcmp(type, "text/plain") == 0 && !is_attachment(object))
		text_keep(parse, object, &parse->plain);
	else if (strcmp(type, "text/html") == 0 && !is_attachment(object))
		text_keep(parse, object, &parse->html);
	else
		file_keep(parse, object);
}

/* ---- all of it ---- */

static void
kind_set(struct parse *parse)
{
	const char	*from;

	from = parse->message.from == NULL ? "" : parse->message.from;
	if (parse->report)
		parse->message.kind = parse->failed ? "bounce" : "automatic";
	else if (parse->returned && strncasecmp(from, "mailer-daemon", 13) == 0)
		parse->message.kind = "bounce";
	else if (parse->returned || parse->replied ||
	    (parse->machine && parse->message.answers.count > 0))
		parse->message.kind = "automatic";
	else
		parse->message.kind = parse->machine || parse->listed ?
		    "generated" : "message";
}

static void
text_set(struct parse *parse)
{
	struct message	*message;
	const char	*text, *html;

	message = &parse->message;
	text = buf_finish(&parse->plain, NULL);
	html = buf_finish(&parse->html, NULL);
	if (text == NULL || html == NULL)
		message->cut = true;
	if (text == NULL || text[strspn(text, " \n\t")] == '\0')
		text = html == NULL ? "" :
		    message_html(parse->arena, html, strlen(html));
	message->text = message_clean(parse->arena, text, strlen(text),
	    MESSAGE_TEXT_MAX, &message->cut);
	message->shown = message_unquote(parse->arena, message->text);
}

static void
json_list(struct json *json, const char *name, const char *const *texts,
    size_t count)
{
	size_t	 i;

	json_open_array(json, name);
	for (i = 0; i < count; i++)
		json_text(json, NULL, texts[i]);
	json_close(json);
}

static char *
message_json(const struct parse *parse, size_t *len)
{
	const struct message	*message = &parse->message;
	struct json		 json;
	size_t			 i;

	json_init(&json, parse->arena, JSON_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "kind", message->kind);
	json_text(&json, "message_id", message->message_id);
	json_list(&json, "answers", parse->answers, message->answers.count);
	json_text(&json, "from", message->from);
	json_text(&json, "from_name", message->from_name);
	json_list(&json, "to", parse->to, message->to.count);
	json_text(&json, "subject", message->subject);
	json_text(&json, "sent_at", message->sent_at);
	json_text(&json, "text", message->text);
	json_text(&json, "shown", message->shown);
	json_bool(&json, "cut", message->cut);
	json_text(&json, "status", message->status);
	json_int(&json, "dropped", message->dropped);
	json_open_array(&json, "files");
	for (i = 0; i < message->files.count; i++) {
		json_open_object(&json, NULL);
		json_text(&json, "name", parse->files[i].name);
		json_text(&json, "media_type", parse->files[i].media_type);
		json_int(&json, "size", parse->files[i].size);
		json_close(&json);
	}
	json_close(&json);
	json_close(&json);
	return (json_finish(&json, len));
}

static enum status
answer_write(const struct parse *parse, unsigned char **answer,
    size_t *answer_len)
{
	struct message_head	 head = { .verdict = SANDBOX_DONE };
	const char		*json;
	size_t			 len;

	if ((json = message_json(parse, &len)) == NULL)
		return (STATUS_REFUSED);
	head.json_len = (uint32_t)len;
	*answer_len = sizeof(head) + len + parse->bytes_len;
	if ((*answer = malloc(*answer_len)) == NULL)
		return (STATUS_REFUSED);
	memcpy(*answer, &head, sizeof(head));
	memcpy(*answer + sizeof(head), json, len);
	memcpy(*answer + sizeof(head) + len, parse->bytes, parse->bytes_len);
	return (STATUS_OK);
}

static enum status
message_parse(struct parse *parse, GMimeMessage *mime, unsigned char **answer,
    size_t *answer_len)
{
	GMimeObject	*body;

	body = g_mime_message_get_mime_part(mime);
	parse->report = body != NULL && strcmp(type_of(parse, body),
	    "multipart/report") == 0;
	headers_read(parse, mime);
	date_read(parse, mime);
	object_read(parse, body, 0);
	text_set(parse);
	kind_set(parse);
	return (answer_write(parse, answer, answer_len));
}

enum status
message_work(const unsigned char *bytes, size_t len, unsigned char **answer,
    size_t *answer_len)
{
	struct parse	 parse = { .arena = NULL };
	GMimeStream	*stream;
	GMimeParser	*parser;
	GMimeMessage	*mime;
	enum status	 status;

	stream = g_mime_stream_mem_new_with_buffer((const char *)bytes, len);
	parser = g_mime_parser_new_with_stream(stream);
	mime = g_mime_parser_construct_message(parser, NULL);
	status = STATUS_REFUSED;
	if (mime != NULL &&
	    (parse.bytes = malloc(MESSAGE_FILES_BYTES)) != NULL) {
		parse.arena = arena_new(0);
		buf_init(&parse.plain, parse.arena, TEXT_PARTS_MAX * 4);
		buf_init(&parse.html, parse.arena, TEXT_PARTS_MAX * 4);
		status = message_parse(&parse, mime, answer, answer_len);
		arena_free(parse.arena);
	}
	free(parse.bytes);
	if (mime != NULL)
		g_object_unref(mime);
	g_object_unref(parser);
	g_object_unref(stream);
	return (status);
}

/* What is opened here stays open: a table that is loaded is not loaded
 * again. */
void
message_warm(void)
{
	unsigned char	*answer;
	size_t		 i, len;

	g_mime_init();
	for (i = 0; i < sizeof(charsets) / sizeof(charsets[0]); i++) {
		(void)iconv_open("UTF-8", charsets[i]);
		(void)iconv_open(charsets[i], "UTF-8");
	}
	if (message_work((const unsigned char *)warm_message,
	    sizeof(warm_message) - 1, &answer, &len) == STATUS_OK)
		free(answer);
}
