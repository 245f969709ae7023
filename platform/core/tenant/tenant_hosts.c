/* SPDX-License-Identifier: EUPL-1.2 */
/* A host name belongs to one tenant. */

#include <stdlib.h>
#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/tenant.h"

struct claim {
	const char		*host;
	size_t			 tenant;	/* place in the list of slugs */
	size_t			 index;		/* among its hosts */
	const struct node	*node;
};

static int
claim_compare(const void *a, const void *b)
{
	const struct claim	*left = a, *right = b;
	int			 order;

	if ((order = strcmp(left->host, right->host)) != 0)
		return (order);
	if (left->tenant != right->tenant)
		return (left->tenant < right->tenant ? -1 : 1);
	return (left->index < right->index ? -1 : 1);
}

static const struct node *
document_hosts(const struct node *document)
{
	const struct node	*hosts;

	hosts = node_get(node_get(document, "tenant"), "hosts");
	return (hosts == NULL || hosts->kind != NODE_LIST ? NULL : hosts);
}

static size_t
claims_collect(struct claim *claims, struct node *const *documents,
    size_t count)
{
	const struct node	*hosts, *host;
	size_t			 i, index, found;

	found = 0;
	for (i = 0; i < count; i++) {
		if ((hosts = document_hosts(documents[i])) == NULL)
			continue;
		index = 0;
		for (host = hosts->first; host != NULL;
		    host = host->next, index++) {
			if (node_text(host) == NULL)
				continue;
			claims[found].host = node_text(host);
			claims[found].tenant = i;
			claims[found].index = index;
			claims[found++].node = host;
		}
	}
	return (found);
}

void
tenant_hosts_check(struct arena *arena, const char *const *slugs,
    struct node *const *documents, size_t count, struct findings *findings)
{
	const struct node	*hosts;
	struct claim		*claims;
	size_t			 i, first, found;

	found = 0;
	for (i = 0; i < count; i++)
		if ((hosts = document_hosts(documents[i])) != NULL)
			found += hosts->count;
	if (found == 0)
		return;
	claims = arena_alloc(arena, found * sizeof(*claims));
	found = claims_collect(claims, documents, count);
	qsort(claims, found, sizeof(*claims), claim_compare);
	for (first = 0, i = 1; i < found; i++) {
		if (strcmp(claims[first].host, claims[i].host) != 0)
			first = i;
		else if (claims[first].tenant != claims[i].tenant)
			node_finding(findings, claims[i].node,
			    arena_format(arena, "/hosts/%zu",
			    claims[i].index), FINDING_CONFLICT,
			    arena_format(arena, "\"%s\" belongs to \"%s\"",
			    claims[i].host, slugs[claims[first].tenant]));
	}
}
