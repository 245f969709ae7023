/* SPDX-License-Identifier: EUPL-1.2 */
/* stadtkern theme check|tokens */

#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "core/document/node_util.h"
#include "core/theme/theme.h"

static void
proposal_print(const struct theme_chain *chain,
    const struct theme_proposal *proposal)
{
	char	 now[COLOUR_TEXT], instead[COLOUR_TEXT];

	colour_write(proposal->now, now);
	(void)printf("%s: %s.%s, %s: ", theme_chain_at(chain,
	    proposal->node), token_layer_text(proposal->token->layer),
	    proposal->token->name, token_mode_text(proposal->mode));
	if (!proposal->found) {
		(void)printf("no shade of %s passes, change what it stands "
		    "on\n", now);
		return;
	}
	colour_write(proposal->instead, instead);
	(void)printf("%s in place of %s\n", instead, now);
}

/* What theme_read() has already found is not told again. */
static void
theme_fix(struct cli *cli, const char *code)
{
	struct theme_proposal	*proposals;
	struct findings		 ignored;
	struct theme_chain	 chain = { .home = cli->env.home,
				    .findings = &ignored };
	struct theme_tokens	 all;
	size_t			 i, count;

	chain.arena = arena_new(0);
	findings_init(&ignored, chain.arena);
	if (theme_read_tokens(&chain, code, &all) == STATUS_OK) {
		count = theme_tokens_fix(&all, &proposals);
		for (i = 0; i < count; i++)
			proposal_print(&chain, &proposals[i]);
	}
	arena_free(chain.arena);
}

static void
theme_check(struct cli *cli, const char *code, struct findings *findings)
{
	struct arena	*arena;

	if (!field_format_fits(FIELD_FORMAT_CODE, code)) {
		finding_add(findings, "", arena_format(cli->arena,
		    "themes/%s", code), 0, 0, FINDING_FORMAT,
		    field_format_says(FIELD_FORMAT_CODE));
		return;
	}
	arena = arena_new(0);
	(void)theme_read(arena, cli->env.home, node_text_new(arena, code),
	    NULL, NULL, NULL, findings);
	arena_free(arena);
}

static void
token_print(const struct token *token)
{
	static const char *const types[] = {
		[TOKEN_COLOUR] = "colour", [TOKEN_SIZE] = "size",
		[TOKEN_FONT] = "font" };
	char		 property[64];
	size_t		 i;

	(void)token_property(token, property, sizeof(property));
	(void)printf("| `%s` | `%s` | %s | ", token->name, property,
	    types[token->type]);
	if (token->layer == TOKEN_COMPONENT)
		(void)printf("`%s` | ", token->otherwise);
	for (i = 0; i < TOKEN_GROUNDS && token->grounds[i] != NULL; i++)
		(void)printf("%s%s", i == 0 ? "" : ", ", token->grounds[i]);
	if (i != 0)
		(void)printf(" %g:1", token->least);
	(void)printf(" | %s |\n", token->says);
}

enum cli_exit
command_theme_tokens(struct cli *cli, int argc, char **argv)
{
	enum token_layer	 layer;
	size_t			 i;

	(void)argv;
	if (argc != 0)
		return (cli_usage(cli));
	for (i = 0; i < tokens_count; i++) {
		if (i == 0 || tokens[i].layer != layer) {
			layer = tokens[i].layer;
			(void)printf("%s| %s | property | kind | %scontrast "
			    "with | for |\n|---|---|---|%s---|---|\n",
			    i == 0 ? "" : "\n", token_layer_text(layer),
			    layer == TOKEN_COMPONENT ? "otherwise | " : "",
			    layer == TOKEN_COMPONENT ? "---|" : "");
		}
		token_print(&tokens[i]);
	}
	return (CLI_OK);
}

enum cli_exit
command_theme_check(struct cli *cli, int argc, char **argv)
{
	struct findings	  findings;
	const char	**codes;
	size_t		  i, before;
	bool		  fix;

	fix = argc > 0 && strcmp(argv[0], "--fix") == 0;
	argc -= fix;
	argv += fix;
	if (argc > 0 && argv[0][0] == '-')
		return (cli_usage(cli));
	codes = theme_codes(cli->arena, cli->env.home);
	if (argc > 0) {
		codes = arena_alloc(cli->arena,
		    ((size_t)argc + 1) * sizeof(*codes));
		for (i = 0; i < (size_t)argc; i++)
			codes[i] = argv[i];
	}
	if (codes[0] == NULL)
		return (cli_fail("no themes in \"%s/themes\", does "
		    "STADTKERN_HOME name the right folder?", cli->env.home));
	findings_init(&findings, cli->arena);
	for (i = 0; codes[i] != NULL; i++) {
		before = findings.count;
		theme_check(cli, codes[i], &findings);
		if (fix && findings.count != before)
			theme_fix(cli, codes[i]);
	}
	if (findings.count == 0) {
		(void)printf("%zu theme%s in order\n", i, i == 1 ? "" : "s");
		return (CLI_OK);
	}
	(void)fflush(stdout);
	cli_findings(cli->arena, &findings);
	return (cli_fail("%zu finding%s%s", findings.count,
	    findings.count == 1 ? "" : "s", fix ? "" :
	    "; with --fix a shade is proposed where contrast is missing"));
}
