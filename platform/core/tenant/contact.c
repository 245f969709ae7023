/* SPDX-License-Identifier: EUPL-1.2 */
/* How a citizen can be reached, where a function asks for it. */

#include <stadtkern/plugin.h>

const struct field contact_fields[] = {
	FIELD_TEXT(struct contact, name, .format = FIELD_FORMAT_LINE,
	    .max = 200, .says = "the name to address"),
	FIELD_TEXT(struct contact, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .says = "an e-mail address"),
	FIELD_TEXT(struct contact, phone, .format = FIELD_FORMAT_PHONE,
	    .max = 40, .says = "a telephone number"),
	FIELD_END
};
