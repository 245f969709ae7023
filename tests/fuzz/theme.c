/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A theme's file above the base theme, as far as its stylesheet: whatever
 * passes makes CSS that balances and reaches nowhere.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/theme/theme_css.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* The file as a level of a chain; false: it is no theme. */
static bool
level_read(struct theme_chain *chain, struct theme_level *level,
    struct node *node)
{
	struct field_context	 context = { .arena = chain->arena,
				    .findings = chain->findings };
	struct values		 values;

	if (field_check(&context, theme_file_fields, node, "", &values) !=
	    STATUS_OK)
		return (false);
	level->code = "fuzz";
	level->node = node;
	level->file = *(const struct theme_file *)values.data;
	return (true);
}

static void
css_look(const char *css)
{
	int	 depth;

	if (css == NULL)
		return;
	if (strstr(css, "url(") != NULL || strstr(css, "//") != NULL)
		abort();
	for (depth = 0; *css != '\0'; css++) {
		depth += (*css == '{') - (*css == '}');
		if (depth < 0 || depth > 2)
			abort();
	}
	if (depth != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct findings		 findings;
	struct theme_level	 levels[2];
	struct theme_chain	 chain = { .home = ".", .findings = &findings,
				    .count = 2, .levels = levels };
	struct theme_proposal	*proposals;
	struct theme_tokens	 all;
	struct node		*node, *base;

	chain.arena = arena_new(0);
	findings_init(&findings, chain.arena);
	if (node_from_yaml_file(chain.arena, "themes/base/theme.yaml", &base,
	    &findings) != STATUS_OK || !level_read(&chain, &levels[1], base))
		abort();
	if (node_from_yaml(chain.arena, "fuzz", (const char *)data, len,
	    &node, &findings) == STATUS_OK &&
	    level_read(&chain, &levels[0], node) &&
	    theme_tokens_read(&chain, &all) == STATUS_OK) {
		if (theme_tokens_check(&all) != STATUS_OK &&
		    theme_tokens_fix(&all, &proposals) == 0)
			abort();
		css_look(theme_css(&all, NULL, NULL, 0, NULL));
	} else if (findings.count == 0)
		abort();
	arena_free(chain.arena);
	return (0);
}
