/* SPDX-License-Identifier: EUPL-1.2 */
/* A theme, resolved: what of it is published with its tenant. */

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/document/node_util.h"
#include "core/theme/theme_files.h"

#define WORD_MAX	1000	/* bytes */
#define WORDS_MAX	200	/* of a language */

#define COLOUR(T, member)						\
	FIELD_TEXT(T, member, .format = FIELD_FORMAT_COLOUR, .required = true)

static const struct field colours_fields[] = {
	COLOUR(struct theme_colours, primary),
	COLOUR(struct theme_colours, on_primary),
	COLOUR(struct theme_colours, accent),
	COLOUR(struct theme_colours, background),
	COLOUR(struct theme_colours, text),
	FIELD_END
};

static const struct field bars_fields[] = {
	FIELD_TEXT(struct theme_bars, light, .format = FIELD_FORMAT_COLOUR),
	FIELD_TEXT(struct theme_bars, dark, .format = FIELD_FORMAT_COLOUR),
	FIELD_END
};

static const struct field paper_fields[] = {
	COLOUR(struct theme_paper, header),
	COLOUR(struct theme_paper, on_header),
	COLOUR(struct theme_paper, background),
	COLOUR(struct theme_paper, surface),
	COLOUR(struct theme_paper, text),
	COLOUR(struct theme_paper, text_muted),
	COLOUR(struct theme_paper, accent),
	COLOUR(struct theme_paper, border),
	FIELD_END
};

const struct field theme_mail_fields[] = {
	FIELD_OBJECT(struct theme_mail, light, .fields = paper_fields,
	    .required = true),
	FIELD_OBJECT(struct theme_mail, dark, .fields = paper_fields,
	    .required = true),
	FIELD_END
};

const struct field theme_fields[] = {
	FIELD_TEXT(struct theme, code, .format = FIELD_FORMAT_CODE,
	    .required = true),
	FIELD_TEXT(struct theme, name, .format = FIELD_FORMAT_LINE,
	    .required = true),
	FIELD_TEXT(struct theme, layout, .required = true),
	FIELD_LIST(struct theme, order, .format = FIELD_FORMAT_CODE),
	FIELD_ANY(struct theme, words),
	FIELD_OBJECT(struct theme, colours, .fields = colours_fields,
	    .required = true),
	FIELD_OBJECT(struct theme, colour, .fields = bars_fields),
	FIELD_OBJECT(struct theme, mail, .fields = theme_mail_fields),
	FIELD_TEXT(struct theme, stylesheet),
	FIELD_TEXT(struct theme, logo, .required = true),
	FIELD_TEXT(struct theme, hero),
	FIELD_TEXT(struct theme, picture),
	FIELD_TEXT(struct theme, manifest),
	FIELD_TEXT(struct theme, favicon),
	FIELD_TEXT(struct theme, touch_icon),
	FIELD_END
};

static void
order_check(const struct theme_chain *chain, const struct node *order)
{
	const struct node	*card, *other;
	const char		*pointer;
	size_t			 i, known;

	i = 0;
	for (card = order->first; card != NULL; card = card->next, i++) {
		if (node_text(card) == NULL)
			continue;	/* its table says so */
		pointer = arena_format(chain->arena, "/order/%zu", i);
		for (known = 0; theme_cards[known] != NULL; known++)
			if (strcmp(theme_cards[known], card->text) == 0)
				break;
		if (theme_cards[known] == NULL)
			node_finding(chain->findings, card, pointer,
			    FINDING_CHOICE, "warnings, collections, mine, "
			    "actions, news, events, coupons");
		for (other = order->first; other != card; other = other->next)
			if (node_text(other) != NULL &&
			    strcmp(other->text, card->text) == 0)
				node_finding(chain->findings, card, pointer,
				    FINDING_DUPLICATE, NULL);
	}
}

/* The city's own order, else the nearest theme's. */
static void
order_merge(const struct theme_chain *chain, const struct theme_city *city,
    struct node *theme)
{
	const struct node	*order;
	size_t			 level;

	order = city == NULL ? NULL : city->order;
	if (order == NULL)
		order = theme_chain_member(chain, "order", &level);
	if (order == NULL || order->kind != NODE_LIST)
		return;
	order_check(chain, order);
	node_append(chain->arena, theme, "order",
	    node_share(chain->arena, order));
}

static bool
word_fits(const char *text)
{
	if (text == NULL || strlen(text) > WORD_MAX)
		return (false);
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < ' ')
			return (false);
	return (true);
}

static void
language_merge(const struct theme_chain *chain, const struct node *from,
    struct node *to)
{
	const struct node	*word;
	const char		*pointer;

	for (word = from->first; word != NULL; word = word->next) {
		pointer = arena_format(chain->arena, "/words/%s/%s",
		    from->name, word->name);
		if (!word_fits(node_text(word)))
			node_finding(chain->findings, word, pointer,
			    FINDING_TYPE, "a text");
		else if (to->count == WORDS_MAX)
			node_finding(chain->findings, word, pointer,
			    FINDING_TOO_MANY, "200");
		else if (node_get(to, word->name) == NULL)
			node_append(chain->arena, to, word->name,
			    node_share(chain->arena, word));
	}
}

/* What was merged before is nearer and stays. */
static void
words_merge(const struct theme_chain *chain, const struct node *from,
    struct node *words)
{
	const struct node	*language;
	struct node		*to;

	if (from == NULL || from->kind == NODE_NULL)
		return;
	if (from->kind != NODE_MAP) {
		node_finding(chain->findings, from, "/words", FINDING_TYPE,
		    "an object");
		return;
	}
	for (language = from->first; language != NULL;
	    language = language->next) {
		if (language->kind != NODE_MAP) {
			node_finding(chain->findings, language,
			    arena_format(chain->arena, "/words/%s",
			    language->name), FINDING_TYPE, "an object");
			continue;
		}
		to = (struct node *)(uintptr_t)node_get(words,
		    language->name);
		if (to == NULL) {
			to = node_new(chain->arena, NODE_MAP);
			node_append(chain->arena, words, language->name, to);
		}
		language_merge(chain, language, to);
	}
}

static void
colour_add(const struct theme_tokens *tokens_read, struct node *map,
    const char *member, const char *token, enum token_mode mode)
{
	char	 text[COLOUR_TEXT];

	colour_write(theme_tokens_value(tokens_read, TOKEN_SEMANTIC, token,
	    mode)->colour, text);
	node_append(tokens_read->chain->arena, map, member,
	    node_text_new(tokens_read->chain->arena, text));
}

static void
paper_merge(const struct theme_tokens *all, struct node *mail,
    const char *member, enum token_mode mode)
{
	static const struct {
		const char	*member;
		const char	*token;
	} papers[] = {
		{ "header", "header" }, { "on_header", "on-header" },
		{ "background", "background" }, { "surface", "surface" },
		{ "text", "text" }, { "text_muted", "text-muted" },
		{ "accent", "accent" }, { "border", "border" },
	};
	struct node	*map;
	size_t		 i;

	map = node_new(all->chain->arena, NODE_MAP);
	for (i = 0; i < sizeof(papers) / sizeof(papers[0]); i++)
		colour_add(all, map, papers[i].member, papers[i].token, mode);
	node_append(all->chain->arena, mail, member, map);
}

static void
colours_merge(const struct theme_tokens *all, struct node *theme)
{
	struct arena	*arena = all->chain->arena;
	struct node	*map;

	map = node_new(arena, NODE_MAP);
	colour_add(all, map, "primary", "primary", TOKEN_LIGHT);
	colour_add(all, map, "on_primary", "on-primary", TOKEN_LIGHT);
	colour_add(all, map, "accent", "accent", TOKEN_LIGHT);
	colour_add(all, map, "background", "background", TOKEN_LIGHT);
	colour_add(all, map, "text", "text", TOKEN_LIGHT);
	node_append(arena, theme, "colours", map);
	map = node_new(arena, NODE_MAP);
	colour_add(all, map, "light", "header", TOKEN_LIGHT);
	colour_add(all, map, "dark", "header", TOKEN_DARK);
	node_append(arena, theme, "colour", map);
	map = node_new(arena, NODE_MAP);
	paper_merge(all, map, "light", TOKEN_LIGHT);
	paper_merge(all, map, "dark", TOKEN_DARK);
	node_append(arena, theme, "mail", map);
}

static struct node *
theme_merge(const struct theme_tokens *all, const struct theme_city *city)
{
	const struct theme_chain *chain = all->chain;
	struct arena		*arena = chain->arena;
	const struct node	*member;
	struct node		*theme, *words;
	size_t			 i;

	theme = node_new(arena, NODE_MAP);
	theme->file = chain->levels[0].node->file;
	theme->line = chain->levels[0].node->line;
	theme->column = chain->levels[0].node->column;
	node_append(arena, theme, "code",
	    node_text_new(arena, chain->levels[0].code));
	node_append(arena, theme, "name",
	    node_text_new(arena, chain->levels[0].file.name));
	if ((member = theme_chain_member(chain, "layout", &i)) != NULL)
		node_append(arena, theme, "layout",
		    node_share(arena, member));
	else
		node_finding(chain->findings, chain->levels[0].node,
		    "/layout", FINDING_REQUIRED, "tiles or list");
	order_merge(chain, city, theme);
	words = node_new(arena, NODE_MAP);
	if (city != NULL)
		words_merge(chain, city->words, words);
	for (i = 0; i < chain->count; i++)
		words_merge(chain, chain->levels[i].file.words, words);
	node_append(arena, theme, "words", words);
	colours_merge(all, theme);
	return (theme);
}

enum status
theme_read(struct arena *arena, const char *home,
    const struct node *reference, const struct theme_city *city,
    struct node **theme, struct node **publish, struct findings *findings)
{
	struct field_context	 context = { .arena = arena,
				    .findings = findings };
	struct theme_chain	 chain = { .arena = arena, .home = home,
				    .findings = findings };
	struct theme_tokens	 all;
	struct values		 values;
	struct node		*merged;
	size_t			 before;

	before = findings->count;
	if (theme_chain_read(&chain, reference, "/theme") != STATUS_OK ||
	    theme_tokens_read(&chain, &all) != STATUS_OK)
		return (STATUS_INVALID);
	(void)theme_tokens_check(&all);
	merged = theme_merge(&all, city);
	(void)theme_files_make(&all, city, merged, publish);
	if (findings->count != before)
		return (STATUS_INVALID);
	if (city == NULL)
		return (STATUS_OK);
	*theme = merged;
	return (field_check(&context, theme_fields, merged, "", &values));
}

enum status
theme_read_tokens(struct theme_chain *chain, const char *code,
    struct theme_tokens *all)
{
	if (theme_chain_read(chain, node_text_new(chain->arena, code),
	    "/theme") != STATUS_OK)
		return (STATUS_INVALID);
	return (theme_tokens_read(chain, all));
}

bool
theme_is_on(struct arena *arena, const char *home,
    const struct node *reference, const char *pointer, const char *day,
    struct findings *findings)
{
	struct findings		 ignored;
	struct theme_chain	 chain = { .arena = arena, .home = home,
				    .findings = &ignored };
	const struct theme_file	*file;

	findings_init(&ignored, arena);
	if (theme_chain_read(&chain, reference, pointer) != STATUS_OK)
		return (false);
	file = &chain.levels[0].file;
	if (file->from == NULL) {
		node_finding(findings, reference, pointer, FINDING_CONFLICT,
		    arena_format(arena, "themes/%s/theme.yaml has no from and "
		    "until", chain.levels[0].code));
		return (false);
	}
	return (strcmp(file->from, day) <= 0 &&
	    strcmp(day, file->until) <= 0);
}

/* Seconds since 1970 of 1:00 UTC on the last Sunday of the month. */
static time_t
last_sunday(int year, int month)
{
	struct tm	 tm = { .tm_year = year, .tm_mon = month,
			    .tm_mday = 31, .tm_hour = 1 };
	time_t		 at;

	at = timegm(&tm);
	return (at - (time_t)tm.tm_wday * 86400);
}

void
theme_day(time_t now, char day[THEME_DAY])
{
	struct tm	 tm;

	/* Directive 2000/84/EC: from March to October an hour more. */
	(void)gmtime_r(&now, &tm);
	now += now >= last_sunday(tm.tm_year, 2) &&
	    now < last_sunday(tm.tm_year, 9) ? 7200 : 3600;
	(void)gmtime_r(&now, &tm);
	(void)strftime(day, THEME_DAY, "%Y-%m-%d", &tm);
}

static int
text_compare(const void *a, const void *b)
{
	return (strcmp(*(const char *const *)a, *(const char *const *)b));
}

const char **
theme_codes(struct arena *arena, const char *home)
{
	const struct dirent	 *entry;
	const char		**codes, **more;
	size_t			  count, cap;
	DIR			 *dir;

	count = 0;
	cap = 16;
	codes = arena_alloc(arena, cap * sizeof(*codes));
	if ((dir = opendir(arena_format(arena, "%s/themes", home))) == NULL)
		return (codes);
	while ((entry = readdir(dir)) != NULL) {
		if (!field_format_fits(FIELD_FORMAT_CODE, entry->d_name) ||
		    access(arena_format(arena, "%s/themes/%s/theme.yaml",
		    home, entry->d_name), R_OK) == -1)
			continue;
		if (count + 1 == cap) {
			more = arena_alloc(arena, cap * 2 * sizeof(*more));
			memcpy(more, codes, count * sizeof(*more));
			codes = more;
			cap *= 2;
		}
		codes[count++] = arena_text(arena, entry->d_name);
	}
	(void)closedir(dir);
	qsort(codes, count, sizeof(*codes), text_compare);
	return (codes);
}
