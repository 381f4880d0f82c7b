/* line_protocol.h - events as a client of the line protocol sees them.
 *
 *	* text			a notice
 *	alice: text		said to everyone
 *	[alice -> bob] text	private
 *	! text			the last line was refused, and why
 *
 * The first character tells the kind, since no name can begin with one of the
 * marks.  The other way, from lines to requests, is session.c. */
#ifndef SRV_LINE_PROTOCOL_H
#define SRV_LINE_PROTOCOL_H

#include "srv/event.h"
#include "srv/outbuf.h"

#include <stdbool.h>

/* Append the line of `event`.  An overflow is remembered by the buffer. */
void line_protocol_put(struct outbuf *out, const struct event *event);

/* Whether "* name TEXT" would read as a notice of the server, so that /me must
 * not say it. */
bool line_protocol_mimics_notice(struct span text);

#endif
