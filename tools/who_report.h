/* who_report.h - what a person reads: a view or a list of servers as text.
 *
 * Pure: text out of values.  Only the time zone comes from the environment. */
#ifndef TOOLS_WHO_REPORT_H
#define TOOLS_WHO_REPORT_H

#include "tools/who_select.h"
#include "tools/who_users.h"
#include "tools/who_view.h"

#include <stdio.h>

/* The living server's title line, what is unusual about it, and the table of
 * its users, for a terminal `width` columns wide (or WHO_ANY_WIDTH).  -1 when
 * memory ran out. */
int who_report_users(const struct who_view *view,
    const struct who_user_columns *columns, size_t width, FILE *out);

/* The title line, what is under way, what has happened so far and in the last
 * second, how the users below are sorted, and which of them are shown. */
void who_report_header(
    const struct who_view *view, const struct who_select *select, FILE *out);

/* The title line, and a table of what the server has counted, group by group,
 * of what has never happened too: so many rows below their titles. */
#define WHO_REPORT_N_COUNTER_ROWS (DIR_N_GROUPS + DIR_N_COUNTERS)
int who_report_counters(const struct who_view *view, size_t width, FILE *out);

/* The names alone, one a line. */
void who_report_names(const struct who_view *view, FILE *out);

/* One row for each living server. */
int who_report_servers(
    const struct who_view *views, size_t n, size_t width, FILE *out);

/* The sentence about a view that is not live. */
void who_report_stale(const struct who_view *view, FILE *out);

#endif
