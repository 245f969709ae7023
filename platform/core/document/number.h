/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Numbers as text, in the grammar of JSON (RFC 8259, 6) and whatever the
 * locale: no hexadecimal, no leading zero or plus, no nan or inf.
 */
#ifndef CORE_NUMBER_H
#define CORE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

enum number_verdict {
	NUMBER_OK,
	NUMBER_NONE,		/* is no such number */
	NUMBER_TOO_SMALL,	/* below what the type holds */
	NUMBER_TOO_LARGE,
};

/* What number_write() needs, with the NUL. */
#define NUMBER_LEN	32

/* Reads all of `text`. Neither changes *value unless NUMBER_OK. */
enum number_verdict number_read(const char *text, double *value);
enum number_verdict number_read_int(const char *text, int64_t *value);

/* The shortest text that reads back as the same, finite, value. */
void		 number_write(char text[NUMBER_LEN], double value);

#endif
