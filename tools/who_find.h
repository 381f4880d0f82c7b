/* who_find.h - which servers there are to look at, and why not.
 *
 * Reasons are sentences for a person, written to the `why` that is passed. */
#ifndef TOOLS_WHO_FIND_H
#define TOOLS_WHO_FIND_H

#include "ipc/instance.h"
#include "tools/who_view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Where servers are looked for. */
struct who_place {
	/* the run directory as it was asked for, or the user's own */
	char path[DIR_RUN_DIR_BYTES];
	/* whether there is one; if not, run_dir.uid is the user's own */
	bool exists;
	struct run_dir run_dir;
};

/* `path` NULL means the user's own.  Returns false, with a reason, when it is
 * there and cannot be a run directory. */
bool who_find_place(const char *path, struct who_place *out, FILE *why);

/* Take the view of one instance, living or stale.  Returns false, with a
 * reason, when there is none to be had; else free with who_view_free. */
bool who_find_server(const struct who_place *place, const char *instance,
    struct who_view *view_out, FILE *why);

/* Map the directory of one instance, living or stale.  Returns false, with a
 * reason, when there is none to be had; else close it with directory_close. */
bool who_find_directory(const struct who_place *place, const char *instance,
    struct directory **dir_out, FILE *why);

/* The views of all instances of a place, in the order of their names. */
struct who_servers {
	struct who_view *views;
	size_t n, n_live;
};

/* Returns false, with a reason, when the place cannot be read.  Instances that
 * cannot be read get a reason each and are left out.  The caller frees with
 * who_servers_free, also after false. */
bool who_find_servers(
    const struct who_place *place, struct who_servers *out, FILE *why);
void who_servers_free(struct who_servers *servers);

#endif
