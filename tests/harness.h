/* harness.h - what every test needs: processes that die with it, names that no
 * other run has, and waiting for a condition instead of sleeping.
 *
 * Asserts are made in the test's own process only: Criterion 2.4.1 hangs when a
 * forked child makes one, so a child answers by its exit status.  A test cleans
 * up by `.fini = harness_clean`.  A running chatd is harness_server.h, somebody
 * who talks to it harness_guest.h. */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* AddressSanitizer makes everything slower, and memory dearer. */
#ifdef __SANITIZE_ADDRESS__
#define TEST_SLOWNESS 4
#else
#define TEST_SLOWNESS 1
#endif

/* How long a condition may take that is sure to come; only a failing test ever
 * waits as long. */
#define PATIENCE_MS (10000 * TEST_SLOWNESS)
/* The .timeout of a suite, in seconds. */
#define SUITE_TIMEOUT (60 * TEST_SLOWNESS)

/* Cleaning up ------------------------------------------------------------- */

/* The .fini of every suite: undo what the functions below have made, the last
 * first. */
void harness_clean(void);

/* Have harness_clean call fn(arg). */
void harness_on_clean(void (*fn)(void *), void *arg);

/* For what is wrong when cleaning: Criterion counts no failure behind the end
 * of a test, so tests/run is told and fails the run. */
__attribute__((format(printf, 1, 2))) void harness_complain(
    const char *format, ...);

/* Names ------------------------------------------------------------------- */

#define TEST_NAME_BYTES 64
#define TEST_PATH_BYTES 192

/* A name that no other test has, in this run or another: "t<pid>-<n>". */
void test_name(char name[TEST_NAME_BYTES]);

/* A name for shared memory, "/chatd-test-<pid>-<n>"; unlinked when cleaning. */
void test_shm_name(char name[TEST_NAME_BYTES]);

/* $TMPDIR, or where it is not set /dev/shm: run directories are best in memory.
 */
const char *test_root(void);

/* A fresh directory below test_root, mode 0700; removed with all that is in it
 * when cleaning. */
void test_dir(char path[TEST_PATH_BYTES]);

/* Tell tests/run of a name in /dev/shm, which it checks in the end. */
void harness_record_name(const char *shm_name);

/* Cut a copy of `line` into at most 31 words at its blanks, with a NULL behind
 * them, as a shell would; they stay until the next call.  Returns how many. */
int test_words(const char *line, char ***words_out);

/* Processes --------------------------------------------------------------- */

/* Run body(arg) in a process that dies with the test and exits with what body
 * returns. */
pid_t spawn(int (*body)(void *), void *arg);

/* The exit status of our child, or 128 + the signal that killed it.  Fails the
 * test when the child does not end in PATIENCE_MS. */
int await(pid_t pid);

/* SIGKILL our child and reap it. */
void kill_and_await(pid_t pid);

/* What /proc says of a process: 'R', 'S', 'T', 'Z' ...; 0 when there is none.
 */
char process_state(pid_t pid);

/* Hold it as a debugger does: not even SIGCONT makes it go on, only ptrace(2),
 * or our end. */
void process_hold(pid_t pid);

/* Whether it has ended, reaped or not. */
bool process_is_gone(pid_t pid);

/* The living children of `parent`, at most max.  Returns how many. */
size_t process_children(pid_t parent, pid_t *pids, size_t max);

/* Waiting ----------------------------------------------------------------- */

/* Until cond(arg) holds, at most ms: whether it came to hold. */
bool wait_until(bool (*cond)(void *), void *arg, int ms);

/* process_is_gone for wait_until: arg points to the pid. */
bool is_gone(void *pid);

/* Programs ---------------------------------------------------------------- */

struct program_result {
	/* as await() */
	int status;
	/* ending in NUL, cut off at their size */
	char out[65536];
	char err[65536];
};

/* Run argv[0], which gets `input` (or nothing, when NULL) as its standard
 * input, to its end.  Fails the test when that takes longer than PATIENCE_MS.
 * Programs of ours are BIN_DIR "/chatd" and so on. */
void program_run(
    struct program_result *result, const char *input, const char *const argv[]);

/* What a forked child does before it runs a program: descriptors 0, 1 and 2, no
 * others, no signal blocked or ignored, neither settings nor language of
 * whoever runs the tests, and death with its parent.  He may ignore some
 * signals: nohup(1) does, and a shell without job control for what it runs in
 * the background. */
void program_prepare(pid_t parent, int in_fd, int out_fd, int err_fd);

/* Become the program; the child ends when that cannot be. */
_Noreturn void program_exec(const char *const argv[]);

#endif
