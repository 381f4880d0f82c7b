/* harness_condition.c - counting descriptors, memory, children and files. */
#include "tests/harness_condition.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>

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
condition_private_kib(pid_t pid)
{
	char path[64], line[256];
	unsigned long kib = 0;
	FILE *status;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	status = fopen(path, "re");
	if (status == NULL)
		return 0;
	while (fgets(line, sizeof line, status) != NULL)
		if (sscanf(line, "RssAnon: %lu", &kib) == 1)
			break;
	fclose(status);
	return kib;
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

void
condition_is_as_before(const struct server *s, const struct condition *before)
{
	struct condition now = condition_of(s);

	cr_assert_eq(now.n_descriptors, before->n_descriptors);
	cr_assert_eq(now.n_children, before->n_children);
	cr_assert_eq(now.n_files, before->n_files);
	/* AddressSanitizer keeps what was freed. */
	if (TEST_SLOWNESS == 1)
		cr_assert_leq(now.private_kib,
		    before->private_kib + MEMORY_SLACK_KIB, "%lu KiB, then %lu",
		    before->private_kib, now.private_kib);
}
