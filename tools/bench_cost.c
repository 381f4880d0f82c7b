/* bench_cost.c - CPU time and memory of processes; see the header.
 *
 * The times in /proc/PID/stat are rounded to ticks of 10 ms, which is much for
 * one of a thousand processes; the CPU clock of a process is exact and counts
 * its ended threads.  Only ended children are taken from stat: there they are
 * one sum. */
#include "tools/bench_cost.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define NS_PER_S UINT64_C(1000000000)

struct process {
	pid_t pid, parent;
	uint64_t ended_children_ns;
	bool is_ours;
};

struct table {
	struct process *rows;
	size_t n, max;
};

/* Reading /proc ----------------------------------------------------------- */

/* The file's beginning as a string; false when it cannot be read. */
static bool
read_file(const char *path, char *out, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t n;

	if (file == NULL)
		return false;
	n = fread(out, 1, size - 1, file);
	out[n] = '\0';
	(void)fclose(file);
	return n > 0;
}

static uint64_t
ticks_to_ns(unsigned long long ticks)
{
	return ticks * (NS_PER_S / (uint64_t)sysconf(_SC_CLK_TCK));
}

static bool
read_process(pid_t pid, struct process *out)
{
	char path[48], text[1024];
	const char *rest;
	unsigned long long user, system;
	int parent;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	if (!read_file(path, text, sizeof text))
		return false;
	/* The name in parentheses may hold anything. */
	rest = strrchr(text, ')');
	if (rest == NULL ||
	    sscanf(rest,
		") %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u "
		"%llu %llu",
		&parent, &user, &system) != 3)
		return false;
	*out = (struct process){
		.pid = pid,
		.parent = (pid_t)parent,
		.ended_children_ns = ticks_to_ns(user + system),
	};
	return true;
}

static void
add(struct table *table, const struct process *process)
{
	if (table->n == table->max) {
		table->max = table->max == 0 ? 1024 : table->max * 2;
		table->rows =
		    reallocarray(table->rows, table->max, sizeof *table->rows);
		if (table->rows == NULL)
			abort();
	}
	table->rows[table->n++] = *process;
}

static void
read_all(struct table *table)
{
	DIR *dir = opendir("/proc");
	const struct dirent *entry;
	struct process process;

	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    read_process(
			(pid_t)strtol(entry->d_name, NULL, 10), &process))
			add(table, &process);
	closedir(dir);
}

/* Who belongs to the server ----------------------------------------------- */

static int
by_pid(const void *a, const void *b)
{
	const struct process *p = a, *q = b;

	return (p->pid > q->pid) - (p->pid < q->pid);
}

static struct process *
find(const struct table *table, pid_t pid)
{
	const struct process key = { .pid = pid };

	return table->n == 0
		   ? NULL
		   : bsearch(&key, table->rows, table->n, sizeof key, by_pid);
}

/* Returns how many were found to be. */
static size_t
mark_children(const struct table *table)
{
	size_t n_marked = 0;

	for (size_t i = 0; i < table->n; i++) {
		const struct process *parent =
		    find(table, table->rows[i].parent);

		if (table->rows[i].is_ours || parent == NULL ||
		    !parent->is_ours)
			continue;
		table->rows[i].is_ours = true;
		n_marked++;
	}
	return n_marked;
}

/* All processes, those of the server marked. */
static struct table
look(const struct bench_server *server)
{
	struct table table = { 0 };

	read_all(&table);
	if (table.n > 0)
		qsort(table.rows, table.n, sizeof *table.rows, by_pid);
	for (size_t i = 0; i < server->n_pids; i++) {
		struct process *process = find(&table, server->pids[i]);

		if (process != NULL)
			process->is_ours = true;
	}
	while (mark_children(&table) > 0)
		;
	return table;
}

/* CPU time ---------------------------------------------------------------- */

static uint64_t
to_ns(const struct timespec *time)
{
	return (uint64_t)time->tv_sec * NS_PER_S + (uint64_t)time->tv_nsec;
}

static uint64_t
process_cpu_ns(pid_t pid)
{
	struct timespec time;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0 ||
	    clock_gettime(clock, &time) == -1)
		return 0;
	return to_ns(&time);
}

uint64_t
bench_cost_cpu_ns(const struct bench_server *server)
{
	struct table table = look(server);
	uint64_t sum = 0;

	for (size_t i = 0; i < table.n; i++)
		if (table.rows[i].is_ours)
			sum += process_cpu_ns(table.rows[i].pid) +
			       table.rows[i].ended_children_ns;
	free(table.rows);
	return sum;
}

struct bench_own
bench_cost_own(void)
{
	struct bench_own own = { 0 };
	struct timespec time;
	char text[128];
	uint64_t waited;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0)
		own.cpu_ns = to_ns(&time);
	if (read_file("/proc/self/schedstat", text, sizeof text) &&
	    sscanf(text, "%*u %" SCNu64, &waited) == 1)
		own.waited_ns = waited;
	return own;
}

/* Memory ------------------------------------------------------------------ */

/* The number behind `key` at the beginning of a line. */
static bool
find_number(const char *text, const char *key, uint64_t *out)
{
	const char *at = strstr(text, key);

	return at != NULL && sscanf(at + strlen(key), "%" SCNu64, out) == 1;
}

static bool
read_pss(const char *path, uint64_t *kib_out)
{
	char text[2048];

	return read_file(path, text, sizeof text) &&
	       find_number(text, "\nPss:", kib_out);
}

/* A process that has ended meanwhile has none. */
static int
add_pss(pid_t pid, struct bench_memory *memory)
{
	char path[48];
	uint64_t kib;

	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
	if (!read_pss(path, &kib))
		return errno == EACCES || errno == EPERM ? -1 : 0;
	memory->pss_kib += kib;
	memory->n_processes++;
	return 0;
}

int
bench_cost_memory(const struct bench_server *server, struct bench_memory *out)
{
	struct table table = look(server);
	char text[2048];
	int result = 0;

	*out = (struct bench_memory){ 0 };
	for (size_t i = 0; i < table.n && result == 0; i++)
		if (table.rows[i].is_ours)
			result = add_pss(table.rows[i].pid, out);
	free(table.rows);
	if (read_file("/proc/meminfo", text, sizeof text))
		(void)find_number(text, "\nMemAvailable:", &out->available_kib);
	return result;
}

uint64_t
bench_cost_own_pss_kib(void)
{
	uint64_t kib = 0;

	(void)read_pss("/proc/self/smaps_rollup", &kib);
	return kib;
}
