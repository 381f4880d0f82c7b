/* who_metrics.h - what a monitor reads: servers in the text format of
 * Prometheus, version 0.0.4.
 *
 * Names and labels are a contract with dashboards and stand in chat-who(1). */
#ifndef TOOLS_WHO_METRICS_H
#define TOOLS_WHO_METRICS_H

#include "tools/who_view.h"

#include <stdio.h>

/* All metrics of all living servers; of a stale one only that it is not up. */
void who_metrics_print(const struct who_view *views, size_t n, FILE *out);

#endif
