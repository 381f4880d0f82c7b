/* prompt.c - the prompt of the input line.  Pure. */
#include "cli/prompt.h"

#include "cli/language.h"
#include "ipc/text.h"

#include <stdio.h>
#include <string.h>

/* How much is said, from all to nothing but the name. */
enum fullness {
	HOST_AND_PORT,
	HOST_WITHOUT_DOMAIN,
	NO_HOST,
	FEW_WORDS,
	BARE,
};

/* "lab" of lab.example.org; a number is not cut. */
static size_t
label_len(const char *host)
{
	bool is_number = strspn(host, "0123456789.") == strlen(host);

	return is_number ? strlen(host) : strcspn(host, ".");
}

static void
compose_place(
    const struct prompt *p, enum fullness fullness, char *out, size_t size)
{
	const struct address *server = p->server;
	bool has_port = strcmp(server->port, CHAT_PORT_DEFAULT) != 0;

	out[0] = '\0';
	if (fullness == HOST_AND_PORT)
		(void)snprintf(out, size, "@%s%s%s", server->host,
		    has_port ? ":" : "", has_port ? server->port : "");
	else if (fullness == HOST_WITHOUT_DOMAIN)
		(void)snprintf(out, size, "@%.*s", (int)label_len(server->host),
		    server->host);
}

/* " (12 here, 2 private)" */
static void
compose_people(
    const struct prompt *p, enum fullness fullness, char *out, size_t size)
{
	const char *here = fullness < FEW_WORDS ? _(" here") : "";

	out[0] = '\0';
	if (fullness == BARE)
		return;
	if (p->is_offline)
		(void)snprintf(out, size, "%s", _(" (offline)"));
	else if (p->n_here > 0 && p->n_private > 0)
		(void)snprintf(out, size, _(" (%zu%s, %u private)"), p->n_here,
		    here, p->n_private);
	else if (p->n_private > 0)
		(void)snprintf(out, size, _(" (%u private)"), p->n_private);
	else if (p->n_here > 0)
		(void)snprintf(out, size, " (%zu%s)", p->n_here, here);
}

void
prompt_compose(const struct prompt *p, int columns, char *out, size_t size)
{
	enum fullness fullness = !p->is_bare     ? HOST_AND_PORT
				 : p->is_offline ? NO_HOST
						 : BARE;
	char place[sizeof(struct address) + 2], people[64];

	for (;; fullness++) {
		compose_place(p, fullness, place, sizeof place);
		compose_people(p, fullness, people, sizeof people);
		(void)snprintf(out, size, "%s%s%s> ", p->name, place, people);
		if (fullness == BARE ||
		    text_width(out, strlen(out)) * 2 <= (size_t)columns)
			return;
	}
}
