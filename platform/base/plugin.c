/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The platform's own routes, declared like a plugin's: the tenant's app
 * description, devices, accounts. Those of the staff are in sign_in.h,
 * account.h and staff.h.
 *
 * A device holds a 256-bit token, an account is an e-mail address that was
 * confirmed once. Of the token, the address and the code the database knows
 * keyed hashes; the address itself travels sealed to the courier and is gone
 * when the mail was sent.
 */

#include <ctype.h>
#include <string.h>

#include "base/legal.h"
#include "base/account.h"
#include "base/audit.h"
#include "base/oidc.h"
#include "base/sign_in.h"
#include "base/staff.h"
#include "core/exchange/exchange.h"
#include "core/plugin/mount.h"
#include "core/plugin/openapi.h"
#include "core/tenant/tenant_map.h"
#include "base/basemap.h"

struct device {
	const char	*token;
	struct bytes	 token_hash;
};

static const struct field device_fields[] = {
	FIELD_BYTES(struct device, token_hash),
	FIELD_END
};

struct account_request {
	const char	*email;
	struct bytes	 address_hash;
	struct bytes	 code_hash;
	struct bytes	 sealed;
	const char	*language;
};

static const struct field account_request_fields[] = {
	FIELD_TEXT(struct account_request, email, .format = FIELD_FORMAT_EMAIL,
	    .max = 254, .required = true,
	    .says = "where the six-digit code is sent"),
	FIELD_BYTES(struct account_request, address_hash),
	FIELD_BYTES(struct account_request, code_hash),
	FIELD_BYTES(struct account_request, sealed),
	FIELD_COMPUTED(struct account_request, language),
	FIELD_END
};

struct account_confirm {
	const char	*code;
	struct bytes	 code_hash;
};

static const struct field account_confirm_fields[] = {
	FIELD_TEXT(struct account_confirm, code, .min = 6, .max = 6,
	    .required = true, .says = "the six digits from the e-mail"),
	FIELD_BYTES(struct account_confirm, code_hash),
	FIELD_END
};

/* A code is bound to the device that asked for it. */
static struct bytes
hash_code(struct exchange *x, const char *code)
{
	const char	*token;

	token = exchange_header(x, "authorization");
	/* The scheme's name may be written in either case. */
	if (token != NULL && strrchr(token, ' ') != NULL)
		token = strrchr(token, ' ') + 1;
	return (exchange_hash(x, HASH_CODE, arena_format(x->arena, "%s %s",
	    code, token == NULL ? "" : token)));
}

static enum status
app_answer(struct exchange *x, const struct row *row)
{
	const char	*json;
	size_t		 len;

	(void)row;
	json = tenant_app_json(x->arena, x->registry, x->tenant,
	    mount_side(x->route), x->language, &len);
	return (exchange_answer(x, 200, "application/json", json, len));
}

static enum status
openapi_answer(struct exchange *x, enum router_side side)
{
	const char	*json;
	size_t		 len;

	json = openapi_document(x->arena, x->registry, x->tenant->plugins,
	    side, &len);
	return (exchange_answer(x, 200, "application/json", json, len));
}

static enum status
openapi_public(struct exchange *x, const struct row *row)
{
	(void)row;
	return (openapi_answer(x, ROUTER_PUBLIC));
}

static enum status
openapi_office(struct exchange *x, const struct row *row)
{
	(void)row;
	return (openapi_answer(x, ROUTER_OFFICE));
}

static enum status
device_prepare(struct exchange *x)
{
	struct device	*device;

	device = exchange_body(x);
	device->token = crypto_token(x->arena);
	device->token_hash = exchange_hash(x, HASH_DEVICE_TOKEN, device->token);
	return (STATUS_OK);
}

static enum status
device_answer(struct exchange *x, const struct row *row)
{
	const struct device	*device;
	struct json		 json;
	const char		*text;
	size_t			 len;

	device = exchange_body(x);
	json_init(&json, x->arena, 1024);
	json_open_object(&json, NULL);
	json_text(&json, "id", row_text(row, "id"));
	json_text(&json, "token", device->token);
	json_close(&json);
	text = json_finish(&json, &len);
	return (exchange_answer(x, 201, "application/json", text, len));
}

static const char *
address_normal(struct arena *arena, const char *email)
{
	char	*text, *at;

	text = arena_text(arena, email);
	for (at = text; *at != '\0'; at++)
		*at = (char)tolower((unsigned char)*at);
	return (text);
}

static enum status
account_request_prepare(struct exchange *x)
{
	struct account_request	*request;
	struct json		 json;
	const char		*code, *address, *text;
	size_t			 len;

	request = exchange_body(x);
	address = address_normal(x->arena, request->email);
	code = crypto_code(x->arena);
	request->address_hash = exchange_hash(x, HASH_ADDRESS, address);
	request->code_hash = hash_code(x, code);
	request->language = x->language;

	json_init(&json, x->arena, 2048);
	json_open_object(&json, NULL);
	json_text(&json, "to", request->email);
	json_open_object(&json, "arguments");
	json_text(&json, "code", code);
	json_text(&json, "city", tenant_name(x->tenant));
	json_close(&json);
	json_close(&json);
	if ((text = json_finish(&json, &len)) == NULL)
		return (STATUS_LIMIT);
	return (crypto_seal(x->arena, x->keys->courier_public, text, len,
	    &request->sealed));
}

struct street_query {
	const char	*q;
};

static const struct field street_query[] = {
	FIELD_TEXT(struct street_query, q, .format = FIELD_FORMAT_LINE,
	    .min = 2, .max = 100, .required = true,
	    .says = "the beginning of a name, however it is spelt"),
	FIELD_END
};

static enum status
account_confirm_prepare(struct exchange *x)
{
	struct account_confirm	*confirm;

	confirm = exchange_body(x);
	if (strspn(confirm->code, "0123456789") != 6) {
		exchange_finding(x, "/code", FINDING_FORMAT, "six digits");
		return (STATUS_INVALID);
	}
	confirm->code_hash = hash_code(x, confirm->code);
	return (STATUS_OK);
}

static const struct route routes[] = {
	{ GET,    "/app", PUBLIC, .answer = app_answer, .cache = "app",
	    .says = "The city: name, theme, map, departments, plugins and what "
	    "they are set to." },
	{ GET,    "/legal", PUBLIC, .answer = legal_answer, .cache = "app",
	    .says = "Imprint, privacy and accessibility, in sections." },
	{ POST,   "/feedback", PUBLIC, .body = feedback_fields,
	    .prepare = feedback_prepare, .run = "feedback_put",
	    .created = true, .per_hour = 20,
	    .says = "Tells the city what of the app is not accessible." },
	{ GET,    "/streets", PUBLIC, .query = street_query,
	    .run = "street_list", .cache = "streets",
	    .says = "The city's streets that a text may mean, best first." },
	{ GET,    "/openapi.json", PUBLIC, .answer = openapi_public,
	    .cache = "app", .says = "This description." },
	{ POST,   "/devices", PUBLIC, .body = device_fields,
	    .prepare = device_prepare, .run = "device_create",
	    .answer = device_answer, .created = true, .per_hour = 30,
	    .says = "Registers a device; the token is told this once." },
	{ DELETE, "/device", DEVICE, .run = "device_delete",
	    .says = "Forgets the calling device." },
	{ GET,    "/account", DEVICE, .run = "account_show",
	    .says = "Whether the device has a confirmed account." },
	{ POST,   "/account", DEVICE, .body = account_request_fields,
	    .prepare = account_request_prepare, .run = "account_request",
	    .per_hour = 20,
	    .says = "Sends a six-digit code to an e-mail address." },
	{ POST,   "/account/confirm", DEVICE, .body = account_confirm_fields,
	    .prepare = account_confirm_prepare, .run = "account_confirm",
	    .per_hour = 60,
	    .says = "Confirms the address with the code." },
	{ DELETE, "/account", DEVICE, .run = "account_leave",
	    .says = "Takes the device off its account." },

	{ GET,    "/openapi.json", SIGN_IN, .answer = openapi_office,
	    .cache = "app", .says = "This description." },
	{ GET,    "/app", SIGN_IN, .answer = app_answer, .cache = "app",
	    .says = "The city, as the office's shell has to know it." },
	{ GET, "/addresses", OFFICE(NULL), .query = street_query,
	    .run = "address_list",
	    .says = "Places of the street list that a text may mean, best "
	    "first: the house number's, else the street's." },
	SIGN_IN_ROUTES
	OIDC_ROUTES
	ACCOUNT_ROUTES
	STAFF_ROUTES
	AUDIT_ROUTES
	ROUTE_END
};

struct theme_path {
	const char	*file;
};

static const struct field theme_path_fields[] = {
	FIELD_TEXT(struct theme_path, file, .format = FIELD_FORMAT_LINE,
	    .max = 60, .required = true,
	    .says = "a name that the app's description or a file gave"),
	FIELD_END
};

/* What the citizens' app and the office show, under the same paths. */
static const struct route both_routes[] = {
	{ GET,    "/api/v1/boundary", PUBLIC, .run = "boundary_show",
	    .cache = "app", .media_type = "application/geo+json",
	    .says = "The city's boundary as a GeoJSON feature." },
	{ GET,    BASEMAP_ROUTE, PUBLIC,
	    .path_fields = basemap_fields, .prepare = basemap_prepare,
	    .run = "basemap_show", .answer = basemap_answer,
	    .media_type = "application/octet-stream",
	    .says = "A tile of the city's base map; 503 with Retry-After while "
	    "it is fetched." },
	{ GET,    "/theme/{file}", PUBLIC, .path_fields = theme_path_fields,
	    .run = "theme_file", .cache = "app", .lasting = true,
	    .says = "A file of the city's theme; it never changes." },
	{ GET,    "/manifest.webmanifest", PUBLIC, .run = "theme_manifest",
	    .cache = "app", .says = "The web app manifest." },
	{ GET,    "/favicon.ico", PUBLIC, .run = "theme_favicon",
	    .cache = "app", .says = "The emblem, 32 pixels, PNG." },
	{ GET,    "/apple-touch-icon.png", PUBLIC, .run = "theme_touch_icon",
	    .cache = "app", .says = "The emblem, 180 pixels, PNG." },
	ROUTE_END
};

static const struct mount mounts[] = {
	{ .path = "", .both = true, .routes = both_routes },
	MOUNT_END
};

static const struct problem problems[] = {
	{ "not-found", 404 },
	{ "method-not-allowed", 405 },
	{ "fields", 422 },
	{ "json-malformed", 400 },
	{ "form-malformed", 400 },
	{ "query-malformed", 400 },
	{ "body-unexpected", 400 },
	{ "too-large", 413 },
	{ "media-type", 415 },
	{ "range-unsatisfiable", 416 },
	{ "http-version", 505 },
	{ "too-many-requests", 429 },
	{ "internal", 500 },
	{ "unavailable", 503 },
	{ "device-unknown", 401 },
	{ "account-required", 403 },
	{ "key-unknown", 403 },
	{ "tenant-missing", 400 },
	{ "tenant-unknown", 404 },
	{ "session-unknown", 401 },
	{ "right-missing", 403 },
	{ "cross-site", 403 },
	{ "idempotency-key", 400 },
	{ "idempotency-key-reused", 409 },
	{ "too-many-codes", 429 },
	{ "code-wrong", 422 },
	{ "code-expired", 422 },
	{ "code-none", 422 },
	SIGN_IN_PROBLEMS
	STAFF_PROBLEMS
	{ "street-unknown", 422 },
	{ "house-number", 422 },
	{ "address-unknown", 422 },
	{ "tile-pending", 503 },
	{ "tile-unavailable", 503 },
	PROBLEM_END
};

static const struct schedule schedules[] = {
	{ "code-expire", EVERY(3600), .run = "code_expire" },
	{ "session-expire", EVERY(3600), .run = "session_expire" },
	{ "job-expire", EVERY(3600), .run = "job_expire" },
	{ "theme-files-expire", EVERY(3600), .run = "theme_files_expire" },
	{ "basemap-expire", EVERY(3600), .run = "basemap_expire" },
	{ "mail-expire", EVERY(3600), .run = "mail_expire" },
	{ "mail-thread-expire", EVERY(3600), .run = "mail_thread_expire" },
	SCHEDULE_END
};

static const struct personal_data personal_data[] = {
	{ .table = "account", .what = "keyed hash of the e-mail address",
	  .why = "functions that a city does not offer anonymously",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "until the last device leaves the account",
	  .erase = "account_erase" },
	{ .table = "device", .what = "keyed hash of the device's token",
	  .why = "telling own reports and bookings from others'",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "until the device is removed" },
	{ .table = "job", .what = "address that a code goes to; feedback on "
	  "accessibility, with an address if one is given",
	  .why = "sending the mail", .basis = "Art. 6 (1) e DSGVO",
	  .controller = CONTROLLER_CITY,
	  .keep = "sealed to the courier until the mail went out, {days} days "
	  "if it cannot", .days = 30, .erase = "job_erase" },
	{ .table = "idempotency", .what = "answers to requests that may be "
	  "repeated", .why = "doing nothing twice",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "{days} days", .days = 2, .erase = "idempotency_expire" },
	SIGN_IN_PERSONAL_DATA
	{ .table = "staff", .what = "name, e-mail address, roles",
	  .why = "access to the office", .basis = "§ 18 DSG NRW",
	  .controller = CONTROLLER_CITY,
	  .keep = "until {days} days after the person has left",
	  .days = 90, .erase = "staff_erase" },
	{ .table = "audit", .what = "which member of staff read or changed "
	  "what, by numbers", .why = "accountability",
	  .basis = "Art. 5 (2) DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "{days} days", .days = 730 },
	{ .table = "mail_received",
	  .what = "keyed hash of the address that a mail came from",
	  .why = "taking each mail once, bounding masses of them",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "the address two days, the mail's hash 400 days" },
	{ .table = "mail_thread",
	  .what = "keyed hash of the address that a mail went to",
	  .why = "finding what an answer is about",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "400 days after the last mail" },
	PERSONAL_DATA_END
};

static const char *const permissions[] = { STAFF_MANAGE, AUDIT_READ_RIGHT, NULL };

static const struct subject subjects[] = {
	{ "/staff/{id}", "staff", .table = "staff", .name = "name",
	    .screen = "staff" },
	SUBJECT_END
};

const struct plugin base_plugin = {
	PLUGIN_HEADER("", "1.0"),
	.routes = routes,
	.mounts = mounts,
	.problems = problems,
	.schedules = schedules,
	.personal_data = personal_data,
	.permissions = permissions,
	.subjects = subjects,
};
