/* who_keys.h - what keys do to a watch: sort it, scroll it, choose its
 * users, help, quit.
 *
 * Pure; who reads them is who_watch.c.  The keys stand in chat-who(1). */
#ifndef TOOLS_WHO_KEYS_H
#define TOOLS_WHO_KEYS_H

#include "tools/who_prompt.h"
#include "tools/who_scroll.h"
#include "tools/who_select.h"

#include <stdbool.h>
#include <stdio.h>

struct who_keys {
	/* the last look showed users, of whom some can be chosen */
	bool are_users_shown;
	/* the help stands where the table would */
	bool is_help_shown;
	struct who_scroll scroll;
	/* while it is open, all keys are its own */
	struct who_prompt prompt;
};

/* The key that sorts by a column. */
char who_key_of(enum who_user_column column);

/* A key of who_input.h; returns false for the one that quits. */
bool who_keys_press(struct who_keys *keys, struct who_select *select, int key);

/* The help: which keys there are, where there are users to sort or not. */
void who_keys_help(bool are_users_shown, FILE *out);

#endif
