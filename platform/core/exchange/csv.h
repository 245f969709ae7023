/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Rows as lines of a CSV file (RFC 4180), as German spreadsheets open them
 * by a double click: UTF-8 with a byte order mark, semicolons, CRLF, decimal
 * commas. A cell that a spreadsheet would take for a formula gets an
 * apostrophe in front; numbers are numbers.
 *
 * A statement's columns are the file's. The first line has the texts
 * `csv.<column>` of the plugin; a cell whose value is a code has the text
 * `csv_code.<column>.<code>`, if there is one. A sealed box is in the file only where the
 * statement says so, one member a column: `s.contact as "contact.email"`.
 */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include <stadtkern/buf.h>

#include "core/exchange/exchange.h"

#define CSV_MEDIA_TYPE	"text/csv; charset=utf-8; header=present"

/* One cell that is text. */
void		csv_text(struct buf *buf, const char *text, size_t len);

/* The mark and the first line; `row` has the columns, its values are not
 * looked at. STATUS_NOT_FOUND: a column has no text. */
enum status	csv_head(struct exchange *exchange, const struct row *row,
		    struct buf *buf);

/* One line. `buf`'s arena also holds what is opened; STATUS_CRYPTO: a box
 * cannot be. */
enum status	csv_row(struct exchange *exchange, const struct row *row,
		    struct buf *buf);

/* "herne-tickets.csv": the tenant and the path's last segment. */
const char	*csv_name(struct exchange *exchange);

#endif
