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
 * One entry a code: its name on the wire, then the text in German, English,
 * Turkish, Ukrainian and simple German (Leichte Sprache). %s is the finding's
 * argument: a limit, a list of choices, the nearest known key. A part in
 * [brackets] is left out when there is no argument. Arguments need no
 * language; the few that are words (the names of types and formats) are
 * translated by finding_message().
 */
#define FINDING_CODES(X)						\
	X(REQUIRED, "required",						\
	    "fehlt, wird aber benötigt[: %s]",				\
	    "is required[: %s]",					\
	    "eksik, ancak gerekli[: %s]",				\
	    "немає, але це потрібно[: %s]",				\
	    "Das fehlt noch[: %s].")					\
	X(UNKNOWN, "unknown",						\
	    "ist hier nicht bekannt[, gemeint ist vielleicht „%s“]",	\
	    "is not known here[, perhaps \"%s\" is meant]",		\
	    "burada bilinmiyor[, belki “%s” kastediliyor]",		\
	    "тут такого немає[, можливо, йдеться про «%s»]",		\
	    "Das kennen wir hier nicht.[ Meinen Sie „%s“?]")		\
	X(DUPLICATE, "duplicate",					\
	    "kommt doppelt vor[, zuerst in Zeile %s]",			\
	    "occurs twice[, first in line %s]",				\
	    "iki kez geçiyor[, ilki %s. satırda]",			\
	    "трапляється двічі[, уперше в рядку %s]",			\
	    "Das steht zwei Mal da.[ Zuerst in Zeile %s.]")		\
	X(TYPE, "type",							\
	    "hat den falschen Typ[, erwartet wird %s]",			\
	    "has the wrong type[, expected is %s]",			\
	    "yanlış türde[, beklenen: %s]",				\
	    "має неправильний тип[, очікується: %s]",			\
	    "Das passt hier nicht.[ Hier passt: %s.]")			\
	X(TOO_SHORT, "too-short",					\
	    "ist zu kurz[, nötig sind mindestens %s Zeichen]",		\
	    "is too short[, least number of characters: %s]",		\
	    "çok kısa[, en az %s karakter gerekli]",			\
	    "надто коротко[, символів щонайменше: %s]",			\
	    "Das ist zu kurz.[ Sie brauchen %s Zeichen oder mehr.]")	\
	X(TOO_LONG, "too-long",						\
	    "ist zu lang[, erlaubt sind höchstens %s Zeichen]",		\
	    "is too long[, greatest number of characters: %s]",		\
	    "çok uzun[, en fazla %s karakter olabilir]",		\
	    "надто довго[, символів щонайбільше: %s]",			\
	    "Das ist zu lang.[ Mehr als %s Zeichen gehen nicht.]")	\
	X(TOO_FEW, "too-few",						\
	    "hat zu wenige Einträge[, nötig sind mindestens %s]",	\
	    "has too few entries[, at least %s]",			\
	    "çok az kayıt içeriyor[, en az %s gerekli]",		\
	    "замало записів[, потрібно щонайменше: %s]",		\
	    "Das ist zu wenig.[ Sie brauchen %s oder mehr.]")		\
	X(TOO_MANY, "too-many",						\
	    "hat zu viele Einträge[, erlaubt sind höchstens %s]",	\
	    "has too many entries[, at most %s]",			\
	    "çok fazla kayıt içeriyor[, en fazla %s olabilir]",		\
	    "забагато записів[, дозволено щонайбільше: %s]",		\
	    "Das ist zu viel.[ Mehr als %s geht nicht.]")		\
	X(TOO_SMALL, "too-small",					\
	    "ist zu klein[, mindestens %s]",				\
	    "is too small[, at least %s]",				\
	    "çok küçük[, en az %s]",					\
	    "надто мало[, щонайменше %s]",				\
	    "Das ist zu klein.[ Es geht erst ab %s.]")			\
	X(TOO_LARGE, "too-large",					\
	    "ist zu groß[, höchstens %s]",				\
	    "is too large[, at most %s]",				\
	    "çok büyük[, en fazla %s]",					\
	    "надто багато[, щонайбільше %s]",				\
	    "Das ist zu groß.[ Mehr als %s geht nicht.]")		\
	X(CHOICE, "choice",						\
	    "ist kein erlaubter Wert[, möglich: %s]",			\
	    "is not an allowed value[, possible: %s]",			\
	    "izin verilen bir değer değil[, olabilecekler: %s]",	\
	    "таке значення не дозволене[, можна: %s]",			\
	    "Das können Sie hier nicht wählen.[ Das geht: %s.]")	\
	X(FORMAT, "format",						\
	    "hat nicht die erwartete Form[: %s]",			\
	    "does not have the expected form[: %s]",			\
	    "beklenen biçimde değil[: %s]",				\
	    "не має очікуваного вигляду[: %s]",				\
	    "Das ist nicht richtig geschrieben.[ Richtig ist: %s.]")	\
	X(CONTROL, "control-character",					\
	    "enthält ein Steuerzeichen[: %s]",				\
	    "contains a control character[: %s]",			\
	    "denetim karakteri içeriyor[: %s]",				\
	    "містить керівний символ[: %s]",				\
	    "Ein Zeichen darin geht hier nicht[: %s].")			\
	X(ENCODING, "encoding",						\
	    "ist kein gültiges UTF-8[: %s]",				\
	    "is not valid UTF-8[: %s]",					\
	    "geçerli UTF-8 değil[: %s]",				\
	    "не є правильним UTF-8[: %s]",				\
	    "Der Computer kann die Zeichen nicht lesen[: %s].")		\
	X(SYNTAX, "syntax",						\
	    "lässt sich nicht lesen[: %s]",				\
	    "cannot be read[: %s]",					\
	    "okunamıyor[: %s]",						\
	    "не вдається прочитати[: %s]",				\
	    "Der Computer kann das nicht lesen[: %s].")			\
	X(DEPTH, "depth",						\
	    "ist zu tief verschachtelt[, Ebenen höchstens: %s]",	\
	    "is nested too deeply[, levels at most: %s]",		\
	    "çok derin iç içe geçmiş[, en fazla düzey: %s]",		\
	    "надто глибока вкладеність[, рівнів щонайбільше: %s]",	\
	    "Das hat zu viele Ebenen.[ Mehr als %s gehen nicht.]")	\
	X(REFERENCE, "reference",					\
	    "verweist auf etwas, das es nicht gibt[: %s]",		\
	    "refers to something that does not exist[: %s]",		\
	    "var olmayan bir şeye gönderme yapıyor[: %s]",		\
	    "посилається на те, чого немає[: %s]",			\
	    "Das gibt es nicht[: %s].")					\
	X(CONFLICT, "conflict",						\
	    "widerspricht einer anderen Angabe[: %s]",			\
	    "contradicts another value[: %s]",				\
	    "başka bir bilgiyle çelişiyor[: %s]",			\
	    "суперечить іншим даним[: %s]",				\
	    "Das passt nicht zu einer anderen Angabe[: %s].")		\
	X(FILE, "file",							\
	    "lässt sich nicht öffnen[: %s]",				\
	    "cannot be opened[: %s]",					\
	    "açılamıyor[: %s]",						\
	    "не вдається відкрити[: %s]",				\
	    "Der Computer kann die Datei nicht öffnen[: %s].")		\
	X(FORBIDDEN, "forbidden",					\
	    "ist hier nicht erlaubt[: %s]",				\
	    "is not allowed here[: %s]",				\
	    "burada izin verilmiyor[: %s]",				\
	    "тут не дозволено[: %s]",					\
	    "Das geht hier nicht[: %s].")				\
	X(CONTRAST, "contrast",						\
	    "hat zu wenig Kontrast[: %s]",				\
	    "has too little contrast[: %s]",				\
	    "kontrastı çok az[: %s]",					\
	    "має замалий контраст[: %s]",				\
	    "Das kann man schlecht sehen[: %s].")

enum finding_code {
#define X(name, wire, de, en, tr, uk, simple) FINDING_##name,
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
 * The sentence in `language` ("de", "en", "tr", "uk", "de-simple"; else
 * English), from `arena`, without the pointer. Where there is a line but no
 * file (JSON), it is named at the end.
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
