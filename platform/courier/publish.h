/* SPDX-License-Identifier: EUPL-1.2 */
/* Brings what stands in a tenant's files into the database. */
#ifndef COURIER_PUBLISH_H
#define COURIER_PUBLISH_H

#include "courier/part.h"

/*
 * Reads the tenant's files and publishes them if they are good and differ
 * from what is published; otherwise the published stays and the findings
 * are kept in tenant.config_errors. STATUS_NOT_FOUND: it is not registered
 * (which was logged). STATUS_INVALID: the files are bad (logged). STATUS_IO:
 * the pictures could not be drawn now.
 */
enum status	publish_tenant(struct part *part, const char *slug);

#endif
