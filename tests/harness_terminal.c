/* harness_terminal.c - a real terminal with a shell in it, driven through tmux.
 *
 * The tmux server is our child in the foreground, not a daemon, so that it dies
 * with the test whatever becomes of that; each key and each look at the screen
 * is a tmux client that runs to its end. */
#include "tests/harness_terminal.h"

#include "ipc/clock.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define MAX_ARGS 64
#define TEXT_BYTES 8192

struct terminal {
	char socket[TEST_PATH_BYTES + 8];
	pid_t server;
	pid_t shell;
	char tty[64];
	/* what the last tmux client has printed */
	struct program_result result;
};

/* Running tmux ------------------------------------------------------------ */

/* A terminal that goes away sends SIGCONT, and a LeakSanitizer that looks for
 * leaks at that moment spins for ever; e2e_pipe has it look.
 *
 * The beginning of every command line.  A first word NAME=VALUE is for env(1),
 * which finds tmux. */
#define TMUX(t)                                                                \
	"/usr/bin/env", "-u", "NO_COLOR", "-u", "TMUX", "LC_ALL=C.UTF-8",      \
	    "ASAN_OPTIONS=abort_on_error=1:detect_leaks=0",                    \
	    "INPUTRC=/dev/null", "ENV=", "TZ=UTC0", "tmux", "-u", "-f",        \
	    "/dev/null", "-S", (t)->socket

/* Run a command to its end; the words after t are its own, up to NULL.
 * Returns whether it has succeeded. */
static bool
tmux(struct terminal *t, const char *word, ...)
{
	const char *argv[MAX_ARGS] = { TMUX(t) };
	size_t n = 0;
	va_list words;

	while (argv[n] != NULL)
		n++;
	va_start(words, word);
	for (; word != NULL && n < MAX_ARGS - 1; word = va_arg(words, char *))
		argv[n++] = word;
	va_end(words);
	program_run(&t->result, NULL, argv);
	return t->result.status == 0;
}

#define must_tmux(t, ...)                                                      \
	cr_assert(tmux(t, __VA_ARGS__, NULL), "tmux: %s", (t)->result.err)

static void
start_server(struct terminal *t)
{
	const char *argv[] = { TMUX(t), "-D", NULL };
	pid_t parent = getpid();
	int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	cr_assert_neq(null_fd, -1);
	t->server = fork();
	if (t->server == 0) {
		program_prepare(parent, null_fd, null_fd, null_fd);
		program_exec(argv);
	}
	cr_assert_neq(t->server, -1, "fork: %s", strerror(errno));
	close(null_fd);
}

static bool
server_answers(void *arg)
{
	return tmux(arg, "show-options", "-s", NULL);
}

/* What tmux says of the window, without its LF. */
static const char *
ask(struct terminal *t, const char *format)
{
	must_tmux(t, "display-message", "-p", format);
	t->result.out[strcspn(t->result.out, "\n")] = '\0';
	return t->result.out;
}

static void
dispose(void *arg)
{
	struct terminal *t = arg;

	terminal_close(t);
	(void)unlink(t->socket);
	free(t);
}

struct terminal *
terminal_open(int columns, int rows)
{
	struct terminal *t = calloc(1, sizeof *t);
	char dir[TEST_PATH_BYTES], width[16], height[16];

	cr_assert_not_null(t);
	test_dir(dir);
	(void)snprintf(t->socket, sizeof t->socket, "%s/tmux", dir);
	(void)snprintf(width, sizeof width, "%d", columns);
	(void)snprintf(height, sizeof height, "%d", rows);
	start_server(t);
	harness_on_clean(dispose, t);
	cr_assert(wait_until(server_answers, t, PATIENCE_MS),
	    "tmux does not start: %s", t->result.err);
	/* A colour terminal that has everything. */
	must_tmux(t, "set-option", "-g", "default-terminal", "screen-256color");
	must_tmux(t, "set-option", "-g", "history-limit", "10000");
	/* tmux has the user's own shell run it: exec, or pane_pid is that one.
	 */
	must_tmux(t, "new-session", "-d", "-x", width, "-y", height, "exec sh");
	t->shell = (pid_t)atoi(ask(t, "#{pane_pid}"));
	(void)snprintf(t->tty, sizeof t->tty, "%s", ask(t, "#{pane_tty}"));
	/* Some shells have their own idea of root's prompt. */
	terminal_types(t, "PS1='$ '; clear");
	terminal_presses(t, "Enter");
	terminal_ends_with(t, "$");
	return t;
}

void
terminal_close(struct terminal *t)
{
	if (t->server == 0)
		return;
	(void)tmux(t, "kill-server", NULL);
	kill_and_await(t->server);
	t->server = 0;
}

/* Keys -------------------------------------------------------------------- */

void
terminal_types(struct terminal *t, const char *format, ...)
{
	char text[TEXT_BYTES];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	must_tmux(t, "send-keys", "-l", "--", text);
}

void
terminal_presses(struct terminal *t, const char *key)
{
	must_tmux(t, "send-keys", key);
}

void
terminal_pastes(struct terminal *t, const char *text)
{
	must_tmux(t, "set-buffer", "--", text);
	must_tmux(t, "paste-buffer", "-p");
}

void
terminal_sends(struct terminal *t, const char *bytes)
{
	const char *argv[MAX_ARGS] = { TMUX(t), "send-keys", "-H" };
	char hex[MAX_ARGS][3];
	size_t n = 0;

	while (argv[n] != NULL)
		n++;
	for (size_t i = 0; bytes[i] != '\0'; i++) {
		cr_assert_lt(n, MAX_ARGS - 1, "too many bytes");
		(void)snprintf(
		    hex[i], sizeof hex[i], "%02x", (unsigned char)bytes[i]);
		argv[n++] = hex[i];
	}
	program_run(&t->result, NULL, argv);
	cr_assert_eq(t->result.status, 0, "tmux: %s", t->result.err);
}

struct size {
	const char *tty;
	int columns, rows;
};

static bool
tty_has_size(void *arg)
{
	const struct size *size = arg;
	struct winsize ws = { 0 };
	int fd = open(size->tty, O_RDWR | O_NOCTTY | O_CLOEXEC);

	(void)ioctl(fd, TIOCGWINSZ, &ws);
	close(fd);
	return ws.ws_col == size->columns && ws.ws_row == size->rows;
}

void
terminal_resizes(struct terminal *t, int columns, int rows)
{
	char width[16], height[16];

	(void)snprintf(width, sizeof width, "%d", columns);
	(void)snprintf(height, sizeof height, "%d", rows);
	must_tmux(t, "resize-window", "-x", width, "-y", height);
	/* tmux tells the program a moment later. */
	cr_assert(wait_until(tty_has_size,
	    &(struct size){ t->tty, columns, rows }, PATIENCE_MS));
}

/* The screen -------------------------------------------------------------- */

const char *
terminal_screen(struct terminal *t)
{
	must_tmux(t, "capture-pane", "-p");
	return t->result.out;
}

const char *
terminal_coloured_screen(struct terminal *t)
{
	must_tmux(t, "capture-pane", "-p", "-e");
	return t->result.out;
}

static int
count_rows(const char *row, const char *text)
{
	int n = 0;

	while (*row != '\0') {
		size_t len = strcspn(row, "\n");

		n += memmem(row, len, text, strlen(text)) != NULL;
		row += len + (row[len] == '\n');
	}
	return n;
}

int
terminal_counts(struct terminal *t, const char *text)
{
	return count_rows(terminal_screen(t), text);
}

int
terminal_counts_ever(struct terminal *t, const char *text)
{
	must_tmux(t, "capture-pane", "-p", "-S", "-");
	return count_rows(t->result.out, text);
}

/* A condition on the screen, for wait_until. */
struct expectation {
	struct terminal *t;
	char text[TEXT_BYTES];
};

static bool
is_on_screen(void *arg)
{
	struct expectation *e = arg;

	return terminal_counts(e->t, e->text) > 0;
}

static bool
is_last_row(void *arg)
{
	struct expectation *e = arg;
	char *screen = e->t->result.out;
	const char *row;
	size_t len;

	(void)terminal_screen(e->t);
	len = strlen(screen);
	while (len > 0 && (screen[len - 1] == '\n' || screen[len - 1] == ' '))
		screen[--len] = '\0';
	row = strrchr(screen, '\n');
	return strcmp(row != NULL ? row + 1 : screen, e->text) == 0;
}

static void
expect(const char *file, int line, struct expectation *e,
    bool (*condition)(void *), const char *what)
{
	if (wait_until(condition, e, PATIENCE_MS))
		return;
	cr_assert_fail("%s:%d: the screen does not %s '%s':\n%s", file, line,
	    what, e->text, terminal_screen(e->t));
}

void
terminal_shows_at(
    const char *file, int line, struct terminal *t, const char *format, ...)
{
	struct expectation e = { .t = t };
	va_list args;

	va_start(args, format);
	(void)vsnprintf(e.text, sizeof e.text, format, args);
	va_end(args);
	expect(file, line, &e, is_on_screen, "show");
}

void
terminal_ends_with_at(
    const char *file, int line, struct terminal *t, const char *format, ...)
{
	struct expectation e = { .t = t };
	va_list args;

	va_start(args, format);
	(void)vsnprintf(e.text, sizeof e.text, format, args);
	va_end(args);
	expect(file, line, &e, is_last_row, "end with");
}

struct column {
	struct terminal *t;
	int column;
};

static bool
cursor_is(void *arg)
{
	const struct column *c = arg;

	return atoi(ask(c->t, "#{cursor_x}")) == c->column;
}

void
terminal_cursor_is_at(
    const char *file, int line, struct terminal *t, int column)
{
	if (!wait_until(cursor_is, &(struct column){ t, column }, PATIENCE_MS))
		cr_assert_fail("%s:%d: the cursor is not in column %d:\n%s",
		    file, line, column, terminal_screen(t));
}

static bool
is_alternate(void *t)
{
	return strcmp(ask(t, "#{alternate_on}"), "1") == 0;
}

static bool
is_not_alternate(void *t)
{
	return !is_alternate(t);
}

void
terminal_is_alternate_at(
    const char *file, int line, struct terminal *t, bool is_on)
{
	if (wait_until(is_on ? is_alternate : is_not_alternate, t, PATIENCE_MS))
		return;
	cr_assert_fail("%s:%d: the screen is%s alternate:\n%s", file, line,
	    is_on ? " not" : "", terminal_screen(t));
}

bool
terminal_has_rung(struct terminal *t)
{
	return strcmp(ask(t, "#{window_bell_flag}"), "1") == 0;
}

static bool
has_rung(void *t)
{
	return terminal_has_rung(t);
}

void
terminal_rings(struct terminal *t)
{
	cr_assert(wait_until(has_rung, t, PATIENCE_MS), "no bell:\n%s",
	    terminal_screen(t));
}

/* Programs in it ---------------------------------------------------------- */

static bool
shell_runs_something(void *arg)
{
	const struct terminal *t = arg;
	pid_t pid;

	return process_children(t->shell, &pid, 1) == 1;
}

pid_t
terminal_program(struct terminal *t)
{
	pid_t pid = 0;

	cr_assert(wait_until(shell_runs_something, t, PATIENCE_MS),
	    "nothing runs:\n%s", terminal_screen(t));
	(void)process_children(t->shell, &pid, 1);
	return pid;
}

const char *
terminal_path(const struct terminal *t)
{
	return t->tty;
}

void
terminal_modes(struct terminal *t, char *modes, size_t size)
{
	struct termios tio;
	int fd = open(t->tty, O_RDWR | O_NOCTTY | O_CLOEXEC);
	int n;

	cr_assert_neq(fd, -1, "%s: %s", t->tty, strerror(errno));
	cr_assert_eq(tcgetattr(fd, &tio), 0);
	close(fd);
	n = snprintf(modes, size, "%x %x %x %x", tio.c_iflag, tio.c_oflag,
	    tio.c_cflag, tio.c_lflag);
	for (size_t i = 0; i < NCCS && n > 0 && (size_t)n < size; i++)
		n += snprintf(modes + n, size - (size_t)n, " %u", tio.c_cc[i]);
}
