/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * XML 1.0 (fifth edition) from JSON, for standards that know both. One
 * statement makes the JSON; this makes the XML of it by a rule:
 *
 *	{"services": [{"code": "a", "tags": null}]}	root "x"
 *	<x><services><service><code>a</code><tags/></service></services></x>
 *
 * An object's members become elements of their names, in their order; a
 * list's items become elements that `items` names for the list; null, "" and
 * empty containers become an empty element.
 */
#ifndef STADTKERN_XML_H
#define STADTKERN_XML_H

#include <stddef.h>

#include <stadtkern/buf.h>
#include <stadtkern/status.h>

/* What the items of a list are called; ends with list NULL. */
struct xml_item {
	const char	*list;		/* "services" */
	const char	*item;		/* "service" */
};

/*
 * Appends the XML declaration (encoding UTF-8) and the element `root` with
 * what `json` (RFC 8259, `len` bytes) holds. Numbers, true and false are
 * written as they are, and & < > and a carriage return as references.
 * Characters that XML 1.0 does not know (2.2) are left out. A list's items
 * are called as `items` says (NULL: for none) for the element that the list
 * stands in, be it the root or an item, else "item". In one pass without a
 * tree: 1,000 records are a megabyte.
 * STATUS_INVALID: not JSON, invalid UTF-8, half a surrogate pair, a member's
 * name that is no name of XML without a colon (NCName) or that JSON writes
 * with escapes, or more than NODE_DEPTH_MAX levels. A member that occurs twice
 * becomes two elements. STATUS_LIMIT: the buffer is full. What was appended is
 * then of no use.
 */
enum status	xml_from_json(struct buf *xml, const char *root,
		    const struct xml_item *items, const char *json,
		    size_t len);

#endif
