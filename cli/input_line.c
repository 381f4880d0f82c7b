/* input_line.c - the line being typed, as it stands on the screen.
 *
 * The difficult cases are all about height: a line that fills several rows, one
 * that fills more than there are, one of which nobody can tell (row.h), and a
 * window that changes under it.  Nothing here reads; keys are term.c's and
 * keyboard.c's. */
#include "cli/input_line.h"

#include "cli/buffer.h"
#include "cli/row.h"
#include "ipc/text.h"

#include <stdio.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

/* In a window that is narrower there is nothing to be seen, and readline 8.2,
 * which scrolls by a third of the width, divides by zero. */
#define COLUMNS_MIN 4

struct place {
	int row, column;
};

static struct {
	/* not to be drawn, whatever readline thinks: lines are being written
	 * where it belongs */
	bool is_hidden;
	/* not to be drawn now, as the terminal has yet to take what was; and
	 * what has therefore been left undone */
	bool is_held;
	bool is_stale;
	bool is_resized;
	/* what the bell is when it is not held */
	char bell_style[16];
	/* it is on the screen, with its end there and the cursor in that row */
	bool is_drawn;
	struct place drawn_end;
	int drawn_row;
	/* drawn by row.c and not by readline */
	bool is_row;
	/* scrolled sideways instead of being folded */
	bool is_tall;
	/* Who always wants it scrolled sideways has it so. */
	bool is_always_tall;
} state;

static bool
can_erase(void)
{
	return rl_get_termcap("ce") != NULL;
}

/* Where the next character goes behind the prompt and the first `len` bytes of
 * the line, in a window of this many columns. */
static struct place
place_behind(int len, int columns)
{
	const char *s = rl_line_buffer, *end = s + len;
	size_t row = columns > 0 ? (size_t)columns : 1;
	size_t width = text_width(rl_prompt, strlen(rl_prompt));
	size_t rows = 0;

	while (s < end) {
		const char *lf = memchr(s, '\n', (size_t)(end - s));
		size_t piece = (size_t)((lf != NULL ? lf : end) - s);

		width += text_width(s, piece);
		s += piece;
		if (lf != NULL) {
			rows += width / row + 1;
			width = 0;
			s++;
		}
	}
	return (struct place){ (int)(rows + width / row), (int)(width % row) };
}

/* A terminal that cannot erase keeps what it has. */
static void
erase(void)
{
	if (state.is_row)
		(void)fputs("\r\033[K", rl_outstream);
	else if (can_erase())
		(void)rl_clear_visible_line();
	else
		(void)rl_crlf();
}

/* The Linux console has given combining characters a column of their own,
 * before Linux 6.16. */
static bool
may_marks_be_wide(void)
{
	return strcmp(rl_terminal_name, "linux") == 0;
}

static void
draw_row(int columns)
{
	struct buffer row = { 0 };

	row_draw(&row, rl_display_prompt, rl_line_buffer, (size_t)rl_end,
	    (size_t)rl_point, (size_t)columns);
	(void)fwrite(buffer_data(&row), 1, buffer_len(&row), rl_outstream);
	buffer_free(&row);
}

/* Draw in another way from now on, where nothing is drawn yet. */
static void
change_way(bool is_row, bool is_tall)
{
	if (is_row == state.is_row && is_tall == state.is_tall)
		return;
	if (state.is_drawn)
		erase();
	state.is_row = is_row;
	state.is_tall = is_tall;
	(void)rl_variable_bind(
	    "horizontal-scroll-mode", is_tall ? "on" : "off");
	(void)rl_on_new_line();
}

/* rl_redisplay_function.  A line that is taller than the screen cannot be taken
 * off it again, and leaves no place for the conversation: past half the screen
 * it is scrolled sideways in one row. */
static void
redisplay(void)
{
	int lines, columns;
	struct place end;

	rl_get_screen_size(&lines, &columns);
	state.is_stale = state.is_held;
	if (state.is_hidden || state.is_held || columns < COLUMNS_MIN)
		return;
	end = place_behind(rl_end, columns);
	change_way(can_erase() && row_is_needed(rl_line_buffer, (size_t)rl_end,
				      may_marks_be_wide()),
	    state.is_always_tall || end.row > lines / 2);
	if (state.is_row)
		draw_row(columns);
	else
		rl_redisplay();
	state.is_drawn = true;
	state.drawn_end = end;
	state.drawn_row = place_behind(rl_point, columns).row;
}

void
input_line_init(void)
{
	state.is_always_tall =
	    strcmp(rl_variable_value("horizontal-scroll-mode"), "on") == 0;
	state.is_tall = state.is_always_tall;
	rl_redisplay_function = redisplay;
}

/* The window had another size when the line was drawn.  Some terminals have by
 * now folded the line anew and others have cut it, and none says which.  So go
 * up by the fewer rows: a piece of the line may stay behind, but nothing that
 * was said is wiped out.  (readline goes up by the rows of the old width.) */
static void
erase_resized(int columns)
{
	int rows = place_behind(rl_point, columns).row;

	if (state.drawn_row < rows)
		rows = state.drawn_row;
	if (rows > 0 && !state.is_tall && !state.is_row)
		(void)fprintf(rl_outstream, "\033[%dA", rows);
	(void)fputs("\r\033[J", rl_outstream);
}

void
input_line_suspend(void)
{
	int lines, old_columns, columns;

	state.is_stale = state.is_resized = false;
	/* The window may have changed and its signal not have come yet. */
	rl_get_screen_size(&lines, &old_columns);
	rl_reset_screen_size();
	rl_get_screen_size(&lines, &columns);
	if (!state.is_drawn)
		return;
	if (columns == old_columns || !can_erase())
		erase();
	else
		erase_resized(columns);
	state.is_drawn = false;
}

void
input_line_resume(void)
{
	rl_reset_screen_size();
	if (state.is_hidden)
		return;
	/* If nobody had the terminal the line still stands there. */
	if (can_erase())
		(void)fputs("\r\033[J", rl_outstream);
	else
		(void)rl_crlf();
	(void)rl_forced_update_display();
}

void
input_line_hide(void)
{
	input_line_suspend();
	state.is_hidden = true;
}

void
input_line_show(void)
{
	state.is_hidden = false;
	(void)rl_forced_update_display();
}

void
input_line_resize(void)
{
	state.is_resized = state.is_held;
	if (state.is_held)
		return;
	input_line_suspend();
	(void)rl_forced_update_display();
}

/* readline rings on standard error, which waits. */
static void
set_bell(bool is_on)
{
	if (!is_on)
		(void)snprintf(state.bell_style, sizeof state.bell_style, "%s",
		    rl_variable_value("bell-style"));
	(void)rl_variable_bind("bell-style", is_on ? state.bell_style : "none");
}

void
input_line_hold(bool is_held)
{
	state.is_held = is_held;
	set_bell(!is_held);
	if (!is_held && state.is_resized)
		input_line_resize();
	else if (!is_held && state.is_stale)
		redisplay();
}

void
input_line_withdraw(void)
{
	struct place end = state.drawn_end;
	int rows = 1;

	/* A line that fills its last row has the next one already. */
	if (!state.is_tall)
		rows = end.row + (end.row == 0 || end.column > 0);
	/* readline has drawn nothing, and stays where it is. */
	if (state.is_row)
		erase();
	else if (state.is_drawn && can_erase())
		(void)fprintf(rl_outstream, "\033[%dA\r\033[J", rows);
	state.is_drawn = false;
}

void
input_line_reset(void)
{
	/* What readline put aside when history was entered.  When it did not,
	 * asking for it rings the bell. */
	(void)rl_maybe_save_line();
	(void)rl_maybe_unsave_line();
	rl_replace_line("", 1);
	rl_point = rl_mark = 0;
	using_history();
}

bool
input_line_put_back(const char *text)
{
	if (rl_end > 0 ||
	    RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NUMERICARG) != 0)
		return false;
	rl_replace_line(text, 1);
	rl_point = rl_end;
	return true;
}

bool
input_line_interrupt(void)
{
	bool is_counting = RL_ISSTATE(RL_STATE_NUMERICARG) != 0;
	bool was_busy =
	    rl_end > 0 || is_counting || RL_ISSTATE(RL_STATE_ISEARCH) != 0;

	/* readline's own cleaning leaves the count in place of the prompt. */
	if (is_counting) {
		rl_restore_prompt();
		RL_UNSETSTATE(RL_STATE_NUMERICARG);
	}
	rl_callback_sigcleanup();
	/* Before the line's state: what can be undone is freed with that, and
	 * the line that was put aside may have the same list. */
	input_line_reset();
	rl_free_line_state();
	/* The kernel may have thrown away what was on its way to the terminal.
	 */
	input_line_suspend();
	(void)rl_forced_update_display();
	return was_busy;
}
