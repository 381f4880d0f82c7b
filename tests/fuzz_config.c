/* fuzz_config.c - a file of settings: cli/config_text.
 *
 * The input is the file.  What holds:
 * - it is taken in, or refused at one of its lines with a reason that can be
 *   shown;
 * - what has been taken in is dumped, and the dump reads as the same;
 * - what can be shown of a file can be shown of its dump. */
#include "tests/fuzz.h"

#include "cli/config.h"
#include "ipc/text.h"

#include <string.h>

static size_t
count_lines(const char *text, size_t len)
{
	size_t n = 1;

	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

static void
check_refusal(
    const char *text, size_t len, unsigned line, const struct buffer *error)
{
	FUZZ_HOLDS(line >= 1 && line <= count_lines(text, len));
	FUZZ_HOLDS(buffer_len(error) > 0);
	FUZZ_HOLDS(text_is_safe(buffer_data(error), buffer_len(error)));
}

static void
check_dump(const struct config *config)
{
	static struct config again;
	struct buffer dump = { 0 }, dump_again = { 0 }, error = { 0 };
	unsigned line;

	FUZZ_HOLDS(config_dump(config, &dump, &error));
	FUZZ_HOLDS(fuzz_safe_lines(buffer_data(&dump), buffer_len(&dump)) > 0);
	config_init(&again);
	FUZZ_HOLDS(config_parse(
	    &again, buffer_data(&dump), buffer_len(&dump), &line, &error));
	FUZZ_HOLDS(config_dump(&again, &dump_again, &error));
	FUZZ_HOLDS(buffer_len(&dump) == buffer_len(&dump_again));
	FUZZ_HOLDS(memcmp(buffer_data(&dump), buffer_data(&dump_again),
		       buffer_len(&dump)) == 0);
	FUZZ_HOLDS(strcmp(config->name, again.name) == 0);
	FUZZ_HOLDS(strcmp(config->log, again.log) == 0);
	FUZZ_HOLDS(buffer_len(&error) == 0);
	buffer_free(&dump);
	buffer_free(&dump_again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct config config;
	struct buffer error = { 0 };
	const char *text = (const char *)data;
	unsigned line;

	config_init(&config);
	if (!config_parse(&config, text, size, &line, &error))
		check_refusal(text, size, line, &error);
	else
		FUZZ_HOLDS(buffer_len(&error) == 0);
	/* The lines before one that is wrong have been taken in. */
	check_dump(&config);
	buffer_free(&error);
	return 0;
}
