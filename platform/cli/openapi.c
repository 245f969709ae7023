/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern openapi */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "core/plugin/openapi.h"

/* The plugins of a tenant, as its files say; false when they are broken. */
static bool
mask_read(struct cli *cli, const struct registry *registry, const char *slug,
    uint64_t *mask)
{
	struct findings	 findings;
	struct node	*document;
	struct tenant	*tenant;

	findings_init(&findings, cli->arena);
	if (tenant_read(cli->arena, registry, cli->env.home, slug, NULL,
	    &document, &findings) != STATUS_OK || tenant_new(registry,
	    document, &tenant, &findings) != STATUS_OK) {
		cli_findings(cli->arena, &findings);
		return (false);
	}
	*mask = tenant->plugins;
	tenant_free(tenant);
	return (true);
}

enum cli_exit
command_openapi(struct cli *cli, int argc, char **argv)
{
	const struct registry	*registry;
	enum router_side	 side;
	const char		*slug, *text;
	uint64_t		 mask;
	size_t			 len;
	int			 i;

	side = ROUTER_PUBLIC;
	slug = NULL;
	for (i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--office") == 0)
			side = ROUTER_OFFICE;
		else if (slug == NULL && argv[i][0] != '-')
			slug = argv[i];
		else
			return (cli_usage(cli));
	}
	if ((registry = cli_registry(cli)) == NULL)
		return (CLI_FAILED);
	mask = UINT64_MAX;
	if (slug != NULL && !mask_read(cli, registry, slug, &mask))
		return (cli_fail("the files of \"%s\" are not in order",
		    slug));
	text = openapi_document(cli->arena, registry, mask, side, &len);
	if (text == NULL)
		return (cli_fail("the document is too large"));
	(void)fwrite(text, 1, len, stdout);
	(void)fputc('\n', stdout);
	return (CLI_OK);
}
