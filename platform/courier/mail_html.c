/* SPDX-License-Identifier: EUPL-1.2 */
/* Writes the HTML part. All that is not a literal here is escaped. */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <stadtkern/buf.h>

#include "core/document/html.h"
#include "core/plugin/message.h"
#include "courier/mail_html.h"

#define WIDTH		62	/* of the texts' lines, in characters */
#define CODE_DIGITS	6

#define FONTS		"system-ui,-apple-system,'Segoe UI',Roboto,"	\
			"'Helvetica Neue',Arial,sans-serif"

static size_t
characters(const char *text, size_t len)
{
	size_t	 i, count;

	count = 0;
	for (i = 0; i < len; i++)
		count += ((unsigned char)text[i] & 0xc0) != 0x80;
	return (count);
}

static bool
line_is_prose(const char *line, size_t len)
{
	return (len > 0 && *line != ' ' && *line != '\t' &&
	    memmem(line, len, "  ", 2) == NULL);
}

const char *
mail_unfold(struct arena *arena, const char *text)
{
	char		*copy, *line, *next;
	size_t		 len, word;

	copy = arena_text(arena, text);
	for (line = copy; (next = strchr(line, '\n')) != NULL; line = next) {
		len = (size_t)(next++ - line);
		word = strcspn(next, " \n");
		if (line_is_prose(line, len) &&
		    line_is_prose(next, strcspn(next, "\n")) &&
		    characters(line, len) + 1 + characters(next, word) > WIDTH)
			next[-1] = ' ';
	}
	return (copy);
}

/* RFC 6068, 2: what is not plain is percent-encoded. */
static void
mailto_add(struct buf *buf, const char *address)
{
	for (; *address != '\0'; address++) {
		if ((*address >= 'a' && *address <= 'z') ||
		    (*address >= 'A' && *address <= 'Z') ||
		    (*address >= '0' && *address <= '9') ||
		    strchr("-._~@", *address) != NULL)
			buf_char(buf, *address);
		else
			buf_format(buf, "%%%02X", (unsigned char)*address);
	}
}

/* Without the sentence's own signs at the end. */
static size_t
link_len(const char *text, size_t len)
{
	size_t	 end;

	for (end = 0; end < len && (unsigned char)text[end] > ' ' &&
	    strchr("<>\"\\^`{|}", text[end]) == NULL; end++)
		continue;
	while (end > 0 && strchr(".,;:!?)'", text[end - 1]) != NULL)
		end--;
	return (end);
}

static void
line_add(struct buf *buf, const struct theme_paper *paper, const char *line,
    size_t len)
{
	static const char	 scheme[] = "https://";
	const char		*at;
	size_t			 link;

	while ((at = memmem(line, len, scheme, sizeof(scheme) - 1)) != NULL) {
		html_add(buf, line, (size_t)(at - line));
		len -= (size_t)(at - line);
		link = link_len(at, len);
		if (link < sizeof(scheme)) {
			link = sizeof(scheme) - 1;
			html_add(buf, at, link);
		} else {
			buf_text(buf, "<a href=\"");
			html_add(buf, at, link);
			buf_format(buf, "\" class=\"l\" style=\"color:%s\">",
			    paper->accent);
			html_add(buf, at, link);
			buf_text(buf, "</a>");
		}
		line = at + link;
		len -= link;
	}
	html_add(buf, line, len);
}

static bool
is_code(const char *line, size_t len)
{
	return (len == CODE_DIGITS && strspn(line, "0123456789") >= len);
}

/* The next line without the blanks around it; NULL: there is none. */
static const char *
line_next(const char **at, size_t *len)
{
	const char	*line;

	if (**at == '\0')
		return (NULL);
	line = *at;
	*len = strcspn(line, "\n");
	*at += line[*len] == '\n' ? *len + 1 : *len;
	while (*len > 0 && strchr(" \t\r", *line) != NULL) {
		line++;
		(*len)--;
	}
	while (*len > 0 && strchr(" \t\r", line[*len - 1]) != NULL)
		(*len)--;
	return (line);
}

/* A city's letter is in one language; what a citizen wrote in it may run the
 * other way. */
static void
text_add(struct buf *buf, const struct theme_paper *paper, const char *text)
{
	const char	*line;
	size_t		 len;
	bool		 open;

	open = false;
	while ((line = line_next(&text, &len)) != NULL) {
		if (open && (len == 0 || is_code(line, len))) {
			buf_text(buf, "</p>\n");
			open = false;
		}
		if (is_code(line, len)) {
			buf_format(buf, "<p style=\"margin:24px 0;"
			    "font-size:36px;line-height:1.2;font-weight:bold;"
			    "letter-spacing:6px\">%.*s</p>\n", (int)len, line);
			continue;
		}
		if (len == 0)
			continue;
		buf_text(buf, open ? "<br>\n" :
		    "<p dir=\"auto\" style=\"margin:16px 0\">");
		open = true;
		line_add(buf, paper, line, len);
	}
	if (open)
		buf_text(buf, "</p>\n");
}

/* Mail programs that know no dark mode keep what is inline. */
static void
dark_add(struct buf *buf, const struct theme_paper *paper)
{
	buf_format(buf, "<style>\n:root{color-scheme:light dark}\n"
	    "@media (prefers-color-scheme:dark){\n"
	    ".b{background:%s!important;color:%s!important}\n",
	    paper->background, paper->text);
	buf_format(buf, ".s{background:%s!important;color:%s!important;"
	    "border-color:%s!important}\n", paper->surface, paper->text,
	    paper->border);
	buf_format(buf, ".h{background:%s!important;color:%s!important}\n",
	    paper->header, paper->on_header);
	buf_format(buf, ".l{color:%s!important}\n"
	    ".f{color:%s!important}\n}\n</style>\n", paper->accent,
	    paper->text_muted);
}

static void
head_add(struct buf *buf, const struct mail *mail)
{
	buf_text(buf, "<!DOCTYPE html>\n<html lang=\"");
	html_text(buf, mail->language);
	buf_format(buf, "\" dir=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n"
	    "<meta name=\"supported-color-schemes\" content=\"light dark\">\n"
	    "<title>", language_direction(mail->language));
	html_text(buf, mail->subject);
	buf_text(buf, "</title>\n");
	dark_add(buf, &mail->look->colours.dark);
	buf_text(buf, "</head>\n");
}

static void
bar_add(struct buf *buf, const struct mail *mail, const char *content_id)
{
	const struct theme_paper	*paper = &mail->look->colours.light;

	buf_format(buf, "<div class=\"h\" style=\"background:%s;color:%s;"
	    "padding:12px 24px;border-radius:8px 8px 0 0;font-size:20px;"
	    "line-height:48px;font-weight:bold\">", paper->header,
	    paper->on_header);
	if (content_id != NULL) {
		buf_text(buf, "<img src=\"cid:");
		html_text(buf, content_id);
		/* The name beside it says it all. */
		buf_text(buf, "\" alt=\"\" width=\"48\" height=\"48\" "
		    "style=\"vertical-align:middle;border:0;"
		    "border-radius:8px\"> ");
	}
	html_text(buf, mail->look->city);
	buf_text(buf, "</div>\n");
}

static void
foot_add(struct buf *buf, const struct mail *mail)
{
	const struct theme_paper	*paper = &mail->look->colours.light;

	buf_format(buf, "<div class=\"f\" style=\"color:%s;padding:16px 24px;"
	    "font-size:14px\">", paper->text_muted);
	html_text(buf, mail->look->city);
	buf_text(buf, "<br>\n<a href=\"mailto:");
	mailto_add(buf, mail->from);
	buf_format(buf, "\" class=\"f\" style=\"color:%s\">",
	    paper->text_muted);
	html_text(buf, mail->from);
	buf_text(buf, "</a></div>\n");
}

const char *
mail_html(struct arena *arena, const struct mail *mail,
    const char *content_id)
{
	const struct theme_paper	*paper = &mail->look->colours.light;
	struct buf			 buf;

	buf_init(&buf, arena, MAIL_MAX);
	head_add(&buf, mail);
	buf_format(&buf, "<body class=\"b\" style=\"margin:0;padding:16px 8px;"
	    "background:%s;color:%s;font-family:" FONTS ";font-size:16px;"
	    "line-height:1.5\">\n", paper->background, paper->text);
	/* Some programs drop the body's attributes. */
	buf_format(&buf, "<div class=\"b\" style=\"max-width:600px;"
	    "margin:0 auto;background:%s;color:%s;font-family:" FONTS ";"
	    "font-size:16px;line-height:1.5\">\n", paper->background,
	    paper->text);
	bar_add(&buf, mail, content_id);
	buf_format(&buf, "<div class=\"s\" style=\"background:%s;color:%s;"
	    "border:1px solid %s;border-top:0;border-radius:0 0 8px 8px;"
	    "padding:8px 24px;word-wrap:break-word;overflow-wrap:anywhere\">\n",
	    paper->surface, paper->text, paper->border);
	text_add(&buf, paper, mail->look->flow);
	buf_text(&buf, "</div>\n");
	foot_add(&buf, mail);
	buf_text(&buf, "</div>\n</body>\n</html>\n");
	return (buf_finish(&buf, NULL));
}
