/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What is wrong with an input, all of it at once. One finding is either
 * shown to a caller as an entry of problem+json (pointer, code, message in
 * the caller's language) or printed as file:line:column for the person who
 * keeps a YAML file.
 */
#ifndef STADTKERN_FINDING_H
#define STADTKERN_FINDING_H

#include <stddef.h>

#include <stadtkern/arena.h>

/*
 * One line a code: its name on the wire, then the text in German and in
 * English. %s is the finding's argument: a limit, a list of choices, the
 * nearest known key. A part in [brackets] is left out when there is no
 * argument. Arguments need no language; the few that are words (the names of
 * types and formats) are translated by finding_message().
 */
#define FINDING_CODES(X)						\
	X(REQUIRED, "required",						\
	    "fehlt, wird aber benötigt[: %s]", "is required[: %s]")	\
	X(UNKNOWN, "unknown",						\
	    "ist hier nicht bekannt[, gemeint ist vielleicht „%s“]",	\
	    "is not known here[, perhaps \"%s\" is meant]")		\
	X(DUPLICATE, "duplicate",					\
	    "kommt doppelt vor[, zuerst in Zeile %s]",			\
	    "occurs twice[, first in line %s]")				\
	X(TYPE, "type",							\
	    "hat den falschen Typ[, erwartet wird %s]",			\
	    "has the wrong type[, expected is %s]")			\
	X(TOO_SHORT, "too-short",					\
	    "ist zu kurz[, nötig sind mindestens %s Zeichen]",		\
	    "is too short[, least number of characters: %s]")		\
	X(TOO_LONG, "too-long",						\
	    "ist zu lang[, erlaubt sind höchstens %s Zeichen]",		\
	    "is too long[, greatest number of characters: %s]")		\
	X(TOO_FEW, "too-few",						\
	    "hat zu wenige Einträge[, nötig sind mindestens %s]",	\
	    "has too few entries[, at least %s]")			\
	X(TOO_MANY, "too-many",						\
	    "hat zu viele Einträge[, erlaubt sind höchstens %s]",	\
	    "has too many entries[, at most %s]")			\
	X(TOO_SMALL, "too-small",					\
	    "ist zu klein[, mindestens %s]", "is too small[, at least %s]") \
	X(TOO_LARGE, "too-large",					\
	    "ist zu groß[, höchstens %s]", "is too large[, at most %s]") \
	X(CHOICE, "choice",						\
	    "ist kein erlaubter Wert[, möglich: %s]",			\
	    "is not an allowed value[, possible: %s]")			\
	X(FORMAT, "format",						\
	    "hat nicht die erwartete Form[: %s]",			\
	    "does not have the expected form[: %s]")			\
	X(CONTROL, "control-character",					\
	    "enthält ein Steuerzeichen[: %s]",				\
	    "contains a control character[: %s]")			\
	X(ENCODING, "encoding",						\
	    "ist kein gültiges UTF-8[: %s]", "is not valid UTF-8[: %s]") \
	X(SYNTAX, "syntax",						\
	    "lässt sich nicht lesen[: %s]", "cannot be read[: %s]")	\
	X(DEPTH, "depth",						\
	    "ist zu tief verschachtelt[, Ebenen höchstens: %s]",	\
	    "is nested too deeply[, levels at most: %s]")		\
	X(REFERENCE, "reference",					\
	    "verweist auf etwas, das es nicht gibt[: %s]",		\
	    "refers to something that does not exist[: %s]")		\
	X(CONFLICT, "conflict",						\
	    "widerspricht einer anderen Angabe[: %s]",			\
	    "contradicts another value[: %s]")				\
	X(FILE, "file",							\
	    "lässt sich nicht öffnen[: %s]", "cannot be opened[: %s]")			\
	X(FORBIDDEN, "forbidden",					\
	    "ist hier nicht erlaubt[: %s]", "is not allowed here[: %s]") \
	X(CONTRAST, "contrast",						\
	    "hat zu wenig Kontrast[: %s]", "has too little contrast[: %s]")

enum finding_code {
#define X(name, wire, de, en) FINDING_##name,
	FINDING_CODES(X)
#undef X
	FINDING_COUNT
};

struct finding {
	struct finding		*next;
	const char		*pointer;	/* RFC 6901, "" is the root */
	const char		*file;		/* NULL unless from a file */
	unsigned int		 line;		/* from 1; 0: not known */
	unsigned int		 column;	/* from 1, in characters */
	enum finding_code	 code;
	const char		*argument;	/* "" when there is none */
};

#define FINDINGS_MAX	100	/* more are counted, not kept */

struct findings {
	struct arena	*arena;
	struct finding	*first;
	struct finding	*last;
	size_t		 count;
};

void		 findings_init(struct findings *findings, struct arena *arena);

/* Copies all its strings. `argument` may be NULL. */
void		 finding_add(struct findings *findings, const char *pointer,
		    const char *file, unsigned int line, unsigned int column,
		    enum finding_code code, const char *argument);

/* The name on the wire; static storage. */
const char	*finding_code_text(enum finding_code code);

/* A word of an argument in `language`, or itself; never NULL. */
const char	*finding_word(const char *word, const char *language);

/*
 * The sentence in `language` ("de", else English), from `arena`, without the
 * pointer. Where there is a line but no file (JSON), it is named at the end.
 */
const char	*finding_message(struct arena *arena,
		    const struct finding *finding, const char *language);

/*
 * "file:line:column: /pointer is required" for people, in English. Parts
 * that are not known are left out; the root is called "the document".
 */
const char	*finding_line(struct arena *arena,
		    const struct finding *finding);

#endif
