/* SPDX-License-Identifier: EUPL-1.2 */
/* The words for each status. */

#include <stadtkern/status.h>

const char *
status_text(enum status status)
{
	switch (status) {
	case STATUS_OK:
		return ("ok");
	case STATUS_INVALID:
		return ("the input is not valid");
	case STATUS_NOT_FOUND:
		return ("not found");
	case STATUS_LIMIT:
		return ("a limit was exceeded");
	case STATUS_IO:
		return ("reading or writing failed");
	case STATUS_DATABASE:
		return ("the database refused or is away");
	case STATUS_CRYPTO:
		return ("a key is missing or a box does not open");
	case STATUS_REFUSED:
		return ("refused by a rule of the application");
	}
	return ("unknown status");
}
