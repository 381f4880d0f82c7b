/* fuzz_who.c - what chat-who shows of a table that somebody has damaged:
 * tools/who_view, tools/who_report, tools/who_table, tools/who_json,
 * tools/who_metrics, tools/who_select, tools/who_dump, tools/who_index.
 *
 * The input is that of mapping.h.  What holds:
 * - a view is made of safe text and of times that can be reckoned with, of no
 *   more rows than there are slots;
 * - all that prints it prints safe lines, as many as there must be;
 * - it can always be told as JSON. */
#include "tests/fuzz.h"
#include "tests/mapping.h"

#include "ipc/text.h"
#include "tools/who_dump.h"
#include "tools/who_json.h"
#include "tools/who_metrics.h"
#include "tools/who_report.h"
#include "tools/who_select.h"
#include "tools/who_table.h"
#include "tools/who_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Looks at all of the table that one input may have. */
#define MAX_LOOKS 4

static bool
is_shown_safely(const char *s, size_t size)
{
	return memchr(s, '\0', size) != NULL && text_is_safe(s, strlen(s));
}

static void
check_view(const struct who_view *v, uint32_t n_slots)
{
	FUZZ_HOLDS(is_shown_safely(v->instance, sizeof v->instance));
	FUZZ_HOLDS(is_shown_safely(v->run_dir, sizeof v->run_dir));
	FUZZ_HOLDS(is_shown_safely(v->holder.name, sizeof v->holder.name));
	FUZZ_HOLDS(v->n_listeners <= MAX_LISTENERS);
	for (uint32_t i = 0; i < v->n_listeners; i++)
		FUZZ_HOLDS(
		    is_shown_safely(v->listeners[i], sizeof v->listeners[i]));
	FUZZ_HOLDS(v->n_rows + v->n_connecting <= n_slots);
	FUZZ_HOLDS(v->started_at >= 0 && v->started_at <= v->taken_at);
	for (size_t i = 0; i < v->n_rows; i++) {
		const struct who_row *row = &v->rows[i];

		FUZZ_HOLDS(row->ref.slot < n_slots);
		FUZZ_HOLDS(is_shown_safely(row->name, sizeof row->name));
		FUZZ_HOLDS(is_shown_safely(row->from, sizeof row->from));
		FUZZ_HOLDS(is_shown_safely(row->away, sizeof row->away));
		FUZZ_HOLDS(
		    row->joined_at >= 0 && row->joined_at <= v->taken_at);
		FUZZ_HOLDS(
		    row->active_at >= 0 && row->active_at <= v->taken_at);
		FUZZ_HOLDS(row->state == WHO_HERE ||
			   row->state == WHO_STOPPED ||
			   row->state == WHO_UNREADABLE);
	}
}

static void
check_reports(const struct who_view *v)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	FUZZ_HOLDS(out != NULL);
	who_report_names(v, out);
	FUZZ_HOLDS(fflush(out) == 0 && fuzz_safe_lines(text, len) == v->n_rows);
	FUZZ_HOLDS(who_report_users(v, &who_user_columns_watch, 60, out) == 0);
	FUZZ_HOLDS(who_report_users(
		       v, &who_user_columns_usual, WHO_ANY_WIDTH, out) == 0);
	FUZZ_HOLDS(who_report_servers(v, 1, 40, out) == 0);
	who_report_stale(v, out);
	who_metrics_print(v, 1, out);
	FUZZ_HOLDS(fclose(out) == 0 && fuzz_safe_lines(text, len) > v->n_rows);
	free(text);
}

static void
check_json(json_t *json)
{
	char *text = json == NULL ? NULL : json_dumps(json, JSON_COMPACT);

	FUZZ_HOLDS(text != NULL && text_is_safe(text, strlen(text)));
	free(text);
	json_decref(json);
}

/* Sorted by each column, then some left out: nobody is lost or comes twice. */
static void
check_selection(struct who_view *v, uint32_t n_slots)
{
	struct who_select select = { .is_sorted = true };
	size_t n = v->n_rows;

	for (int i = 0; i < WHO_N_USER_COLUMNS; i++) {
		select.key = (enum who_user_column)i;
		select.is_reversed = !select.is_reversed;
		who_select_apply(&select, v);
		FUZZ_HOLDS(v->n_rows == n);
	}
	FUZZ_HOLDS(who_select_name(&select, "[!a]*?"));
	who_select_apply(&select, v);
	FUZZ_HOLDS(who_view_n_users(v) == n);
	check_view(v, n_slots);
	who_select_free(&select);
}

static void
check_views(const struct mapping *m)
{
	struct who_view view;

	FUZZ_HOLDS(who_view_copy(m->dir, &view) == 0);
	check_view(&view, m->n_slots);
	FUZZ_HOLDS(!view.is_live);
	/* As of a living server, whose users would be shown. */
	view.is_live = true;
	check_reports(&view);
	check_json(who_json_server(&view));
	check_json(who_json_servers(&view, 1, true));
	check_json(who_json_counters(&view));
	check_selection(&view, m->n_slots);
	who_view_free(&view);
}

static void
check_dump(const struct mapping *m)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	FUZZ_HOLDS(out != NULL);
	FUZZ_HOLDS(who_dump_print(m->dir, out) == 0);
	FUZZ_HOLDS(
	    fclose(out) == 0 && fuzz_safe_lines(text, len) > DIR_N_COUNTERS);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	struct mapping m = { 0 };
	int n_looks = 0;

	if (!mapping_open(&m, &in))
		return 0;
	do {
		check_views(&m);
		check_dump(&m);
	} while (++n_looks < MAX_LOOKS && mapping_change(&m, &in));
	mapping_close(&m);
	return 0;
}
