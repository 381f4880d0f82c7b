/* who_find.c - which servers there are to look at, and why not.
 *
 * A run directory names the instances and its owner's uid completes the names
 * of their directories in shared memory.  Looking inside is who_view.c. */
#include "tools/who_find.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
who_find_place(const char *path, struct who_place *out, FILE *why)
{
	enum run_dir_result result;

	memset(out, 0, sizeof *out);
	if (path == NULL)
		run_dir_default(out->path, sizeof out->path);
	else
		(void)snprintf(out->path, sizeof out->path, "%s", path);
	result = run_dir_open(path == NULL ? out->path : path, &out->run_dir);
	out->exists = result == RUN_DIR_OK;
	if (out->exists)
		return true;
	out->run_dir.uid = geteuid();
	if (result == RUN_DIR_FAILED && errno == ENOENT)
		return true;
	(void)fprintf(why, "chat-who: cannot use run directory %s: %s\n",
	    out->path, run_dir_result_text(result));
	return false;
}

/* Reasons ---------------------------------------------------------------- */

static void
say_whose(const char *what, uid_t uid, FILE *why)
{
	const struct passwd *owner = getpwuid(uid);

	if (owner != NULL)
		(void)fprintf(
		    why, "chat-who: %s belongs to %s: ", what, owner->pw_name);
	else
		(void)fprintf(why, "chat-who: %s belongs to user %u: ", what,
		    (unsigned)uid);
	(void)fputs("ask that user or root to look at it\n", why);
}

static void
say_why_not(enum dir_open_result result, const char *instance,
    const struct who_place *place, FILE *why)
{
	char what[INSTANCE_MAX_BYTES + sizeof "instance "];
	char shm_name[INSTANCE_SHM_BYTES];

	snprintf(what, sizeof what, "instance %s", instance);
	instance_shm_name(shm_name, place->run_dir.uid, instance);
	if (result == DIR_OPEN_VERSION)
		(void)fprintf(why,
		    "chat-who: %s is of another version of chatd; look at it "
		    "with the chat-who of that version\n",
		    what);
	else if (result == DIR_OPEN_FOREIGN)
		(void)fprintf(why,
		    "chat-who: /dev/shm%s is not a directory that chatd made "
		    "for %s\n",
		    shm_name, what);
	else if (errno == ENOENT)
		(void)fprintf(why, "chat-who: no server runs as %s\n", what);
	else if (errno == EACCES)
		say_whose(what, place->run_dir.uid, why);
	else
		(void)fprintf(why, "chat-who: cannot look at %s: %s\n", what,
		    strerror(errno));
}

/* One server ------------------------------------------------------------- */

static enum dir_open_result
take(const struct who_place *place, const char *instance, struct who_view *out)
{
	char shm_name[INSTANCE_SHM_BYTES];

	instance_shm_name(shm_name, place->run_dir.uid, instance);
	return who_view_take(shm_name, place->run_dir.uid, out);
}

bool
who_find_server(const struct who_place *place, const char *instance,
    struct who_view *view_out, FILE *why)
{
	enum dir_open_result result = take(place, instance, view_out);

	if (result != DIR_OPENED)
		say_why_not(result, instance, place, why);
	return result == DIR_OPENED;
}

bool
who_find_directory(const struct who_place *place, const char *instance,
    struct directory **dir_out, FILE *why)
{
	char shm_name[INSTANCE_SHM_BYTES];
	enum dir_open_result result;

	instance_shm_name(shm_name, place->run_dir.uid, instance);
	result = directory_open(shm_name, place->run_dir.uid, dir_out);
	if (result != DIR_OPENED)
		say_why_not(result, instance, place, why);
	return result == DIR_OPENED;
}

/* All servers ------------------------------------------------------------ */

struct search {
	const struct who_place *place;
	struct who_servers *found;
	FILE *why;
};

static bool
make_room(struct who_servers *servers)
{
	struct who_view *views;

	views = reallocarray(servers->views, servers->n + 1, sizeof *views);
	if (views == NULL)
		return false;
	servers->views = views;
	return true;
}

static bool
add_instance(const char *instance, void *arg)
{
	struct search *search = arg;
	struct who_servers *found = search->found;
	enum dir_open_result result;

	if (!make_room(found)) {
		(void)fprintf(search->why, "chat-who: out of memory\n");
		return false;
	}
	result = take(search->place, instance, &found->views[found->n]);
	if (result == DIR_OPENED)
		found->n_live += found->views[found->n++].is_live;
	/* A folder without a directory in shared memory is no instance. */
	else if (result != DIR_OPEN_FAILED || errno != ENOENT)
		say_why_not(result, instance, search->place, search->why);
	return true;
}

static int
by_instance(const void *a, const void *b)
{
	const struct who_view *x = a, *y = b;

	return strcmp(x->instance, y->instance);
}

bool
who_find_servers(
    const struct who_place *place, struct who_servers *out, FILE *why)
{
	struct search search = { place, out, why };

	memset(out, 0, sizeof *out);
	if (!place->exists)
		return true;
	if (instance_each(&place->run_dir, add_instance, &search) == -1) {
		if (errno == EACCES)
			say_whose(place->path, place->run_dir.uid, why);
		else
			(void)fprintf(why, "chat-who: cannot read %s: %s\n",
			    place->path, strerror(errno));
		return false;
	}
	if (out->n > 1)
		qsort(out->views, out->n, sizeof *out->views, by_instance);
	return true;
}

void
who_servers_free(struct who_servers *servers)
{
	for (size_t i = 0; i < servers->n; i++)
		who_view_free(&servers->views[i]);
	free(servers->views);
	*servers = (struct who_servers){ 0 };
}
