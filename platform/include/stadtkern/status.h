/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The one error enum. A function that can fail returns one of these; what
 * a person has to know about bad input goes into findings (finding.h), not
 * into a status.
 */
#ifndef STADTKERN_STATUS_H
#define STADTKERN_STATUS_H

enum status {
	STATUS_OK = 0,
	STATUS_INVALID,		/* input was refused; findings say why */
	STATUS_NOT_FOUND,
	STATUS_LIMIT,		/* a size, count or depth was exceeded */
	STATUS_IO,		/* a file or a socket; errno was logged */
	STATUS_DATABASE,	/* the database refused or is away */
	STATUS_CRYPTO,		/* a key is missing or a box does not open */
	STATUS_REFUSED,		/* a rule of the application says no */
};

/* Lower-case English words for `status`; never NULL, static storage. */
const char	*status_text(enum status status);

#endif
