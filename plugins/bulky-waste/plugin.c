/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Bulky waste: a citizen books a pick-up for an address, the waste company
 * sees what is to be fetched where on a day.
 */

#include "hooks.h"

#define TOPIC	"days"

static const struct route routes[] = {
	{ GET, "/catalogue", PUBLIC, .answer = catalogue_answer,
	    .cache = "catalogue", .says = "What is collected and what is not, "
	    "districts, limits and fees." },
	{ POST, "/address", PUBLIC, .body = place_fields,
	    .run = "address_show", .per_hour = 300,
	    .says = "Whether an address is there, and its district." },
	{ GET, "/districts/{district}/days", PUBLIC,
	    .path_fields = district_path,
	    .run = "day_list", .cache = TOPIC, .seconds = 300,
	    .says = "A district's days and how many pick-ups are free." },
	{ POST, "/quote", DEVICE, .body = quote_fields,
	    .check = quote_check, .prepare = quote_prepare,
	    .run = "quote_show", .per_hour = 300,
	    .says = "What a pick-up would cost, and what is left free." },
	{ POST, "/bookings", CITIZEN, .body = booking_fields,
	    .check = booking_check, .prepare = booking_prepare,
	    .run = "booking_create", .created = true, .changes = TOPIC,
	    .says = "Book a pick-up." },
	{ GET, "/bookings", DEVICE, .run = "booking_list",
	    .says = "One's own bookings, the latest day first." },
	{ GET, "/bookings/{id}", DEVICE, .run = "booking_show",
	    .says = "One of one's own bookings." },
	{ GET, "/bookings/{id}/calendar", DEVICE, .formats = "ics",
	    .run = "booking_calendar", .answer = calendar_answer,
	    .media_type = "text/calendar",
	    .says = "It as a calendar file (RFC 5545)." },
	{ PATCH, "/bookings/{id}", DEVICE, .body = change_booking_fields,
	    .check = change_check, .prepare = change_prepare,
	    .run = "booking_change", .changes = TOPIC,
	    .says = "Move it or change its things, until its deadline." },
	{ POST, "/bookings/{id}/cancel", DEVICE, .body = cancel_fields,
	    .run = "booking_cancel", .changes = TOPIC,
	    .says = "Cancel it, until its deadline." },

	{ GET, "/districts", OFFICE("bookings.read"), .run = "district_list",
	    .says = "The districts that the caller may see." },
	{ GET, "/plan", OFFICE("bookings.read"), .query = plan_query,
	    .run = "plan_list", .reads = "household", .says = "The stops of a "
	    "day in their order, with names and notes." },
	{ GET, "/days", OFFICE("bookings.read"), .query = days_query,
	    .run = "office_days", .says = "Days with capacity, bookings, and "
	    "why they are closed." },
	{ GET, "/bookings", OFFICE("bookings.read"), .query = search_query,
	    .prepare = search_prepare, .run = "office_search",
	    .reads = "address",
	    .says = "Bookings by number or street, the latest day first." },
	{ GET, "/bookings.csv", OFFICE("bookings.read"), .query = days_query,
	    .run = "booking_csv", .reads = "contact", .says = "What is to be "
	    "fetched, as a file for the company's own system." },
	{ GET, "/bookings/{id}", OFFICE("bookings.read"),
	    .run = "office_show", .reads = "contact",
	    .says = "A booking with household and contact." },
	{ POST, "/bookings/{id}/cancel", OFFICE("bookings.write"),
	    .body = reason_fields, .run = "office_cancel", .changes = TOPIC,
	    .says = "Cancel it, and tell by mail." },
	{ PUT, "/days/{district}/{day}", OFFICE("plan.write"),
	    .path_fields = day_path,
	    .body = day_fields, .run = "day_put", .changes = TOPIC,
	    .says = "Set a day's capacity, close or open it." },
	{ POST, "/days/{district}/{day}/cancel", OFFICE("plan.write"),
	    .path_fields = day_path,
	    .body = reason_fields, .run = "day_cancel", .created = true,
	    .changes = TOPIC, .says = "Close a day, cancel all that is booked "
	    "on it, and tell everybody by mail." },
	{ PUT, "/days/{district}/{day}/order", OFFICE("plan.write"),
	    .path_fields = day_path,
	    .body = order_fields, .run = "order_put",
	    .says = "Put the stops of a day into an order of one's own." },
	ROUTE_END
};

static const struct problem problems[] = {
	{ "outside-city", 422 },
	{ "not-collected", 422 },
	{ "not-accepted", 422 },
	{ "over-limit", 422 },
	{ "too-many-devices", 422 },
	{ "day-outside", 422 },
	{ "day-other", 422 },
	{ "day-closed", 409 },
	{ "day-full", 409 },
	{ "no-express", 422 },
	{ "free-used", 409 },
	{ "free-used-fee", 409 },
	{ "fee-differs", 409 },
	{ "too-late", 409 },
	{ "cancelled-before", 409 },
	{ "changed-meanwhile", 409 },
	PROBLEM_END
};

static const struct schedule schedules[] = {
	{ "day-erase", DAILY_AT(3, 45), .run = "day_erase" },
	SCHEDULE_END
};

static const struct personal_data personal_data[] = {
	{ .table = "booking",
	  .what = "name, note for the crew, e-mail, telephone",
	  .why = "collecting, confirming, asking back, invoicing",
	  .basis = "Art. 6 (1) b DSGVO", .controller = CONTROLLER_WASTE,
	  .keep = "{days} days after the pick-up",
	  .days_from = "contact_keep_days", .erase = "contact_erase" },
	{ .table = "booking",
	  .what = "address, day and things of a pick-up",
	  .why = "planning the tour, counting free pick-ups",
	  .basis = "Art. 6 (1) b and e DSGVO",
	  .controller = CONTROLLER_WASTE,
	  .keep = "{days} days after the pick-up",
	  .days_from = "booking_keep_days", .erase = "booking_erase" },
	{ .table = "booking",
	  .what = "number of the device, and of its account, that booked",
	  .why = "showing one's own bookings on that device",
	  .basis = "Art. 6 (1) b DSGVO", .controller = CONTROLLER_WASTE,
	  .keep = "until the device is forgotten" },
	{ .table = "allowance",
	  .what = "how many free pick-ups an address has used in a year",
	  .why = "giving none twice",
	  .basis = "Art. 6 (1) e DSGVO", .controller = CONTROLLER_WASTE,
	  .keep = "{days} days after the end of the year",
	  .days = 365, .erase = "allowance_erase" },
	PERSONAL_DATA_END
};

static const char *const permissions[] = {
	"bookings.read", "bookings.write", "plan.write", NULL
};

static const struct subject subjects[] = {
	{ "/bookings/{id}", "booking", .table = "booking", .name = "number",
	    .screen = "search" },
	{ "/days/{district}/{day}", "day" },
	SUBJECT_END
};

PLUGIN_EXPORT const struct plugin plugin = {
	PLUGIN_HEADER("bulky-waste", "1.0"),
	.settings = settings_fields,
	.check = settings_check,
	.routes = routes,
	.problems = problems,
	.schedules = schedules,
	.personal_data = personal_data,
	.permissions = permissions,
	.subjects = subjects,
};
