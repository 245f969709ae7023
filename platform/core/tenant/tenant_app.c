/* SPDX-License-Identifier: EUPL-1.2 */
/* What the front end is told of a tenant. */

#include "core/plugin/bundle.h"
#include "core/plugin/mount.h"
#include "core/tenant/tenant_map.h"

#define APP_MAX	(1024u * 1024)

static void
theme_write(struct json *json, const struct theme *theme,
    const char *language)
{
	const struct theme_colours	*colours = &theme->colours;
	const struct node		*words;
	size_t				 i;

	json_open_object(json, "theme");
	json_text(json, "code", theme->code);
	json_text(json, "name", theme->name);
	json_text(json, "layout", theme->layout);
	json_open_array(json, "order");
	for (i = 0; i < theme->order.count; i++)
		json_text(json, NULL, theme->order.items[i]);
	json_close(json);
	words = node_get(theme->words, language);
	if (words != NULL && words->kind == NODE_MAP)
		node_to_json(json, "words", words);
	else {
		json_open_object(json, "words");
		json_close(json);
	}
	json_text(json, "stylesheet", theme->stylesheet);
	json_text(json, "logo", theme->logo);
	json_text(json, "hero", theme->hero);
	json_text(json, "picture", theme->picture);
	json_open_object(json, "colour");
	json_text(json, "light", theme->colour.light);
	json_text(json, "dark", theme->colour.dark);
	json_close(json);
	json_open_object(json, "colours");
	json_text(json, "primary", colours->primary);
	json_text(json, "on_primary", colours->on_primary);
	json_text(json, "accent", colours->accent);
	json_text(json, "background", colours->background);
	json_text(json, "text", colours->text);
	json_close(json);
	json_close(json);
}

/* What the front end has of a plugin; null where it has nothing. */
static void
plugin_app_write(struct json *json, const struct bundle *bundle,
    const char *name)
{
	const struct bundle_plugin	*plugin;

	if ((plugin = bundle_plugin(bundle, name)) == NULL) {
		json_null_value(json, "app");
		return;
	}
	json_open_object(json, "app");
	json_text(json, "module", plugin->module);
	json_text(json, "style", plugin->style);
	node_to_json(json, "messages", plugin->messages);
	if (plugin->entries == NULL)
		json_null_value(json, "entries");
	else
		node_to_json(json, "entries", plugin->entries);
	json_close(json);
}

static void
shell_write(struct json *json, const struct bundle *bundle)
{
	if (bundle == NULL) {
		json_null_value(json, "app");
		return;
	}
	json_open_object(json, "app");
	node_to_json(json, "messages", bundle->shell.messages);
	json_close(json);
}

static void
plugin_write(struct json *json, const struct tenant *tenant,
    const struct loaded *loaded, const struct bundle *bundle,
    enum router_side side, const char *language)
{
	const struct plugin	*plugin = loaded->plugin;
	const char		*title;

	title = message_get(loaded->messages, language, "title");
	json_open_object(json, NULL);
	json_text(json, "name", plugin->name);
	json_text(json, "version", plugin->version);
	json_text(json, "title", title == NULL ? plugin->name : title);
	json_text(json, "account",
	    tenant->account_required & (UINT64_C(1) << loaded->index) ?
	    "required" : "optional");
	json_text(json, "api", arena_format(json->buf.arena, "%s/api/v1/%s",
	    side == ROUTER_OFFICE ? "/office" : "", plugin->name));
	json_open_object(json, "settings");
	if (plugin->settings != NULL)
		field_to_json(json, plugin->settings,
		    tenant->settings[loaded->index], true);
	json_close(json);
	plugin_app_write(json, bundle, plugin->name);
	json_close(json);
}

char *
tenant_app_json(struct arena *arena, const struct registry *registry,
    const struct tenant *tenant, enum router_side side, const char *language,
    size_t *len)
{
	const struct tenant_file	*file = &tenant->file;
	struct json			 json;
	size_t				 i;

	json_init(&json, arena, APP_MAX);
	json_open_object(&json, NULL);
	json_text(&json, "slug", tenant->slug);
	json_text(&json, "name", file->name);
	json_text(&json, "title", file->title);
	json_text(&json, "ags", file->ags);
	json_open_array(&json, "languages");
	for (i = 0; i < file->languages.count; i++)
		json_text(&json, NULL, file->languages.items[i]);
	json_close(&json);
	theme_write(&json, &tenant->theme, language);
	tenant_map_write(&json, registry, tenant);
	json_open_array(&json, "departments");
	for (i = 0; i < file->departments.count; i++) {
		json_open_object(&json, NULL);
		json_text(&json, "code", file->departments.items[i].code);
		json_text(&json, "name", file->departments.items[i].name);
		json_close(&json);
	}
	json_close(&json);
	json_open_array(&json, "outside_bodies");
	for (i = 0; i < file->outside_bodies.count; i++) {
		json_open_object(&json, NULL);
		json_text(&json, "code", file->outside_bodies.items[i].code);
		json_text(&json, "name", file->outside_bodies.items[i].name);
		json_close(&json);
	}
	json_close(&json);
	json_open_array(&json, "plugins");
	for (i = 1; i < registry->count; i++)
		if (tenant->plugins & (UINT64_C(1) << i))
			plugin_write(&json, tenant, &registry->plugins[i],
			    registry->bundle, side, language);
	json_close(&json);
	shell_write(&json, registry->bundle);
	json_close(&json);
	return (json_finish(&json, len));
}
