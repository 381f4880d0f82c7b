/* who_draw.h - a frame of a watch, drawn on a screen over the one before it. */
#ifndef TOOLS_WHO_DRAW_H
#define TOOLS_WHO_DRAW_H

#include "tools/who_scroll.h"

#include <stddef.h>
#include <stdio.h>

/* Which of a text's lines can be scrolled: so many of the last ones, and what
 * they are called ("users").  Those above them stand still. */
struct who_rows {
	size_t n;
	const char *name;
};

struct who_text {
	char *bytes;
	size_t len;
};

/* What is to be drawn: what is wrong, the look below it, lines ended by LF, and
 * what is asked, which has no LF: the cursor stands behind it. */
struct who_drawing {
	struct who_text why, look, question;
	struct who_rows rows;
};

/* Draw it on a screen of `n_lines`, with as much of the rows as there is room
 * for; a line below them tells which these are, if they are not all.  The
 * screen's last line stays free for the question and the cursor. */
void who_draw(const struct who_drawing *drawing, size_t n_lines,
    struct who_scroll *scroll, FILE *out);

#endif
