/* keyboard.c - the bytes that standard input brings when it is a terminal.
 *
 * Reading them in blocks makes a long paste cheap.  State is at file scope
 * because readline's hooks have no place for it. */
#include "cli/keyboard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <readline/readline.h>

/* How often a paste that does not end looks for ^C and ^Z. */
#define PASTE_SLICE_MS 100

/* How far apart the pieces of a paste are that comes as if typed. */
#define PASTE_GAP_MS 20

static struct {
	/* as much as the kernel keeps of a terminal's input */
	unsigned char keys[4096];
	size_t at;
	size_t end;
	unsigned long n_taken;
	bool has_ended;
	/* within cut() */
	bool is_cut;
} keyboard;

static bool
is_readable(int timeout_ms)
{
	struct pollfd p = { STDIN_FILENO, POLLIN, 0 };

	return poll(&p, 1, timeout_ms) == 1;
}

bool
keyboard_has_keys(void)
{
	return keyboard.at < keyboard.end;
}

size_t
keyboard_n_enters(void)
{
	size_t n = 0;

	for (size_t i = keyboard.at; i < keyboard.end; i++)
		n += keyboard.keys[i] == '\r' || keyboard.keys[i] == '\n';
	return n;
}

bool
keyboard_is_followed(void)
{
	return keyboard_has_keys() || is_readable(PASTE_GAP_MS);
}

bool
keyboard_fill(void)
{
	ssize_t n;

	/* Whoever saw that there are keys may have been stopped since (^Z), and
	 * the shell has read them. */
	if (keyboard_has_keys() || !is_readable(0))
		return true;
	n = read(STDIN_FILENO, keyboard.keys, sizeof keyboard.keys);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return true;
	keyboard.at = 0;
	keyboard.end = n > 0 ? (size_t)n : 0;
	/* Zero is the far end hanging up, an error the terminal being gone. */
	keyboard.has_ended = n <= 0;
	return n > 0;
}

bool
keyboard_has_ended(void)
{
	return keyboard.has_ended;
}

unsigned long
keyboard_n_taken(void)
{
	return keyboard.n_taken;
}

bool
keyboard_is_interrupted(void)
{
	sigset_t pending;

	sigpending(&pending);
	return sigismember(&pending, SIGINT) == 1 ||
	       sigismember(&pending, SIGTSTP) == 1;
}

/* Cut a paste short.  readline takes the end of file for its end, but does not
 * end the string that it has gathered: a NUL goes before. */
static int
cut(void)
{
	keyboard.is_cut = !keyboard.is_cut;
	return keyboard.is_cut ? '\0' : EOF;
}

int
keyboard_take(FILE *stream)
{
	(void)stream;
	while (!keyboard_has_keys()) {
		bool has_more =
		    !keyboard.has_ended && is_readable(PASTE_SLICE_MS);

		/* What is typed behind a ^C is no part of the paste. */
		if (keyboard.has_ended || keyboard_is_interrupted())
			return cut();
		if (has_more)
			(void)keyboard_fill();
	}
	keyboard.is_cut = false;
	keyboard.n_taken++;
	return keyboard.keys[keyboard.at++];
}

/* readline waits here to tell the key Escape from a sequence that begins with
 * it.  It has no way to ask for how long, but setting it returns it. */
int
keyboard_is_available(void)
{
	int wait_us = rl_set_keyboard_input_timeout(0);

	(void)rl_set_keyboard_input_timeout(wait_us);
	return keyboard_has_keys() || is_readable(wait_us / 1000);
}
