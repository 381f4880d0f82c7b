/* who_json.h - what a program reads: a view or a list of servers as JSON.
 *
 * The keys are a contract with scripts and stand in chat-who(1).  What is not
 * known is null.  The caller owns what is returned; NULL when there is no
 * memory. */
#ifndef TOOLS_WHO_JSON_H
#define TOOLS_WHO_JSON_H

#include "tools/who_view.h"

#include <jansson.h>

/* Everything about one server. */
json_t *who_json_server(const struct who_view *view);

/* What it has counted, without its users. */
json_t *who_json_counters(const struct who_view *view);

/* An object whose `instances` are servers without their users; with what they
 * have counted or without. */
json_t *who_json_servers(
    const struct who_view *views, size_t n, bool with_counters);

#endif
