/* cluster_keys.c - the arrow keys, Backspace and Delete, which take what is
 * seen as one character for one.
 *
 * Where that is what readline does anyway, readline does it. */
#include "cli/cluster_keys.h"

#include "cli/cluster.h"
#include "cli/row.h"

#include <stdbool.h>
#include <stdlib.h>

#include <readline/readline.h>

/* Whether readline would go only part of the way. */
static bool
is_several(size_t start, size_t end)
{
	return row_is_needed(rl_line_buffer + start, end - start, false);
}

static bool
is_several_before(int *start_out)
{
	size_t start;

	if (rl_point == 0)
		return false;
	start = cluster_before(rl_line_buffer, (size_t)rl_point);
	*start_out = (int)start;
	return is_several(start, (size_t)rl_point);
}

static bool
is_several_behind(int *end_out)
{
	size_t point = (size_t)rl_point, end;

	if (rl_point == rl_end)
		return false;
	end =
	    point + cluster_len(rl_line_buffer + point, (size_t)rl_end - point);
	*end_out = (int)end;
	return is_several(point, end);
}

static int
backward(int count, int key)
{
	int start;

	if (count != 1 || !is_several_before(&start))
		return rl_backward_char(count, key);
	rl_point = start;
	return 0;
}

static int
forward(int count, int key)
{
	int end;

	if (count != 1 || !is_several_behind(&end))
		return rl_forward_char(count, key);
	rl_point = end;
	return 0;
}

static int
delete_before(int count, int key)
{
	int start;

	if (count != 1 || !is_several_before(&start))
		return rl_rubout(count, key);
	(void)rl_delete_text(start, rl_point);
	rl_point = start;
	return 0;
}

static int
delete_behind(int count, int key)
{
	int end;

	if (count != 1 || !is_several_behind(&end))
		return rl_delete(count, key);
	(void)rl_delete_text(rl_point, end);
	return 0;
}

static void
replace(rl_command_func_t *theirs, rl_command_func_t *ours, Keymap map)
{
	char **keys = rl_invoking_keyseqs_in_map(theirs, map);

	for (size_t i = 0; keys != NULL && keys[i] != NULL; i++) {
		(void)rl_bind_keyseq_in_map(keys[i], ours, map);
		free(keys[i]);
	}
	free(keys);
}

void
cluster_keys_init(void)
{
	const Keymap maps[] = { emacs_standard_keymap, vi_insertion_keymap };

	for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
		replace(rl_backward_char, backward, maps[i]);
		replace(rl_forward_char, forward, maps[i]);
		replace(rl_rubout, delete_before, maps[i]);
		replace(rl_delete, delete_behind, maps[i]);
	}
}
