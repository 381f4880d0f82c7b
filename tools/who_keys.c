/* who_keys.c - what keys do to a watch: sort it, scroll it, choose its users,
 * help, quit. */
#include "tools/who_keys.h"

#include "tools/who_input.h"

/* A key, and whether who looks for something there wants the most of it on top:
 * the most of a name is nothing to look for. */
static const struct {
	char key;
	bool most_first;
} sort_keys[WHO_N_USER_COLUMNS] = {
	[WHO_USER_name] = { 'n', false },
	[WHO_USER_pid] = { 'p', false },
	[WHO_USER_slot] = { 'o', false },
	[WHO_USER_from] = { 'f', false },
	[WHO_USER_joined] = { 'j', false },
	[WHO_USER_idle] = { 'i', true },
	[WHO_USER_said] = { 's', true },
	[WHO_USER_rate] = { 'l', true },
	[WHO_USER_queued] = { 'b', true },
	[WHO_USER_state] = { 't', true },
};

char
who_key_of(enum who_user_column column)
{
	return sort_keys[column].key;
}

static void
sort_by_key(struct who_select *select, int key)
{
	for (int i = 0; i < WHO_N_USER_COLUMNS; i++)
		if (sort_keys[i].key == key) {
			select->is_sorted = true;
			select->key = (enum who_user_column)i;
			select->is_reversed = sort_keys[i].most_first;
		}
}

/* Nothing was asked for yet: that is the order of joining. */
static void
turn_round(struct who_select *select)
{
	if (!select->is_sorted)
		select->key = WHO_USER_joined;
	select->is_sorted = true;
	select->is_reversed = !select->is_reversed;
}

static bool
choose(struct who_select *select, const char *pattern)
{
	if (pattern[0] != '\0')
		return who_select_name(select, pattern);
	who_select_any_name(select);
	return true;
}

/* What is refused stays, to be put right. */
static void
answer(struct who_prompt *prompt, struct who_select *select, int key)
{
	if (!who_prompt_press(prompt, key))
		return;
	prompt->is_refused = !choose(select, prompt->text);
	prompt->is_open = prompt->is_refused;
}

/* Any key takes the help away, and does what it does besides. */
bool
who_keys_press(struct who_keys *keys, struct who_select *select, int key)
{
	bool is_help = key == 'h' || key == '?';

	if (keys->prompt.is_open) {
		answer(&keys->prompt, select, key);
		return true;
	}
	keys->is_help_shown = is_help && !keys->is_help_shown;
	if (key == 'r')
		turn_round(select);
	else if (key == '/' && keys->are_users_shown)
		who_prompt_open(&keys->prompt);
	else if (!who_scroll_press(&keys->scroll, key))
		sort_by_key(select, key);
	return key != 'q' && key != WHO_KEY_INTERRUPT;
}

/* Half of them beside the other half, so that all of the help has room on a
 * terminal of 24 lines. */
static void
put_sort_keys(FILE *out)
{
	enum { N_LINES = (WHO_N_USER_COLUMNS + 1) / 2 };

	for (int i = 0; i < N_LINES; i++) {
		(void)fprintf(out, "  %c             %-10s", sort_keys[i].key,
		    who_user_column_name((enum who_user_column)i));
		if (i + N_LINES < WHO_N_USER_COLUMNS)
			(void)fprintf(out, "%c  %s", sort_keys[i + N_LINES].key,
			    who_user_column_name(
				(enum who_user_column)(i + N_LINES)));
		(void)fputc('\n', out);
	}
}

void
who_keys_help(bool are_users_shown, FILE *out)
{
	(void)fputs("\n"
		    "  q             quit\n"
		    "  space, Enter  look again at once\n"
		    "  Up, Down      scroll by a row, "
		    "PageUp and PageDown by a page\n"
		    "  Home, End     scroll to the first, to the last\n"
		    "  h, ?          this help, or away with it\n",
	    out);
	if (!are_users_shown)
		return;
	(void)fputs("  /             show only names like a pattern, "
		    "or all again without one\n"
		    "  r             turn the order round\n"
		    "\n"
		    "Sort by\n",
	    out);
	put_sort_keys(out);
}
