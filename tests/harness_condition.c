/* harness_condition.c - counting descriptors, memory, children and files. */
#include "tests/harness_condition.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Some pages of the allocator's, whatever happened in between. */
#define MEMORY_SLACK_KIB 256
#define MAX_CHILDREN 4096

static unsigned
count_entries(const char *path)
{
	DIR *dir = opendir(path);
	unsigned n = 0;

	cr_assert_not_null(dir, "%s", path);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n - 2;
}

unsigned long
condition_number(pid_t pid, const char *file, const char *word)
{
	char path[64], line[256];
	size_t len = strlen(word);
	unsigned long n = 0;
	FILE *stream;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	stream = fopen(path, "re");
	if (stream == NULL)
		return 0;
	while (fgets(line, sizeof line, stream) != NULL)
		if (strncmp(line, word, len) == 0) {
			n = strtoul(line + len, NULL, 10);
			break;
		}
	fclose(stream);
	return n;
}

unsigned long
condition_private_kib(pid_t pid)
{
	return condition_number(pid, "status", "RssAnon:");
}

unsigned long
condition_own_kib(pid_t pid)
{
	return condition_number(pid, "smaps_rollup", "Private_Dirty:");
}

struct condition
condition_of(const struct server *s)
{
	static pid_t pids[MAX_CHILDREN];
	char path[TEST_PATH_BYTES * 2];
	struct condition now;

	snprintf(path, sizeof path, "/proc/%d/fd", (int)s->pid);
	now.n_descriptors = count_entries(path);
	now.private_kib = condition_private_kib(s->pid);
	now.n_children = (unsigned)server_children(s, pids, MAX_CHILDREN);
	snprintf(path, sizeof path, "%s/%s", s->run_dir, s->instance);
	now.n_files = count_entries(path);
	return now;
}

struct comparison {
	const struct server *server;
	const struct condition *before;
	struct condition now;
};

static bool
counts_are_as_before(void *arg)
{
	struct comparison *c = arg;

	c->now = condition_of(c->server);
	return c->now.n_descriptors == c->before->n_descriptors &&
	       c->now.n_children == c->before->n_children &&
	       c->now.n_files == c->before->n_files;
}

void
condition_returns(const struct server *s, const struct condition *before)
{
	struct comparison c = { .server = s, .before = before };

	cr_assert(wait_until(counts_are_as_before, &c, PATIENCE_MS),
	    "%u descriptors, then %u; %u children, then %u; %u files, then %u",
	    before->n_descriptors, c.now.n_descriptors, before->n_children,
	    c.now.n_children, before->n_files, c.now.n_files);
	/* AddressSanitizer keeps what was freed. */
	if (TEST_SLOWNESS == 1)
		cr_assert_leq(c.now.private_kib,
		    before->private_kib + MEMORY_SLACK_KIB, "%lu KiB, then %lu",
		    before->private_kib, c.now.private_kib);
}
