/* who_show.h - what a look has found, in the form that was asked for: one
 * server, several, or none.  Where help stands, its table does not. */
#ifndef TOOLS_WHO_SHOW_H
#define TOOLS_WHO_SHOW_H

#include "tools/who_find.h"
#include "tools/who_keys.h"
#include "tools/who_options.h"
#include "tools/who_rates.h"
#include "tools/who_view.h"
#include "tools/who_watch.h"

#include <stdio.h>
#include <sysexits.h>

/* What has come of it; also the exit status. */
enum who_outcome {
	/* a server was shown, which lives unless it was dumped */
	WHO_LIVE = 0,
	/* no living server, or none to be shown */
	WHO_NOT_LIVE = 1,
	/* the command line is wrong, or does not say which server */
	WHO_MISUSED = EX_USAGE,
	/* no memory, or nowhere to write to */
	WHO_BROKEN = EX_OSERR,
};

/* A look, or one of those of a watch. */
struct who_look {
	struct who_options options;
	struct who_size size;
	FILE *out, *why;
	/* which of what was written to `out` can be scrolled */
	struct who_rows rows;
	/* what earlier looks saw, while watching */
	struct who_rates rates;
	/* which users, taken over from the options, until a key says
	 * otherwise */
	struct who_select select;
	struct who_keys keys;
	/* the only one there was, to be kept to while watching */
	char instance[INSTANCE_MAX_BYTES + 1];
};

/* One server, living or stale.  Takes from the view's users who are not to be
 * shown. */
enum who_outcome who_show_server(struct who_look *look, struct who_view *view);

/* Where no server lives: that, and which are stale. */
enum who_outcome who_show_none(const struct who_look *look,
    const struct who_place *place, const struct who_servers *servers);

/* All of them, where at least one lives. */
enum who_outcome who_show_several(
    struct who_look *look, const struct who_servers *servers);

#endif
