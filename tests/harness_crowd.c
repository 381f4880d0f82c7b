/* harness_crowd.c - many users of one server, and a witness of what they hear.
 */
#include "tests/harness_crowd.h"

#include "ipc/clock.h"
#include "tools/swarm.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define MAX_FILL 4000
/* A flood of gigabytes may lie before the last line. */
#define SETTLE_MS (6 * PATIENCE_MS)

struct member {
	enum crowd_state state;
	unsigned n_renames;
	/* its process may be killed */
	bool may_end;
	struct incarnation who;
	char name[WITNESS_NAME_BYTES];
};

struct crowd {
	const struct server *server;
	struct sockaddr_in address;
	struct directory *dir;
	struct swarm *swarm;
	struct witness *witness;
	uint32_t n;
	uint32_t n_here;
	struct member *members;
	unsigned n_refused;
	void (*on_line)(void *arg, uint32_t seat, const char *line, size_t len);
	void *on_line_arg;
	char complaint[512];
};

/* What has gone wrong first, besides what the witness says. */
static void
note(struct crowd *c, uint32_t seat, const char *what, const char *detail)
{
	if (c->complaint[0] == '\0')
		snprintf(c->complaint, sizeof c->complaint, "%s %s%s",
		    c->members[seat].name, what, detail);
}

/* What is heard ----------------------------------------------------------- */

static bool
begins_with(const char *line, size_t len, const char *text)
{
	size_t text_len = strlen(text);

	return len >= text_len && memcmp(line, text, text_len) == 0;
}

static void
set_here(struct crowd *c, uint32_t seat)
{
	c->members[seat].state = CROWD_HERE;
	c->n_here++;
	witness_is_here(c->witness, seat);
}

static void
set_gone(struct crowd *c, uint32_t seat, enum crowd_state state)
{
	struct member *m = &c->members[seat];

	if (m->state == CROWD_HERE) {
		c->n_here--;
		witness_is_gone(c->witness, seat);
	}
	m->state = state;
}

/* Before the welcome others may have been heard already, which counts: so the
 * welcome is what a line must not come before. */
static void
hear_line(struct crowd *c, uint32_t seat, const char *line, size_t len)
{
	struct member *m = &c->members[seat];
	char refusal[200];

	if (c->on_line != NULL)
		c->on_line(c->on_line_arg, seat, line, len);
	if (m->state == CROWD_COMING && begins_with(line, len, "* Welcome, ")) {
		set_here(c, seat);
		return;
	}
	if (begins_with(line, len, "! ")) {
		c->n_refused++;
		snprintf(refusal, sizeof refusal, "%.*s",
		    len < 150 ? (int)len : 150, line);
		/* To whisper to somebody who has just left is nobody's fault.
		 */
		if (!m->may_end && strstr(refusal, "! nobody named ") == NULL)
			note(c, seat, "is told ", refusal);
		return;
	}
	(void)witness_hears(c->witness, seat, line, len);
}

static void
on_lines(void *arg, struct swarm_client *client, const char *bytes, size_t len)
{
	struct crowd *c = arg;
	const char *end = bytes + len;

	while (bytes < end) {
		const char *lf = memchr(bytes, '\n', (size_t)(end - bytes));

		hear_line(c, client->id, bytes, (size_t)(lf - bytes));
		bytes = lf + 1;
	}
}

static void
on_connected(void *arg, struct swarm_client *client)
{
	(void)arg;
	(void)client;
}

static void
on_ended(void *arg, struct swarm_client *client, int error)
{
	struct crowd *c = arg;
	struct member *m = &c->members[client->id];

	if (m->state != CROWD_LEAVING && !m->may_end)
		note(c, client->id, "is cut off: ", strerror(error));
	set_gone(c, client->id, CROWD_AWAY);
}

/* Beginning --------------------------------------------------------------- */

/* What is big; the rest when cleaning. */
void
crowd_free(struct crowd *c)
{
	swarm_free(c->swarm);
	witness_free(c->witness);
	directory_close(c->dir);
	free(c->members);
	c->swarm = NULL;
	c->witness = NULL;
	c->dir = NULL;
	c->members = NULL;
}

static void
dispose(void *arg)
{
	crowd_free(arg);
	free(arg);
}

/* Ordinary limits are for ordinary programs. */
static void
raise_descriptor_limit(void)
{
	struct rlimit limit;

	cr_assert_eq(getrlimit(RLIMIT_NOFILE, &limit), 0);
	limit.rlim_cur = limit.rlim_max;
	cr_assert_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

struct crowd *
crowd_new(const struct server *s, uint32_t n)
{
	static const struct swarm_events events = {
		.connected = on_connected,
		.lines = on_lines,
		.ended = on_ended,
	};
	struct crowd *c = calloc(1, sizeof *c);

	cr_assert_not_null(c);
	raise_descriptor_limit();
	*c = (struct crowd){
		.server = s,
		.address = {
			.sin_family = AF_INET,
			.sin_port = htons((uint16_t)s->port),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
		},
		.dir = server_directory(s),
		.swarm = swarm_new(n, &events, c),
		.witness = witness_new(n),
		.n = n,
		.members = calloc(n, sizeof *c->members),
	};
	cr_assert_not_null(c->members);
	harness_on_clean(dispose, c);
	return c;
}

enum crowd_state
crowd_state(const struct crowd *c, uint32_t seat)
{
	return c->members[seat].state;
}

uint32_t
crowd_n_here(const struct crowd *c)
{
	return c->n_here;
}

uint32_t
crowd_n_said(const struct crowd *c, uint32_t seat)
{
	return witness_n_said(c->witness, seat);
}

const char *
crowd_name(const struct crowd *c, uint32_t seat)
{
	return c->members[seat].name;
}

/* Deeds ------------------------------------------------------------------- */

static void
send_line(struct crowd *c, uint32_t seat, const char *line)
{
	swarm_send(swarm_client(c->swarm, seat), line, strlen(line));
}

void
crowd_connects(struct crowd *c, uint32_t seat)
{
	struct member *m = &c->members[seat];
	struct swarm_client *client = swarm_client(c->swarm, seat);

	cr_assert_eq(m->state, CROWD_AWAY);
	cr_assert_eq(swarm_connect(client, (struct sockaddr *)&c->address,
			 sizeof c->address, NULL, 0),
	    0);
	m->state = CROWD_COMING;
	m->n_renames = 0;
	m->may_end = false;
	m->who = witness_comes(c->witness, seat);
	witness_name(m->name, m->who, 0);
}

void
crowd_gives_name(struct crowd *c, uint32_t seat)
{
	char line[WITNESS_NAME_BYTES + 1];

	cr_assert_eq(c->members[seat].state, CROWD_COMING);
	snprintf(line, sizeof line, "%s\n", c->members[seat].name);
	send_line(c, seat, line);
}

void
crowd_comes(struct crowd *c, uint32_t seat)
{
	crowd_connects(c, seat);
	crowd_gives_name(c, seat);
}

void
crowd_says(struct crowd *c, uint32_t seat, size_t fill)
{
	char line[MAX_FILL + 32];
	int len =
	    snprintf(line, sizeof line, "%u", witness_says(c->witness, seat));

	cr_assert_eq(c->members[seat].state, CROWD_HERE);
	cr_assert_leq(fill, MAX_FILL);
	if (fill > 0) {
		line[len++] = ' ';
		memset(line + len, 'x', fill);
		len += (int)fill;
	}
	line[len++] = '\n';
	swarm_send(swarm_client(c->swarm, seat), line, (size_t)len);
}

void
crowd_whispers(struct crowd *c, uint32_t seat, uint32_t to)
{
	char line[WITNESS_NAME_BYTES + 32];

	cr_assert_eq(c->members[seat].state, CROWD_HERE);
	snprintf(line, sizeof line, "@%s %u\n", c->members[to].name,
	    witness_whispers(c->witness, seat, to));
	send_line(c, seat, line);
}

void
crowd_renames(struct crowd *c, uint32_t seat)
{
	struct member *m = &c->members[seat];
	char line[WITNESS_NAME_BYTES + 16];

	cr_assert_eq(m->state, CROWD_HERE);
	witness_name(m->name, m->who, ++m->n_renames);
	snprintf(line, sizeof line, "/nick %s\n", m->name);
	send_line(c, seat, line);
}

void
crowd_leaves(struct crowd *c, uint32_t seat)
{
	cr_assert_eq(c->members[seat].state, CROWD_HERE);
	send_line(c, seat, "exit\n");
	set_gone(c, seat, CROWD_LEAVING);
}

void
crowd_breaks_off(struct crowd *c, uint32_t seat)
{
	swarm_close(swarm_client(c->swarm, seat), true);
	set_gone(c, seat, CROWD_AWAY);
}

void
crowd_stops_reading(struct crowd *c, uint32_t seat, bool stops)
{
	struct swarm_client *client = swarm_client(c->swarm, seat);
	int bytes = 128 * 1024;

	cr_assert_eq(
	    setsockopt(client->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes),
	    0);
	swarm_pause(client, stops);
}

void
crowd_is_doomed(struct crowd *c, uint32_t seat)
{
	c->members[seat].may_end = true;
	witness_is_doomed(c->witness, seat);
}

void
crowd_newcomers_are_doomed(struct crowd *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (c->members[i].state == CROWD_COMING)
			crowd_is_doomed(c, i);
}

void
crowd_all_are_doomed(struct crowd *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		crowd_is_doomed(c, i);
}

void
crowd_on_line(struct crowd *c,
    void (*fn)(void *arg, uint32_t seat, const char *line, size_t len),
    void *arg)
{
	c->on_line = fn;
	c->on_line_arg = arg;
}

bool
crowd_find(const struct crowd *c, const char *name, struct incarnation *who_out)
{
	return sscanf(name, "s%u-%u", &who_out->seat, &who_out->number) == 2 &&
	       who_out->seat < c->n &&
	       c->members[who_out->seat].who.number == who_out->number;
}

pid_t
crowd_pid(const struct crowd *c, uint32_t seat)
{
	struct dir_row row;
	struct name name;

	if (name_parse(c->members[seat].name, strlen(c->members[seat].name),
		&name) != NAME_OK ||
	    directory_find(c->dir, &name, &row) != DIR_OK)
		return 0;
	return row.pid;
}

size_t
crowd_unsent(struct crowd *c, uint32_t seat)
{
	return swarm_waiting(swarm_client(c->swarm, seat));
}

/* Turning ----------------------------------------------------------------- */

void
crowd_turn(struct crowd *c, int ms)
{
	(void)swarm_turn(c->swarm, ms);
}

bool
crowd_turn_until(struct crowd *c, bool (*cond)(void *), void *arg, int ms)
{
	int64_t deadline = clock_ms() + ms;

	while (!cond(arg)) {
		if (clock_ms() >= deadline)
			return cond(arg);
		crowd_turn(c, 1);
	}
	return true;
}

/* Who is neither here nor away; false when nobody is. */
static bool
find_restless(const struct crowd *c, uint32_t *seat_out)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (c->members[i].state != CROWD_HERE &&
		    c->members[i].state != CROWD_AWAY) {
			*seat_out = i;
			return true;
		}
	return false;
}

static bool
is_at_rest(void *arg)
{
	uint32_t seat;

	return !find_restless(arg, &seat);
}

void
crowd_comes_to_rest(struct crowd *c)
{
	uint32_t seat = 0;

	if (crowd_turn_until(c, is_at_rest, c, PATIENCE_MS))
		return;
	(void)find_restless(c, &seat);
	cr_assert_fail("%s neither comes nor goes (state %d); the log:\n%s",
	    c->members[seat].name, (int)c->members[seat].state,
	    server_log_tail(c->server));
}

static bool
is_settled(void *arg)
{
	return witness_is_settled(((struct crowd *)arg)->witness);
}

void
crowd_settles(struct crowd *c)
{
	crowd_comes_to_rest(c);
	for (uint32_t i = 0; i < c->n; i++)
		if (c->members[i].state == CROWD_HERE)
			crowd_says(c, i, 0);
	if (!crowd_turn_until(c, is_settled, c, SETTLE_MS)) {
		crowd_is_sound(c);
		cr_assert_fail("%s; the log:\n%s",
		    witness_unsettled(c->witness), server_log_tail(c->server));
	}
	crowd_is_sound(c);
}

void
crowd_is_sound(const struct crowd *c)
{
	const char *complaint = witness_complaint(c->witness);

	cr_assert_null(complaint, "%s; the log:\n%s", complaint,
	    server_log_tail(c->server));
	cr_assert_eq(c->complaint[0], '\0', "%s; the log:\n%s", c->complaint,
	    server_log_tail(c->server));
}

unsigned
crowd_n_refused(const struct crowd *c)
{
	return c->n_refused;
}

struct witness *
crowd_witness(struct crowd *c)
{
	return c->witness;
}

void
crowd_all_come(struct crowd *c)
{
	for (uint32_t i = 0; i < c->n; i++)
		crowd_comes(c, i);
	crowd_comes_to_rest(c);
	cr_assert_eq(c->n_here, c->n);
}
