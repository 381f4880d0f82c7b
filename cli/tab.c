/* tab.c - the key Tab: names and commands completed, by readline's completion.
 *
 * What fits is complete.c's to say; here is what readline has to be kept from:
 * file names, and asking questions of its own.  State is at file scope because
 * readline's is. */
#include "cli/tab.h"

#include "cli/buffer.h"
#include "cli/complete.h"
#include "cli/keyboard.h"

#include <stdbool.h>

#include <readline/readline.h>

static struct {
	const struct term_user *user;
	/* what Tab would do but for us */
	rl_command_func_t *function;
	/* when it found names wanting, in keys taken; 0 is never */
	unsigned long wanting_at;
	struct completion completion;
} tab;

static int
press(int count, int key)
{
	if (!tab.user->may_complete(tab.user->arg)) {
		tab.wanting_at = keyboard_n_taken();
		return 0;
	}
	/* A second Tab in a row lists what a first could not decide; readline
	 * knows it by the function that ran last. */
	if (rl_last_func == press)
		rl_last_func = tab.function;
	return tab.function(count, key);
}

void
tab_complete(void)
{
	if (tab.wanting_at == 0 || tab.wanting_at != keyboard_n_taken())
		return;
	tab.wanting_at = 0;
	(void)rl_complete_internal('\t');
	rl_redisplay_function();
}

static char *
next_candidate(const char *text, int state)
{
	(void)text;
	(void)state;
	return completion_next(&tab.completion);
}

static char **
find_candidates(const char *text, int start, int end)
{
	/* No file names after ours. */
	rl_attempted_completion_over = 1;
	completion_begin(&tab.completion, tab.user->people, rl_line_buffer,
	    (size_t)start, (size_t)end);
	return rl_completion_matches(text, next_candidate);
}

/* rl_completion_display_matches_hook: readline's own list asks questions and
 * pages, waiting for keys meanwhile.  matches[0] is what all have in common. */
static void
list_candidates(char **matches, int n, int longest)
{
	struct buffer b = { 0 };

	(void)longest;
	completion_list(&b, matches + 1, (size_t)n);
	buffer_append(&b, "", 1);
	if (!b.failed)
		tab.user->candidates(tab.user->arg, buffer_data(&b));
	buffer_free(&b);
}

/* What the person has chosen, as menu-complete, unless it is a text or the
 * beginning of other keys, of which readline returns no function. */
static rl_command_func_t *
find_function(void)
{
	int type;
	rl_command_func_t *function = rl_function_of_keyseq("\t", NULL, &type);

	return function == NULL || type != ISFUNC || function == rl_insert
		   ? rl_complete
		   : function;
}

void
tab_init(const struct term_user *user)
{
	tab.user = user;
	tab.function = find_function();
	(void)rl_bind_key_in_map('\t', press, emacs_standard_keymap);
	(void)rl_bind_key_in_map('\t', press, vi_insertion_keymap);
	rl_completer_word_break_characters = " ";
	rl_attempted_completion_function = find_candidates;
	rl_completion_display_matches_hook = list_candidates;
	(void)rl_variable_bind("completion-ignore-case", "on");
}
