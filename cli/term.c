/* term.c - the terminal: readline, held to what chat needs of it.
 *
 * readline would like to be the whole program; here it is a line editor that is
 * handed bytes.  It installs no signal handlers (signals.c, modes.c), it waits
 * neither for keys (keyboard.c) nor for the terminal (drawing.c), and Enter
 * does not end its line with a line feed: the text vanishes, and comes back as
 * the server's echo.  State is at file scope because readline's is. */
#include "cli/term.h"

#include "cli/buffer.h"
#include "cli/cluster_keys.h"
#include "cli/drawing.h"
#include "cli/input_line.h"
#include "cli/keyboard.h"
#include "cli/modes.h"
#include "cli/output.h"
#include "cli/paste.h"
#include "cli/prompt.h"
#include "cli/tab.h"

#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#define HISTORY_LINES 1000

static struct {
	struct term_user user;
	bool is_started;
	/* ^D on an empty line */
	bool has_ended;
	/* the terminal takes nothing now */
	bool is_held;
	/* what comes is no typing */
	bool is_pasting;
	char prompt[PROMPT_BYTES];
	/* what a key other than Enter has ended, and cannot be sent */
	char *untaken;
} term;

/* Keys of our own -------------------------------------------------------- */

static void
remember(const char *text)
{
	const HIST_ENTRY *last = history_get(history_base + history_length - 1);

	if (last == NULL || strcmp(last->line, text) != 0)
		add_history(text);
}

/* Whether the text is taken off the input line. */
static bool
say(const char *text)
{
	/* readline makes an Enter of a hang-up in the midst of a line. */
	if (keyboard_has_ended() || text[0] == '\0')
		return true;
	if (!term.user.enter(term.user.arg, text))
		return false;
	remember(text);
	return true;
}

/* The Linux console hands a paste over as if it were typed, and so does
 * screen(1) with its own.  Nobody presses Enter so often between two looks at
 * the keys. */
static bool
is_amid_paste(void)
{
	if (keyboard_n_enters() >= PASTE_LINES)
		term.is_pasting = term.user.takes_lines(term.user.arg);
	if (term.is_pasting)
		term.is_pasting = keyboard_is_followed();
	return term.is_pasting;
}

static int
enter(int count, int key)
{
	(void)count;
	(void)key;
	if (is_amid_paste())
		return rl_insert_text("\n") == 1 ? 0 : 1;
	if (!say(rl_line_buffer))
		return rl_ding();
	input_line_reset();
	if (rl_editing_mode == 0)
		(void)rl_vi_insertion_mode(1, 0);
	return 0;
}

/* Beginning -------------------------------------------------------------- */

static bool
is_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void
bind_key(int key, rl_command_func_t *function)
{
	(void)rl_bind_key_in_map(key, function, emacs_standard_keymap);
	(void)rl_bind_key_in_map(key, function, vi_insertion_keymap);
}

/* After the person's inputrc, whose choices stay except where they would break
 * what is promised. */
static void
bind_keys(void)
{
	bind_key('\r', enter);
	bind_key('\n', enter);
	(void)rl_bind_key_in_map('\r', enter, vi_movement_keymap);
	(void)rl_bind_key_in_map('\n', enter, vi_movement_keymap);
	tab_init(&term.user);
}

bool
term_init(const struct term_user *user, bool *is_fallback_out)
{
	term.user = *user;
	*is_fallback_out = !is_utf8();
	/* readline looks at the environment again, past setlocale. */
	if (*is_fallback_out && setenv("LC_ALL", "C.UTF-8", 1) == 0)
		(void)setlocale(LC_ALL, "");
	rl_outstream = drawing_open();

	rl_readline_name = "chat";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	rl_change_environment = 0;
	rl_getc_function = keyboard_take;
	rl_input_available_hook = keyboard_is_available;
	(void)rl_set_keyboard_input_timeout(0);
	stifle_history(HISTORY_LINES);
	/* A default, unlike the above: the person's inputrc may differ. */
	(void)rl_variable_bind("show-all-if-unmodified", "on");
	rl_initialize();
	bind_keys();
	modes_init();
	input_line_init();
	(void)atexit(term_close);
	return is_utf8();
}

/* A key has ended the line in readline's own way: ^D on an empty one, or the
 * terminal is gone (NULL); else one that inputrc binds to accept-line, or that
 * has it in it, as Ctrl-O has.  To chat that is an Enter. */
static void
on_line(char *line)
{
	if (line == NULL) {
		term.has_ended = true;
		return;
	}
	input_line_withdraw();
	if (say(line))
		free(line);
	else
		term.untaken = line;
}

/* readline has begun another line behind on_line's back. */
static void
put_back_untaken(void)
{
	if (term.untaken == NULL)
		return;
	rl_replace_line(term.untaken, 1);
	rl_point = rl_end;
	rl_redisplay_function();
	(void)rl_ding();
	free(term.untaken);
	term.untaken = NULL;
}

static void
start(const char *prompt)
{
	term.is_started = true;
	(void)snprintf(term.prompt, sizeof term.prompt, "%s", prompt);
	rl_callback_handler_install(term.prompt, on_line);
	/* Which key erases it has learnt from the terminal.  Not again: that
	 * would undo ours. */
	(void)rl_variable_bind("bind-tty-special-chars", "off");
	cluster_keys_init();
}

/* In use ----------------------------------------------------------------- */

static void
hold(bool is_held)
{
	if (is_held == term.is_held)
		return;
	term.is_held = is_held;
	modes_keep_output(is_held);
	input_line_hold(is_held);
}

void
term_read(void)
{
	if (!term.is_started || !keyboard_fill())
		return;
	/* What is typed behind a ^C is not for the line that it clears. */
	if (keyboard_is_interrupted())
		return;
	/* Who has stopped the screen may type on. */
	if (!output_is_ready())
		hold(true);
	while (keyboard_has_keys() && !term_has_ended() &&
	       term.user.wants_keys(term.user.arg)) {
		rl_callback_read_char();
		put_back_untaken();
	}
}

bool
term_has_keys(void)
{
	return term.is_started && keyboard_has_keys();
}

bool
term_has_ended(void)
{
	return term.has_ended || keyboard_has_ended();
}

void
term_hide(void)
{
	if (term.is_started)
		input_line_hide();
}

void
term_print(struct buffer *lines)
{
	(void)fwrite(buffer_data(lines), 1, buffer_len(lines), rl_outstream);
	buffer_drop(lines, buffer_len(lines));
}

void
term_show(const char *prompt)
{
	if (prompt[0] == '\0') {
		term_stop();
	} else if (!term.is_started) {
		start(prompt);
	} else {
		if (strcmp(term.prompt, prompt) != 0) {
			(void)snprintf(
			    term.prompt, sizeof term.prompt, "%s", prompt);
			(void)rl_set_prompt(term.prompt);
		}
		input_line_show();
	}
}

bool
term_write(void)
{
	bool has_failed = drawing_write() == -1;

	if (!has_failed && !drawing_is_waiting()) {
		/* This draws what was left out meanwhile. */
		hold(false);
		has_failed = drawing_write() == -1;
	}
	hold(drawing_is_waiting());
	return !has_failed;
}

bool
term_is_behind(void)
{
	return drawing_is_waiting();
}

bool
term_has_line(void)
{
	return term.is_started;
}

void
term_complete(void)
{
	if (term.is_started)
		tab_complete();
}

void
term_put_back(const char *text)
{
	if (!term.is_started || !input_line_put_back(text))
		remember(text);
}

bool
term_clear_line(void)
{
	return term.is_started && input_line_interrupt();
}

int
term_columns(void)
{
	int lines, columns;

	rl_get_screen_size(&lines, &columns);
	return columns;
}

bool
term_can_clear(void)
{
	return rl_get_termcap("cl") != NULL;
}

void
term_resize(void)
{
	if (term.is_started)
		input_line_resize();
}

/* Giving back and taking again ------------------------------------------- */

void
term_stop(void)
{
	if (!term.is_started)
		return;
	term.is_started = false;
	input_line_suspend();
	rl_callback_handler_remove();
}

void
term_close(void)
{
	term_stop();
	drawing_finish();
}

/* What was done to the terminal meanwhile is unknown, also to its size. */
void
term_resume(void)
{
	if (!term.is_started)
		return;
	modes_await_foreground();
	modes_give();
	modes_take(1);
	modes_keep_output(term.is_held);
	input_line_resume();
}

void
term_suspend(void)
{
	const struct timespec no_time = { 0 };
	sigset_t stop, go_on;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigemptyset(&go_on);
	sigaddset(&go_on, SIGCONT);
	input_line_suspend();
	modes_give();
	drawing_finish();
	/* The signal itself came by descriptor and stopped nothing. */
	(void)raise(SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &stop, NULL);
	(void)sigprocmask(SIG_BLOCK, &stop, NULL);
	/* What ended the stop has nothing more to tell. */
	(void)sigtimedwait(&go_on, NULL, &no_time);
	term_resume();
}
