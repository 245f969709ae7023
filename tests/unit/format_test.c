/* SPDX-License-Identifier: EUPL-1.2 */
/* Declared fields: the forms of texts. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <stadtkern/field.h>

#define LABEL_63 "a23456789012345678901234567890123456789012345678901234567890123"

struct row {
	enum field_format	 format;
	const char		*text;
};

static void
what_has_the_form_fits(void **state)
{
	static const struct row	 rows[] = {
		{ FIELD_FORMAT_NONE, "anything\n" },
		{ FIELD_FORMAT_LINE, "" },
		{ FIELD_FORMAT_LINE, "Bürgerbüro – 8 Uhr" },
		{ FIELD_FORMAT_CODE, "a" },
		{ FIELD_FORMAT_CODE, "road-damage-2" },
		{ FIELD_FORMAT_UUID, "5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10" },
		{ FIELD_FORMAT_UUID, "5A1C4F3E-0D0B-4C0E-9A53-0C8F5F3F6D10" },
		{ FIELD_FORMAT_EMAIL, "a@b.de" },
		{ FIELD_FORMAT_EMAIL, "first.last+tag@mail.example.org" },
		{ FIELD_FORMAT_EMAIL, "O'Neil@Example.ORG" },
		{ FIELD_FORMAT_PHONE, "+49 (0) 2323 / 16-0" },
		{ FIELD_FORMAT_PHONE, "110" },
		{ FIELD_FORMAT_HOST, "localhost" },
		{ FIELD_FORMAT_HOST, "castrop-rauxel.localhost" },
		{ FIELD_FORMAT_HOST, "1.example.org" },
		{ FIELD_FORMAT_HOST, LABEL_63 ".de" },
		{ FIELD_FORMAT_COLOUR, "#0a5c8c" },
		{ FIELD_FORMAT_COLOUR, "#FFFFFF" },
		{ FIELD_FORMAT_URL, "https://example.org" },
		{ FIELD_FORMAT_URL, "http://example.org:8080/a?b=c#d" },
		{ FIELD_FORMAT_URL, "https://example.org/a@b" },
		{ FIELD_FORMAT_URL, "https://[2001:db8::1]/x" },
		{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00Z" },
		{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00.123456789+01:00" },
		{ FIELD_FORMAT_TIME, "2024-02-29T23:59:59-11:30" },
		{ FIELD_FORMAT_DAY, "2026-11-20" },
		{ FIELD_FORMAT_DAY, "2000-02-29" },
		{ FIELD_FORMAT_DAY, "0001-01-01" },
		{ FIELD_FORMAT_AGS, "05562004" },
		{ FIELD_FORMAT_BBOX, "7.1,51.4,7.4,51.6" },
		{ FIELD_FORMAT_BBOX, "-180,-90,180,90" },
		{ FIELD_FORMAT_CODES, "a" },
		{ FIELD_FORMAT_CODES, "open,in-progress,done" },
		{ FIELD_FORMAT_PATH, "boundary.geojson" },
		{ FIELD_FORMAT_PATH, "a/..b/c...d" },
	};
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (!field_format_fits(rows[i].format, rows[i].text))
			fail_msg("refused: \"%s\"", rows[i].text);
	}
}

static const struct row	 misfits[] = {
	{ FIELD_FORMAT_LINE, "a\nb" },
	{ FIELD_FORMAT_LINE, "a\rb" },
	{ FIELD_FORMAT_LINE, "a\xe2\x80\xa8" "b" },
	{ FIELD_FORMAT_LINE, "a\xe2\x80\xa9" "b" },
	{ FIELD_FORMAT_LINE, "a\xc2\x85" "b" },
	{ FIELD_FORMAT_CODE, "" },
	{ FIELD_FORMAT_CODE, "1a" },
	{ FIELD_FORMAT_CODE, "-a" },
	{ FIELD_FORMAT_CODE, "A" },
	{ FIELD_FORMAT_CODE, "a_b" },
	{ FIELD_FORMAT_CODE, "ä" },
	{ FIELD_FORMAT_CODE, "a " },
	{ FIELD_FORMAT_UUID, "" },
	{ FIELD_FORMAT_UUID, "5a1c4f3e0d0b4c0e9a530c8f5f3f6d10" },
	{ FIELD_FORMAT_UUID, "{a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d10}" },
	{ FIELD_FORMAT_UUID, "5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d1g" },
	{ FIELD_FORMAT_UUID, "5a1c4f3e-0d0b-4c0e-9a53-0c8f5f3f6d100" },
	{ FIELD_FORMAT_EMAIL, "" },
	{ FIELD_FORMAT_EMAIL, "a" },
	{ FIELD_FORMAT_EMAIL, "@b.de" },
	{ FIELD_FORMAT_EMAIL, "a@" },
	{ FIELD_FORMAT_EMAIL, "a@b" },
	{ FIELD_FORMAT_EMAIL, "a@@b.de" },
	{ FIELD_FORMAT_EMAIL, "a@b@c.de" },
	{ FIELD_FORMAT_EMAIL, "a b@c.de" },
	{ FIELD_FORMAT_EMAIL, "a@b.de\r\nBcc: x@y.de" },
	{ FIELD_FORMAT_EMAIL, ".a@b.de" },
	{ FIELD_FORMAT_EMAIL, "a.@b.de" },
	{ FIELD_FORMAT_EMAIL, "a..b@c.de" },
	{ FIELD_FORMAT_EMAIL, "a@b..de" },
	{ FIELD_FORMAT_EMAIL, "a@-b.de" },
	{ FIELD_FORMAT_EMAIL, "a@b.de." },
	{ FIELD_FORMAT_EMAIL, "\"a\"@b.de" },
	{ FIELD_FORMAT_EMAIL, "<a@b.de>" },
	{ FIELD_FORMAT_EMAIL, "a,c@b.de" },
	{ FIELD_FORMAT_EMAIL, LABEL_63 "45@b.de" },
	{ FIELD_FORMAT_PHONE, "" },
	{ FIELD_FORMAT_PHONE, "12" },
	{ FIELD_FORMAT_PHONE, "call me" },
	{ FIELD_FORMAT_PHONE, "0123456789012345678901" },
	{ FIELD_FORMAT_PHONE, "02323;160" },
	{ FIELD_FORMAT_HOST, "" },
	{ FIELD_FORMAT_HOST, "A.de" },
	{ FIELD_FORMAT_HOST, "a..de" },
	{ FIELD_FORMAT_HOST, ".de" },
	{ FIELD_FORMAT_HOST, "a.de." },
	{ FIELD_FORMAT_HOST, "-a.de" },
	{ FIELD_FORMAT_HOST, "a-.de" },
	{ FIELD_FORMAT_HOST, "a_b.de" },
	{ FIELD_FORMAT_HOST, "a.de:80" },
	{ FIELD_FORMAT_HOST, "bücher.de" },
	{ FIELD_FORMAT_HOST, LABEL_63 "4.de" },
	{ FIELD_FORMAT_HOST, LABEL_63 "." LABEL_63 "." LABEL_63 "."
	  LABEL_63 },
	{ FIELD_FORMAT_COLOUR, "0a5c8c" },
	{ FIELD_FORMAT_COLOUR, "#fff" },
	{ FIELD_FORMAT_COLOUR, "#0a5c8g" },
	{ FIELD_FORMAT_COLOUR, "#0a5c8cff" },
	{ FIELD_FORMAT_COLOUR, "red" },
	{ FIELD_FORMAT_URL, "" },
	{ FIELD_FORMAT_URL, "https://" },
	{ FIELD_FORMAT_URL, "https:///x" },
	{ FIELD_FORMAT_URL, "HTTPS://example.org" },
	{ FIELD_FORMAT_URL, "ftp://example.org" },
	{ FIELD_FORMAT_URL, "javascript:alert(1)" },
	{ FIELD_FORMAT_URL, "//example.org" },
	{ FIELD_FORMAT_URL, "https://example.org/a b" },
	{ FIELD_FORMAT_URL, "https://example.org/\"" },
	{ FIELD_FORMAT_URL, "https://example.org/<" },
	{ FIELD_FORMAT_URL, "https://example.org/\n" },
	{ FIELD_FORMAT_URL, "https://city.example@evil.example/" },
	{ FIELD_FORMAT_URL, "https://:80/" },
	{ FIELD_FORMAT_TIME, "" },
	{ FIELD_FORMAT_TIME, "2026-11-20" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00" },
	{ FIELD_FORMAT_TIME, "2026-11-20 08:30:00Z" },
	{ FIELD_FORMAT_TIME, "2026-11-20t08:30:00z" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30Z" },
	{ FIELD_FORMAT_TIME, "2026-11-20T24:00:00Z" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:60:00Z" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30:60Z" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00.Z" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00.1234567890Z" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00+0100" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00+15:00" },
	{ FIELD_FORMAT_TIME, "2026-11-20T08:30:00Zx" },
	{ FIELD_FORMAT_TIME, "2026-02-30T08:30:00Z" },
	{ FIELD_FORMAT_DAY, "2026-02-29" },
	{ FIELD_FORMAT_DAY, "1900-02-29" },
	{ FIELD_FORMAT_DAY, "2026-00-01" },
	{ FIELD_FORMAT_DAY, "2026-13-01" },
	{ FIELD_FORMAT_DAY, "2026-04-31" },
	{ FIELD_FORMAT_DAY, "2026-01-00" },
	{ FIELD_FORMAT_DAY, "0000-01-01" },
	{ FIELD_FORMAT_DAY, "20.11.2026" },
	{ FIELD_FORMAT_DAY, "2026-1-1" },
	{ FIELD_FORMAT_DAY, "2026-11-20 " },
	{ FIELD_FORMAT_AGS, "5562004" },
	{ FIELD_FORMAT_AGS, "055620040" },
	{ FIELD_FORMAT_AGS, "0556200x" },
	{ FIELD_FORMAT_BBOX, "" },
	{ FIELD_FORMAT_BBOX, "1,2,3" },
	{ FIELD_FORMAT_BBOX, "1,2,3,4,5" },
	{ FIELD_FORMAT_BBOX, "1,2,3,4," },
	{ FIELD_FORMAT_BBOX, "3,2,1,4" },
	{ FIELD_FORMAT_BBOX, "1,4,3,2" },
	{ FIELD_FORMAT_BBOX, "1,2,1,4" },
	{ FIELD_FORMAT_BBOX, "-181,2,3,4" },
	{ FIELD_FORMAT_BBOX, "1,2,3,91" },
	{ FIELD_FORMAT_BBOX, "1, 2,3,4" },
	{ FIELD_FORMAT_BBOX, "nan,2,3,4" },
	{ FIELD_FORMAT_BBOX, "1,2,3,0x4" },
	{ FIELD_FORMAT_BBOX, "1,2,3,1e999" },
	{ FIELD_FORMAT_CODES, "" },
	{ FIELD_FORMAT_CODES, "a,,b" },
	{ FIELD_FORMAT_CODES, "a," },
	{ FIELD_FORMAT_CODES, ",a" },
	{ FIELD_FORMAT_CODES, "a, b" },
	{ FIELD_FORMAT_PATH, "" },
	{ FIELD_FORMAT_PATH, "/etc/passwd" },
	{ FIELD_FORMAT_PATH, "../x" },
	{ FIELD_FORMAT_PATH, "a/../b" },
	{ FIELD_FORMAT_PATH, "a/.." },
	{ FIELD_FORMAT_PATH, "./a" },
	{ FIELD_FORMAT_PATH, "a//b" },
	{ FIELD_FORMAT_PATH, "a/" },
	{ FIELD_FORMAT_PATH, "a\\b" },
	{ (enum field_format)99, "x" },
};

static void
what_has_not_the_form_does_not_fit(void **state)
{
	size_t	 i;

	(void)state;
	for (i = 0; i < sizeof(misfits) / sizeof(*misfits); i++) {
		if (field_format_fits(misfits[i].format, misfits[i].text))
			fail_msg("accepted: \"%s\"", misfits[i].text);
	}
}

int
main(void)
{
	const struct CMUnitTest	 tests[] = {
		cmocka_unit_test(what_has_the_form_fits),
		cmocka_unit_test(what_has_not_the_form_does_not_fit),
	};

	return (cmocka_run_group_tests(tests, NULL, NULL));
}
