/* SPDX-License-Identifier: EUPL-1.2 */
/* Findings: collecting them, and saying them in words. */

#include <string.h>

#include <stadtkern/buf.h>
#include <stadtkern/finding.h>

#include "core/document/finding_language.h"

#define FINDING_TEXT_MAX	4096u

struct finding_text {
	const char	*wire;
	const char	*says[FINDING_LANGUAGES];
};

static const struct finding_text	 finding_texts[] = {
#define X(name, wire, de, en, tr, uk, simple)				\
	{ wire, { de, en, tr, uk, simple } },
	FINDING_CODES(X)
#undef X
};

static const struct {
	const char	*code;
	const char	*line;
	const char	*character;
} finding_languages[FINDING_LANGUAGES] = {
	{ "de", "Zeile", "Zeichen" }, { "en", "line", "character" },
	{ "tr", "satır", "karakter" }, { "uk", "рядок", "символ" },
	{ "de-simple", "Zeile", "Zeichen" },
};

enum finding_language
finding_language(const char *language)
{
	size_t	 i;

	for (i = 0; i < FINDING_LANGUAGES; i++) {
		if (strcmp(finding_languages[i].code, language) == 0)
			return ((enum finding_language)i);
	}
	return (FINDING_EN);
}

void
findings_init(struct findings *findings, struct arena *arena)
{
	(void)memset(findings, 0, sizeof(*findings));
	findings->arena = arena;
}

void
finding_add(struct findings *findings, const char *pointer, const char *file,
    unsigned int line, unsigned int column, enum finding_code code,
    const char *argument)
{
	struct finding	*finding;

	if (findings->count++ >= FINDINGS_MAX)
		return;
	finding = arena_alloc(findings->arena, sizeof(*finding));
	finding->pointer = arena_text(findings->arena, pointer);
	finding->file = arena_text(findings->arena, file);
	finding->line = line;
	finding->column = column;
	finding->code = code;
	finding->argument = arena_text(findings->arena,
	    argument == NULL ? "" : argument);
	if (findings->last == NULL)
		findings->first = finding;
	else
		findings->last->next = finding;
	findings->last = finding;
}

const char *
finding_code_text(enum finding_code code)
{
	if ((unsigned int)code >= FINDING_COUNT)
		return ("unknown");
	return (finding_texts[code].wire);
}

/* Copies a template; see FINDING_CODES for its rules. */
static void
finding_fill(struct buf *buf, const char *text, const char *argument)
{
	for (; *text != '\0'; text++) {
		if (*text == '[' && *argument == '\0') {
			if ((text = strchr(text, ']')) == NULL)
				return;
		} else if (text[0] == '%' && text[1] == 's') {
			buf_text(buf, argument);
			text++;
		} else if (*text != '[' && *text != ']')
			buf_char(buf, *text);
	}
}

static void
finding_say(struct buf *buf, const struct finding *finding,
    const char *language)
{
	if ((unsigned int)finding->code >= FINDING_COUNT)
		return;
	finding_fill(buf, finding_texts[finding->code].says[
	    finding_language(language)],
	    finding_word(finding->argument, language));
}

const char *
finding_message(struct arena *arena, const struct finding *finding,
    const char *language)
{
	enum finding_language	 number;
	struct buf		 buf;
	const char		*message;

	buf_init(&buf, arena, FINDING_TEXT_MAX);
	finding_say(&buf, finding, language);
	if (finding->file == NULL && finding->line != 0) {
		number = finding_language(language);
		buf_format(&buf, " (%s %u, %s %u)",
		    finding_languages[number].line, finding->line,
		    finding_languages[number].character, finding->column);
	}
	message = buf_finish(&buf, NULL);
	return (message == NULL ? finding_code_text(finding->code) : message);
}

const char *
finding_line(struct arena *arena, const struct finding *finding)
{
	struct buf	 buf;
	const char	*line;

	buf_init(&buf, arena, FINDING_TEXT_MAX);
	if (finding->file != NULL) {
		buf_text(&buf, finding->file);
		buf_char(&buf, ':');
	}
	if (finding->line != 0)
		buf_format(&buf, "%u:%u:", finding->line, finding->column);
	if (buf.len != 0)
		buf_char(&buf, ' ');
	buf_text(&buf, *finding->pointer == '\0' ? "the document" :
	    finding->pointer);
	buf_char(&buf, ' ');
	finding_say(&buf, finding, "en");
	line = buf_finish(&buf, NULL);
	return (line == NULL ? finding_code_text(finding->code) : line);
}
