/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The defect reporter: a citizen says what is broken and where, staff
 * release it, the public map shows what became of it.
 */

#include "hooks.h"
#include "open311.h"

#define PHOTO_MAX	(10 * 1024 * 1024)
#define PHOTOS_PER_HOUR	200	/* of a device: a refused one frees its place */
#define PHOTO_TYPES	"image/jpeg, image/png, image/webp"

static const struct route routes[] = {
	{ POST, "/reports", CITIZEN, .body = report_fields,
	    .check = report_check, .prepare = report_prepare,
	    .run = "report_create", .created = true,
	    .says = "Send a report; it is public once staff released it." },
	{ GET, "/reports", PUBLIC, .query = report_filter,
	    .run = "report_list", .cache = "reports",
	    .says = "Released reports, newest first." },
	{ GET, "/reports/nearby", PUBLIC, .query = nearby_query,
	    .prepare = nearby_prepare, .run = "report_nearby",
	    .says = "Released open reports around a position, nearest first." },
	{ GET, "/reports/mine", DEVICE, .run = "report_mine",
	    .says = "What this device sent, released or not, newest first." },
	{ GET, "/reports/mine/{id}", DEVICE, .run = "report_mine_show",
	    .says = "One report of this device with its whole story." },
	{ GET, "/reports/supported", DEVICE, .run = "report_supported",
	    .says = "Reports that this device or its account supports." },
	{ POST, "/reports/{id}/support", CITIZEN, .query = support_query,
	    .prepare = support_prepare, .run = "report_support",
	    .created = true, .changes = "reports",
	    .says = "Say that one is affected too; counts once." },
	{ DELETE, "/reports/{id}/support", DEVICE, .run = "report_unsupport",
	    .changes = "reports", .says = "Take that back." },
	{ GET, "/reports/{id}", PUBLIC, .run = "report_show",
	    .cache = "reports",
	    .says = "A released report with its public answers and photos." },
	{ POST, "/reports/{id}/photos", CITIZEN, .query = photo_query,
	    .accepts = PHOTO_TYPES, .limit = PHOTO_MAX,
	    .per_hour = PHOTOS_PER_HOUR,
	    .prepare = photo_prepare, .run = "photo_create", .created = true,
	    .slow = true,
	    .says = "Add a photo to one's own open report." },
	{ GET, "/reports/{id}/photos/{photo}", PUBLIC, .run = "photo_show",
	    .cache = "reports", .slow = true, .says = "A released photo, JPEG." },
	{ GET, "/reports/{id}/photos/{photo}/thumbnail", PUBLIC,
	    .run = "photo_thumbnail", .cache = "reports",
	    .says = "A released photo's thumbnail, JPEG." },
	{ GET, "/map.geojson", PUBLIC, .query = map_filter, .run = "map",
	    .media_type = "application/geo+json", .cache = "reports",
	    .slow = true,
	    .says = "All released reports as GeoJSON points." },

	{ GET, "/reports", OFFICE("reports.read"), .query = office_filter,
	    .run = "office_list", .says = "All reports, newest first." },
	{ GET, "/reports/{id}", OFFICE("reports.read"), .run = "office_show",
	    .says = "A report with contact, photos and whole history." },
	{ GET, "/reports/{id}/photos/{photo}", OFFICE("reports.read"),
	    .run = "office_photo", .slow = true, .says = "A photo, released or not." },
	{ POST, "/reports/{id}/release", OFFICE("reports.release"),
	    .body = release_fields, .run = "report_release",
	    .changes = "reports", .says = "Publish a report's text." },
	{ POST, "/reports/{id}/reject", OFFICE("reports.release"),
	    .body = reject_fields, .prepare = reject_prepare,
	    .run = "report_reject", .changes = "reports",
	    .says = "Do not publish a report, or withdraw it." },
	{ POST, "/reports/{id}/photos/{photo}/release",
	    OFFICE("reports.release"), .run = "photo_release",
	    .changes = "reports", .says = "Publish a photo." },
	{ POST, "/reports/{id}/photos/{photo}/reject",
	    OFFICE("reports.release"), .run = "photo_reject",
	    .changes = "reports",
	    .says = "Do not publish a photo, or withdraw it." },
	{ POST, "/reports/{id}/remarks/{remark}/release",
	    OFFICE("reports.release"), .run = "remark_release",
	    .changes = "reports",
	    .says = "Publish what other software said of a report." },
	{ POST, "/reports/{id}/remarks/{remark}/reject",
	    OFFICE("reports.release"), .run = "remark_reject",
	    .changes = "reports", .says = "Do not publish it, or withdraw it." },
	{ POST, "/reports/{id}/status", OFFICE("reports.work"),
	    .body = status_fields, .prepare = status_prepare,
	    .run = "report_status", .changes = "reports",
	    .says = "Change the status as the city's graph allows." },
	{ POST, "/reports/{id}/answers", OFFICE("reports.work"),
	    .body = answer_fields, .run = "report_answer", .created = true,
	    .changes = "reports", .says = "Answer publicly." },
	{ POST, "/reports/{id}/forward", OFFICE("reports.forward"),
	    .body = forward_fields, .prepare = forward_prepare,
	    .run = "report_forward", .created = true, .changes = "reports",
	    .says = "Hand a released report to an outside body by mail." },
	ROUTE_END
};

static const struct problem problems[] = {
	{ "emergency", 422 },
	{ "outside-city", 422 },
	{ "position-swapped", 422 },
	{ "not-an-image", 415 },
	{ "truncated", 422 },
	{ "damaged", 422 },
	{ "too-many-pixels", 422 },
	{ "trailing-data", 422 },
	{ "not-own-report", 403 },
	{ "own-report", 409 },
	{ "report-closed", 409 },
	{ "too-many-photos", 409 },
	{ "service-unknown", 404 },
	{ "photo-not-ready", 409 },
	{ "transition", 409 },
	{ "changed-meanwhile", 409 },
	{ "not-released", 409 },
	PROBLEM_END
};

static const struct schedule schedules[] = {
	{ "contact-erase", DAILY_AT(3, 20), .run = "contact_erase" },
	{ "photo-erase", DAILY_AT(3, 25), .run = "photo_erase" },
	{ "duration-measure", DAILY_AT(3, 30), .run = "duration_measure",
	    .changes = "reports" },
	SCHEDULE_END
};

static const struct personal_data personal_data[] = {
	{ .table = "submission",
	  .what = "name, e-mail, telephone of the sender, if given",
	  .why = "asking back about a report",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "until contact_keep_days (90) after closing" },
	{ .table = "submission",
	  .what = "text and answers as sent",
	  .why = "working on the report",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "as long as the report" },
	{ .table = "report",
	  .what = "number of the device that sent it",
	  .why = "showing one's own reports on that device",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "until the device is forgotten" },
	{ .table = "support",
	  .what = "number of the device, and of its account, that supports a "
	  "report",
	  .why = "counting each once, telling how it goes on",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "until it is taken back or the device is forgotten" },
	{ .table = "photo",
	  .what = "what a photo may happen to show",
	  .why = "working on the report",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "as long as the report; 30 days when it is not published" },
	{ .table = "remark",
	  .what = "what was said of a report by other software",
	  .why = "working on the report",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "as long as the report" },
	{ .table = "event",
	  .what = "which member of staff did what",
	  .why = "accountability",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_CITY,
	  .keep = "as long as the report" },
	PERSONAL_DATA_END
};

static const char *const permissions[] = {
	"reports.read", "reports.release", "reports.work", "reports.forward",
	"open311.requests", "open311.updates", NULL
};

PLUGIN_EXPORT const struct plugin plugin = {
	PLUGIN_HEADER("defect-reporter", "1.0"),
	.settings = settings_fields,
	.check = settings_check,
	.routes = routes,
	.problems = problems,
	.schedules = schedules,
	.personal_data = personal_data,
	.permissions = permissions,
	.mounts = open311_mounts,
};
