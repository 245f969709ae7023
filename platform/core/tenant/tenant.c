/* SPDX-License-Identifier: EUPL-1.2 */
/* A tenant in a process: made of its document, asked, freed. */

#include <string.h>

#include "core/document/node_util.h"
#include "core/tenant/tenant.h"

#define ROLES_MAX	65536	/* bytes of the array of a tenant's roles */
#include "core/tenant/tenant_file.h"

/* What a tenant that writes only the required keys takes, or nearly. */
#define TENANT_ARENA	6144

#define ZOOM_DEFAULT	13
#define HOST_MARK	"{host}"	/* in STADTKERN_URL */

static enum status
tenant_theme_fill(struct tenant *tenant, struct arena *scratch,
    const struct node *document, struct findings *findings)
{
	struct field_context	 context = { .arena = tenant->arena,
				    .findings = findings };
	struct values		 values;
	const struct node	*theme;

	theme = node_copy(scratch, node_get(document, "theme"));
	if (field_check(&context, theme_fields, theme, "/theme",
	    &values) != STATUS_OK)
		return (STATUS_INVALID);
	tenant->theme = *(const struct theme *)values.data;
	/* The node goes with the document. */
	if (tenant->theme.words != NULL)
		tenant->theme.words = node_copy(tenant->arena,
		    tenant->theme.words);
	return (STATUS_OK);
}

static enum status
tenant_bbox_fill(struct tenant *tenant, const struct node *document,
    struct findings *findings)
{
	const struct node	*bbox, *number;
	size_t			 i;

	bbox = node_get(document, "bbox");
	number = bbox == NULL ? NULL : bbox->first;
	for (i = 0; i < 4 && number != NULL; i++, number = number->next) {
		if (number->kind != NODE_NUMBER && number->kind != NODE_INT)
			break;
		tenant->bbox[i] = number->number;
	}
	if (i == 4 && number == NULL)
		return (STATUS_OK);
	node_finding(findings, bbox, "/bbox", FINDING_TYPE,
	    "a list of four numbers");
	return (STATUS_INVALID);
}

static void
tenant_map_fill(struct tenant *tenant, const struct node *node)
{
	struct tenant_map	*map = &tenant->file.map;
	const struct node	*written;

	written = node_get(node, "map");
	if (written != NULL && written->kind != NODE_NULL)
		return;
	map->lon = (tenant->bbox[0] + tenant->bbox[2]) / 2;
	map->lat = (tenant->bbox[1] + tenant->bbox[3]) / 2;
	map->zoom = ZOOM_DEFAULT;
}

/*
 * The nodes lie in an arena of their own, gone when the values are made: of
 * a tenant that writes all its settings they would be two thirds, times
 * thousands of tenants, times all workers.
 */
enum status
tenant_new(const struct registry *registry, const struct node *document,
    struct tenant **result, struct findings *findings)
{
	const struct node	*node;
	struct tenant		*tenant;
	struct arena		*arena, *scratch;
	const char		*slug;
	size_t			 before;

	*result = NULL;
	before = findings->count;
	arena = arena_new(TENANT_ARENA);
	scratch = arena_new(0);
	tenant = arena_alloc(arena, sizeof(*tenant));
	tenant->arena = arena;
	slug = node_text(node_get(document, "slug"));
	tenant->slug = arena_text(arena, slug == NULL ? "" : slug);
	if (slug == NULL)
		node_finding(findings, document, "/slug", FINDING_REQUIRED,
		    NULL);
	node = node_copy(scratch, node_get(document, "tenant"));
	(void)tenant_file_fill(tenant, registry, node, findings);
	(void)tenant_theme_fill(tenant, scratch, document, findings);
	(void)tenant_bbox_fill(tenant, document, findings);
	tenant_map_fill(tenant, node);
	tenant->file.plugins = tenant->file.legal = NULL;
	tenant->file.words = NULL;
	arena_free(scratch);
	if (findings->count != before) {
		arena_free(arena);
		return (STATUS_INVALID);
	}
	*result = tenant;
	return (STATUS_OK);
}

void
tenant_free(struct tenant *tenant)
{
	if (tenant == NULL)
		return;
	/* Key material does not stay behind in freed memory. */
	explicit_bzero(tenant->secret_key, sizeof(tenant->secret_key));
	arena_free(tenant->arena);
}

const char *
tenant_roles_array(struct arena *arena, const struct tenant *tenant,
    const char *plugin, const char *right)
{
	const char	*code, *roles;
	struct buf	 buf;
	size_t		 i;

	buf_init(&buf, arena, ROLES_MAX);
	buf_char(&buf, '{');
	for (i = 0; i < tenant->file.roles.count; i++) {
		code = tenant->file.roles.items[i].code;
		if (tenant_role_gives(tenant, code, plugin, right))
			buf_format(&buf, "%s%s", buf.len > 1 ? "," : "", code);
	}
	buf_char(&buf, '}');
	roles = buf_finish(&buf, NULL);
	return (roles == NULL ? "{}" : roles);
}

const char *
tenant_slug(const struct tenant *tenant)
{
	return (tenant->slug);
}

const char *
tenant_office(struct arena *arena, const struct tenant *tenant)
{
	const char	*office;
	size_t		 len;

	if ((office = tenant->file.office) == NULL)
		return (arena_format(arena, "https://%s",
		    tenant->file.hosts.items[0]));
	len = strlen(office);
	while (len > 0 && office[len - 1] == '/')
		len--;
	return (arena_copy(arena, office, len));
}

const char *
tenant_name(const struct tenant *tenant)
{
	return (tenant->file.name);
}

const struct department *
tenant_department(const struct tenant *tenant, const char *code)
{
	size_t	 i;

	for (i = 0; i < tenant->file.departments.count; i++)
		if (strcmp(tenant->file.departments.items[i].code, code) == 0)
			return (&tenant->file.departments.items[i]);
	return (NULL);
}

const char *
tenant_origin(struct arena *arena, const struct tenant *tenant,
    const char *url)
{
	const char	*mark;

	if ((mark = strstr(url, HOST_MARK)) == NULL)
		return (url);
	return (arena_format(arena, "%.*s%s%s", (int)(mark - url), url,
	    tenant->file.hosts.items[0], mark + strlen(HOST_MARK)));
}

const char *
tenant_email(const struct tenant *tenant)
{
	return (tenant->file.email);
}

const struct department *
tenant_departments(const struct tenant *tenant, size_t *count)
{
	*count = tenant->file.departments.count;
	return (tenant->file.departments.items);
}

const struct outside_body *
tenant_outside_bodies(const struct tenant *tenant, size_t *count)
{
	*count = tenant->file.outside_bodies.count;
	return (tenant->file.outside_bodies.items);
}

const struct department *
tenant_first_department(const struct tenant *tenant)
{
	return (&tenant->file.departments.items[0]);
}

const struct outside_body *
tenant_outside_body(const struct tenant *tenant, const char *code)
{
	size_t	 i;

	for (i = 0; i < tenant->file.outside_bodies.count; i++)
		if (strcmp(tenant->file.outside_bodies.items[i].code,
		    code) == 0)
			return (&tenant->file.outside_bodies.items[i]);
	return (NULL);
}
