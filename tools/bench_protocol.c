/* bench_protocol.c - which protocols there are, and what they share. */
#include "tools/bench_protocol.h"

#include <string.h>

const struct bench_protocol *
bench_protocol_find(const char *name)
{
	static const struct bench_protocol *const all[] = { &bench_chatd,
		&bench_irc, &bench_nats, &bench_resp };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(all[i]->name, name) == 0)
			return all[i];
	return NULL;
}

bool
bench_line_begins(const char *line, size_t len, const char *with)
{
	size_t with_len = strlen(with);

	return len >= with_len && memcmp(line, with, with_len) == 0;
}
