/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Arguments of findings that are words: the names of types, the forms of
 * FIELD_FORMATS, what the JSON reader complains of.
 */

#include <string.h>

#include <stadtkern/finding.h>

static const struct {
	const char	*en;
	const char	*de;
} finding_words[] = {
	{ "true or false", "true oder false" },
	{ "a whole number", "eine ganze Zahl" },
	{ "a number", "eine Zahl" },
	{ "a text", "ein Text" },
	{ "an object", "ein Objekt" },
	{ "a list", "eine Liste" },
	{ "a file", "eine Datei" },
	{ "one line without line breaks", "eine Zeile ohne Zeilenumbruch" },
	{ "lower-case letters, digits and hyphens, beginning with a letter",
	  "Kleinbuchstaben, Ziffern und Bindestriche, am Anfang ein "
	  "Buchstabe" },
	{ "a UUID such as 5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10",
	  "eine UUID wie 5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10" },
	{ "an e-mail address such as name@example.org",
	  "eine E-Mail-Adresse wie name@example.org" },
	{ "a telephone number: digits, blanks and + ( ) / -",
	  "eine Telefonnummer: Ziffern, Leerzeichen und + ( ) / -" },
	{ "a host name such as app.example.org",
	  "ein Hostname wie app.example.org" },
	{ "a colour such as #0a5c8c", "eine Farbe wie #0a5c8c" },
	{ "an address that begins with https:// or http://",
	  "eine Adresse, die mit https:// oder http:// beginnt" },
	{ "an RFC 3339 time such as 2026-11-20T08:30:00Z",
	  "eine Zeit nach RFC 3339 wie 2026-11-20T08:30:00Z" },
	{ "a day such as 2026-11-20", "ein Tag wie 2026-11-20" },
	{ "an official municipality key of eight digits",
	  "ein amtlicher Gemeindeschlüssel aus acht Ziffern" },
	{ "west,south,east,north in degrees",
	  "West,Süd,Ost,Nord in Grad" },
	{ "a comma-separated list of codes",
	  "eine Liste von Kürzeln, durch Kommas getrennt" },
	{ "a relative file path without ..",
	  "ein relativer Dateipfad ohne .." },
	{ "it ends too early", "es endet zu früh" },
	{ "something follows after its end", "nach dem Ende folgt noch etwas" },
	{ "a broken %-escape", "eine fehlerhafte %-Schreibweise" },
	{ "the Content-Type has no boundary",
	  "im Content-Type steht keine gültige „boundary“" },
	{ "its boundary does not occur",
	  "die „boundary“ aus dem Content-Type kommt nicht vor" },
	{ "something follows a boundary",
	  "hinter einer „boundary“ steht noch etwas" },
	{ "a part's head is broken", "der Kopf eines Teils ist fehlerhaft" },
	{ "a part's head is too long", "der Kopf eines Teils ist zu lang" },
	{ "a part has no name", "ein Teil hat keinen Namen" },
	{ "a part has a transfer encoding",
	  "ein Teil hat ein Content-Transfer-Encoding" },
	{ "another charset is declared",
	  "ein anderer Zeichensatz ist angegeben" },
};

const char *
finding_word(const char *word, const char *language)
{
	size_t	 i;

	if (strcmp(language, "de") != 0)
		return (word);
	for (i = 0; i < sizeof(finding_words) / sizeof(*finding_words); i++) {
		if (strcmp(finding_words[i].en, word) == 0)
			return (finding_words[i].de);
	}
	return (word);
}
