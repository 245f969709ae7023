/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The process that watches the tenants' files. The kernel tells at once what
 * changed; once a minute, and when it lost count, everything is compared with
 * the sizes and times seen last. Only what changed is read.
 */

#include <sys/inotify.h>
#include <sys/stat.h>

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/log.h"
#include "core/tenant/tenant.h"
#include "core/theme/theme.h"
#include "courier/part.h"
#include "courier/publish.h"

#define SCAN_MS		60000
#define SETTLE_MS	50	/* editors touch a file several times */
#define SLICE		64	/* tenants read between two looks */
#define FOLDER_DEPTH	8

/* What editors do in the end, whether they write in place or rename. */
#define WATCH_MASK	(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |	\
			 IN_DELETE | IN_CREATE | IN_ONLYDIR)

struct watched {
	const char	*slug;
	uint64_t	 signature;	/* of its files; 0: never looked */
	int		 folder;	/* its inotify watch; -1: none */
	bool		 present;
	bool		 due;		/* to be read */
};

struct watch {
	struct part	*part;
	struct arena	*arena;		/* slugs, for good */
	int		 fd;
	size_t		 count;
	size_t		 cap;
	struct watched	*tenants;	/* sorted by slug */
	size_t		 next;		/* where reading goes on */
	int64_t		 scan_at;	/* milliseconds */
	int		 files;		/* inotify watch of tenants/ */
	uint64_t	 themes;	/* signature of all, and of the day */
};

static int64_t
now_ms(void)
{
	struct timespec	 now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return ((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
}

/* FNV-1a: what is compared is friendly, only collisions by chance count. */
static uint64_t
signature_add(uint64_t signature, const void *bytes, size_t len)
{
	const unsigned char	*at;

	for (at = bytes; len > 0; at++, len--)
		signature = (signature ^ *at) * 0x100000001b3u;
	return (signature);
}

static uint64_t
signature_file(uint64_t signature, const char *path)
{
	struct stat	 st;

	signature = signature_add(signature, path, strlen(path));
	if (stat(path, &st) == -1)
		return (signature);
	signature = signature_add(signature, &st.st_ino, sizeof(st.st_ino));
	signature = signature_add(signature, &st.st_size,
	    sizeof(st.st_size));
	return (signature_add(signature, &st.st_mtim, sizeof(st.st_mtim)));
}

/* All files of a folder and below; the order of readdir() does not count. */
static uint64_t
signature_folder(struct watch *watch, const char *path, unsigned int depth)
{
	const struct dirent	*entry;
	char			 name[PATH_MAX];
	uint64_t		 signature;
	DIR			*dir;

	if (depth == 0 || (dir = opendir(path)) == NULL)
		return (0);
	(void)inotify_add_watch(watch->fd, path, WATCH_MASK);
	signature = 1;
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(name, sizeof(name), "%s/%s", path,
		    entry->d_name);
		if (entry->d_type == DT_DIR)
			signature += signature_folder(watch, name, depth - 1);
		else
			signature += signature_file(0xcbf29ce484222325u,
			    name);
	}
	(void)closedir(dir);
	return (signature);
}

static int
watched_compare(const void *a, const void *b)
{
	const struct watched	*left, *right;

	left = a;
	right = b;
	return (strcmp(left->slug, right->slug));
}

static struct watched *
watched_find(struct watch *watch, const char *slug, size_t count)
{
	const struct watched	 key = { .slug = slug };

	if (count == 0)
		return (NULL);
	return (bsearch(&key, watch->tenants, count, sizeof(key),
	    watched_compare));
}

static enum status
watched_add(struct watch *watch, const char *slug)
{
	struct watched	*more;
	size_t		 cap;

	if (watch->count == watch->cap) {
		cap = watch->cap == 0 ? 64 : watch->cap * 2;
		more = realloc(watch->tenants, cap * sizeof(*more));
		if (more == NULL)
			return (STATUS_LIMIT);
		watch->tenants = more;
		watch->cap = cap;
	}
	memset(&watch->tenants[watch->count], 0, sizeof(*watch->tenants));
	watch->tenants[watch->count].folder = -1;
	watch->tenants[watch->count++].slug = arena_text(watch->arena, slug);
	return (STATUS_OK);
}

/* Whether anything differs for which the tenant has to be read again. */
static void
watched_look(struct watch *watch, struct watched *tenant)
{
	char		 path[PATH_MAX];
	const char	*home;
	uint64_t	 signature;

	home = watch->part->env->home;
	(void)snprintf(path, sizeof(path), "%s/tenants/%s.yaml", home,
	    tenant->slug);
	signature = signature_file(watch->themes | 1, path);
	(void)snprintf(path, sizeof(path), "%s/tenants/%s", home,
	    tenant->slug);
	tenant->folder = inotify_add_watch(watch->fd, path, WATCH_MASK);
	signature += signature_folder(watch, path, FOLDER_DEPTH);
	if (signature == tenant->signature)
		return;
	tenant->signature = signature;
	tenant->due = true;
}

static void
slugs_take(struct watch *watch, const char *const *slugs)
{
	struct watched	*tenant;
	size_t		 known, i;

	known = watch->count;
	for (i = 0; i < known; i++)
		watch->tenants[i].present = false;
	for (; *slugs != NULL; slugs++) {
		tenant = watched_find(watch, *slugs, known);
		if (tenant == NULL) {
			if (watched_add(watch, *slugs) != STATUS_OK)
				return;
			tenant = &watch->tenants[watch->count - 1];
		}
		tenant->present = true;
	}
	if (watch->count != 0)
		qsort(watch->tenants, watch->count, sizeof(*watch->tenants),
		    watched_compare);
}

static void
watch_scan(struct watch *watch)
{
	struct arena	*arena;
	char		 path[PATH_MAX], day[THEME_DAY];
	size_t		 i;

	/* First the watches, then the look: nothing falls between. */
	(void)snprintf(path, sizeof(path), "%s/tenants",
	    watch->part->env->home);
	watch->files = inotify_add_watch(watch->fd, path, WATCH_MASK);
	(void)snprintf(path, sizeof(path), "%s/themes",
	    watch->part->env->home);
	watch->themes = signature_folder(watch, path, FOLDER_DEPTH);
	/* Events begin and end with a day. */
	theme_day(time(NULL), day);
	watch->themes = signature_add(watch->themes, day, sizeof(day));
	arena = arena_new(0);
	slugs_take(watch, tenant_slugs(arena, watch->part->env->home));
	arena_free(arena);
	for (i = 0; i < watch->count; i++) {
		if (!watch->tenants[i].present &&
		    watch->tenants[i].signature != 0) {
			log_event(LOG_LEVEL_WARN, "a tenant's file is gone, "
			    "what is published stays", "tenant=%s",
			    watch->tenants[i].slug);
			watch->tenants[i].signature = 0;
		} else if (watch->tenants[i].present)
			watched_look(watch, &watch->tenants[i]);
	}
	watch->scan_at = now_ms() + SCAN_MS;
}

/* The tenant whose file or folder an event is about; NULL: look at all. */
static struct watched *
event_tenant(struct watch *watch, const struct inotify_event *event)
{
	char	 slug[NAME_MAX + 1];
	size_t	 i, len;

	if ((event->mask & (IN_Q_OVERFLOW | IN_DELETE | IN_MOVED_FROM |
	    IN_ISDIR | IN_IGNORED)) != 0)
		return (NULL);
	for (i = 0; event->wd != watch->files && i < watch->count; i++) {
		if (watch->tenants[i].folder == event->wd)
			return (&watch->tenants[i]);
	}
	len = event->len == 0 ? 0 : strlen(event->name);
	if (event->wd != watch->files || len <= 5 ||
	    strcmp(event->name + len - 5, ".yaml") != 0)
		return (NULL);
	(void)snprintf(slug, sizeof(slug), "%.*s", (int)(len - 5),
	    event->name);
	return (watched_find(watch, slug, watch->count));
}

static void
event_take(struct watch *watch, const struct inotify_event *event)
{
	struct watched	*tenant;

	/* What an editor writes before it renames. */
	if (event->len > 0 && event->name[0] == '.')
		return;
	tenant = event_tenant(watch, event);
	if (tenant != NULL)
		watched_look(watch, tenant);
	else
		watch->scan_at = 0;
}

static void
events_take(struct watch *watch)
{
	char				 events[16384]
	    __attribute__((aligned(__alignof__(struct inotify_event))));
	const struct inotify_event	*event;
	ssize_t				 len;
	size_t				 pos;

	while ((len = read(watch->fd, events, sizeof(events))) > 0) {
		for (pos = 0; pos < (size_t)len;
		    pos += sizeof(*event) + event->len) {
			event = (const void *)(events + pos);
			event_take(watch, event);
		}
	}
}

/* Some of what is due; whether anything is left. */
static bool
watch_publish(struct watch *watch)
{
	struct watched	*tenant;
	enum status	 status;
	size_t		 i, done;

	done = 0;
	for (i = 0; i < watch->count && done < SLICE; i++) {
		watch->next = (watch->next + 1) % watch->count;
		tenant = &watch->tenants[watch->next];
		if (!tenant->due)
			continue;
		status = publish_tenant(watch->part, tenant->slug);
		if (watch->part->lost)
			return (true);
		tenant->due = false;
		/* Unknown today, added tomorrow: it is looked at again. */
		if (status == STATUS_DATABASE || status == STATUS_IO)
			tenant->signature = 0;
		done++;
	}
	return (done == SLICE);
}

static void
watch_turn(struct watch *watch)
{
	int64_t	 wait;
	bool	 more;

	more = watch_publish(watch);
	if (watch->part->lost)
		return;
	wait = more ? 0 : watch->scan_at - now_ms();
	if (part_wait(watch->part, watch->fd, wait < 0 ? 0 : (int)wait)) {
		(void)poll(NULL, 0, SETTLE_MS);
		events_take(watch);
	}
	if (watch->scan_at <= now_ms())
		watch_scan(watch);
}

int
watch_run(struct part *part)
{
	struct watch	 watch = { .part = part, .files = -1 };

	watch.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch.fd == -1) {
		log_event(LOG_LEVEL_ERROR, "cannot watch files", "errno=%d",
		    errno);
		return (1);
	}
	watch.arena = arena_new(0);
	part->lost = true;
	while (!part_stop) {
		if (part->lost && part_connect(part, NULL) != STATUS_OK)
			break;
		watch_turn(&watch);
		part_signals();
	}
	free(watch.tenants);
	arena_free(watch.arena);
	(void)close(watch.fd);
	return (0);
}
