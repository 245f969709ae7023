/* SPDX-License-Identifier: EUPL-1.2 */
/* Writing the document: head, and a body that the app fills. */

#include <string.h>

#include "core/document/html.h"
#include "core/document/node_util.h"
#include "web/page_start.h"
#include "web/page_text.h"

#define PAGE_MAX	131072u
#define SAYS_MAX	4096u

const char *
page_language(const struct tenant *tenant, const char *wanted)
{
	size_t	i;

	for (i = 0; i < tenant->file.languages.count; i++) {
		if (strcmp(tenant->file.languages.items[i], wanted) == 0)
			return (wanted);
	}
	return (tenant->file.languages.items[0]);
}

/* One line; each `%` of `pattern` is a value, escaped. A value that is NULL
 * leaves the line out. */
static void
html_line(struct buf *buf, const char *pattern, const char *a, const char *b)
{
	const char	*values[2] = { a, b };
	size_t		 i;

	if (a == NULL)
		return;
	for (i = 0; *pattern != '\0'; pattern++) {
		if (*pattern == '%' && i < 2)
			html_text(buf, values[i++]);
		else
			buf_char(buf, *pattern);
	}
	buf_char(buf, '\n');
}

/* "This, that": the titles of the plugins that are on. */
static const char *
functions_of(struct arena *arena, const struct registry *registry,
    const struct tenant *tenant, const char *language)
{
	const struct loaded	*loaded;
	const char		*title;
	struct buf		 buf;
	size_t			 i;

	buf_init(&buf, arena, SAYS_MAX);
	for (i = 1; i < registry->count; i++) {
		loaded = &registry->plugins[i];
		title = message_get(loaded->messages, language, "title");
		if ((tenant->plugins >> i & 1) != 0 && title != NULL)
			buf_format(&buf, "%s%s", buf.len == 0 ? "" : ", ",
			    title);
	}
	title = buf_finish(&buf, NULL);
	return (title == NULL ? "" : title);
}

static const char *
text_of(struct arena *arena, const struct registry *registry,
    const struct tenant *tenant, const char *language, const char *key)
{
	struct node	*arguments;
	const char	*text;

	text = message_get(registry->plugins[0].messages, language, key);
	arguments = node_new(arena, NODE_MAP);
	node_append(arena, arguments, "city",
	    node_text_new(arena, tenant->file.name));
	node_append(arena, arguments, "functions", node_text_new(arena,
	    functions_of(arena, registry, tenant, language)));
	node_append(arena, arguments, "email",
	    node_text_new(arena, tenant->file.email));
	return (text == NULL ? "" : message_fill(arena, text, arguments));
}

/* What the script asks for first: on its way while the script still is, and
 * behind what the first picture is made of. */
static void
write_preloads(struct buf *buf, const struct bundle_shell *shell,
    const struct page_wish *wish)
{
	static const char *const pattern = "<link rel=\"preload\" as=\"fetch\" "
	    "crossorigin href=\"%\" fetchpriority=\"low\">";
	const struct node	*texts;

	html_line(buf, pattern, wish->side == ROUTER_OFFICE ?
	    "/office/api/v1/app" : "/api/v1/app", NULL);
	if ((texts = node_get(shell->messages, wish->language)) != NULL)
		html_line(buf, pattern, node_text(texts), NULL);
}

static void
write_links(struct buf *buf, const struct bundle_shell *shell,
    const struct theme *theme, const struct page_wish *wish)
{
	size_t	i;

	html_line(buf, "<link rel=\"stylesheet\" href=\"%\">", shell->style,
	    NULL);
	/* Behind the shell's, as it says what that only asks for. */
	html_line(buf, "<link rel=\"stylesheet\" href=\"%\">",
	    theme->stylesheet, NULL);
	if (wish->side == ROUTER_PUBLIC && wish->page == PAGE_START &&
	    strcmp(theme->layout, "list") == 0)
		html_line(buf, "<link rel=\"preload\" as=\"image\" href=\"%\" "
		    "fetchpriority=\"high\">", theme->hero, NULL);
	for (i = 0; i < shell->preload.count; i++)
		html_line(buf, "<link rel=\"modulepreload\" href=\"%\">",
		    shell->preload.items[i], NULL);
	write_preloads(buf, shell, wish);
	html_line(buf, "<script type=\"module\" src=\"%\"></script>",
	    shell->script, NULL);
	if (wish->side == ROUTER_PUBLIC)
		buf_text(buf, "<link rel=\"manifest\" "
		    "href=\"/manifest.webmanifest\">\n");
	buf_text(buf, "<link rel=\"icon\" href=\"/favicon.ico\" sizes=\"32x32\">\n");
	html_line(buf, "<link rel=\"icon\" href=\"%\" type=\"image/svg+xml\">",
	    theme->logo, NULL);
	buf_text(buf,
	    "<link rel=\"apple-touch-icon\" href=\"/apple-touch-icon.png\">\n");
}

static void
write_open_graph(struct buf *buf, const struct tenant *tenant,
    const char *says, const char *origin)
{
	html_line(buf, "<meta name=\"description\" content=\"%\">", says,
	    NULL);
	buf_text(buf, "<meta property=\"og:type\" content=\"website\">\n");
	html_line(buf, "<meta property=\"og:site_name\" content=\"%\">",
	    tenant->file.name, NULL);
	html_line(buf, "<meta property=\"og:title\" content=\"%\">",
	    tenant->file.title, NULL);
	html_line(buf, "<meta property=\"og:description\" content=\"%\">",
	    says, NULL);
	html_line(buf, "<meta property=\"og:url\" content=\"%/\">", origin,
	    NULL);
	if (tenant->theme.picture != NULL)
		html_line(buf, "<meta property=\"og:image\" content=\"%%\">",
		    origin, tenant->theme.picture);
}

char *
page_text(struct arena *arena, const struct registry *registry,
    const struct tenant *tenant, const struct page_wish *wish, size_t *len)
{
	const struct theme	*theme;
	struct buf		 buf;
	const char		*language, *title, *first;

	theme = &tenant->theme;
	language = wish->language;
	title = wish->side == ROUTER_OFFICE ? text_of(arena, registry, tenant,
	    language, "office.title") : tenant->file.title;
	buf_init(&buf, arena, PAGE_MAX);
	buf_text(&buf, "<!doctype html>\n");
	html_line(&buf, "<html lang=\"%\" dir=\"%\">\n<head>\n"
	    "<meta charset=\"utf-8\">", language, language_direction(language));
	html_line(&buf, "<title>%</title>", title, NULL);
	buf_text(&buf, "<meta name=\"viewport\" content=\"width=device-width, "
	    "initial-scale=1, viewport-fit=cover\">\n"
	    "<meta name=\"color-scheme\" content=\"light dark\">\n");
	html_line(&buf, "<meta name=\"theme-color\" media=\""
	    "(prefers-color-scheme: light)\" content=\"%\">",
	    theme->colour.light, NULL);
	html_line(&buf, "<meta name=\"theme-color\" media=\""
	    "(prefers-color-scheme: dark)\" content=\"%\">",
	    theme->colour.dark, NULL);
	/* Nothing is painted before the first picture has come whole. */
	buf_text(&buf, "<link rel=\"expect\" href=\"#app\" "
	    "blocking=\"render\">\n");
	write_links(&buf, &registry->bundle->shell, theme, wish);
	if (wish->side == ROUTER_PUBLIC)
		write_open_graph(&buf, tenant, text_of(arena, registry,
		    tenant, language, "page.says"), tenant_origin(arena,
		    tenant, wish->url));
	else
		buf_text(&buf,
		    "<meta name=\"robots\" content=\"noindex\">\n");
	first = wish->page == PAGE_START ?
	    page_start(arena, registry, tenant, language) : "";
	buf_text(&buf, "</head>\n<body>\n");
	buf_format(&buf, "<div id=\"app\"%s>%s",
	    *first == '\0' ? "" : " data-first", first);
	html_line(&buf, "</div>\n"
	    "<noscript><h1>%</h1><p>%</p></noscript>\n</body>\n</html>",
	    title, text_of(arena, registry, tenant, language,
	    "page.noscript"));
	return (buf_finish(&buf, len));
}
