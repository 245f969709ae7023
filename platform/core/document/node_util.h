/* SPDX-License-Identifier: EUPL-1.2 */
/* Small steps on nodes (node.h) that tenants, themes and settings share. */
#ifndef CORE_NODE_UTIL_H
#define CORE_NODE_UTIL_H

#include <stadtkern/finding.h>
#include <stadtkern/node.h>

/* The same node once more, to be appended elsewhere; children are shared. */
struct node	*node_share(struct arena *arena, const struct node *node);

/*
 * A whole copy, strings included. What was published as JSON has lost its
 * YAML spelling: a text that comes from no file becomes a NODE_SCALAR again,
 * so that field_check() reads it as it read the file.
 */
struct node	*node_copy(struct arena *arena, const struct node *node);

struct node	*node_text_new(struct arena *arena, const char *text);
struct node	*node_number_new(struct arena *arena, double number);

/* The text of a TEXT or SCALAR node; NULL for all else and for NULL. */
const char	*node_text(const struct node *node);

/* finding_add() at the node's file, line and column. */
void		 node_finding(struct findings *findings,
		    const struct node *node, const char *pointer,
		    enum finding_code code, const char *argument);

#endif
