/* SPDX-License-Identifier: EUPL-1.2 */
/* Names of XML elements. */
#ifndef CORE_XML_NAME_H
#define CORE_XML_NAME_H

#include <stddef.h>

/*
 * Bytes of the name that the text up to `end` begins with: an NCName
 * (Namespaces in XML 1.0, 3), which has no colon. 0: there is none.
 */
size_t	 xml_name_len(const char *text, const char *end);

#endif
