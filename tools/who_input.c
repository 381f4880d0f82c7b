/* who_input.c - bytes from a terminal, taken apart into keys. */
#include "tools/who_input.h"

#include <string.h>

#define ESCAPE '\033'

/* What stands between ESC [ (or ESC O) and the last byte, and that byte: as
 * xterm, VT220, rxvt and the Linux console send it, in application mode or not.
 * With Shift or Control held it is something else, and no key here. */
static const struct {
	const char *parameters;
	unsigned char last;
	enum who_key key;
} sequences[] = {
	{ "", 'A', WHO_KEY_UP },
	{ "", 'B', WHO_KEY_DOWN },
	{ "", 'H', WHO_KEY_HOME },
	{ "", 'F', WHO_KEY_END },
	{ "1", '~', WHO_KEY_HOME },
	{ "4", '~', WHO_KEY_END },
	{ "5", '~', WHO_KEY_PAGE_UP },
	{ "6", '~', WHO_KEY_PAGE_DOWN },
	{ "7", '~', WHO_KEY_HOME },
	{ "8", '~', WHO_KEY_END },
};

static int
sequence_key(const struct who_input *input, unsigned char last)
{
	for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++)
		if (sequences[i].last == last &&
		    strlen(sequences[i].parameters) == input->n_parameters &&
		    memcmp(sequences[i].parameters, input->parameters,
			input->n_parameters) == 0)
			return sequences[i].key;
	return WHO_KEY_NONE;
}

/* An ESC for which nothing but another one has come is a key. */
static int
begin(struct who_input *input)
{
	int key = who_input_end(input);

	input->state = WHO_INPUT_ESCAPE;
	return key;
}

/* Any other byte was pressed together with Alt. */
static void
go_on(struct who_input *input, unsigned char byte)
{
	input->n_parameters = 0;
	input->state = byte == '['   ? WHO_INPUT_CSI
		       : byte == 'O' ? WHO_INPUT_SS3
				     : WHO_INPUT_PLAIN;
}

/* The console's function keys are ESC [ [ LETTER. */
static bool
is_parameter(const struct who_input *input, unsigned char byte)
{
	return (byte >= ' ' && byte < '@') ||
	       (byte == '[' && input->n_parameters == 0);
}

static void
keep_parameter(struct who_input *input, unsigned char byte)
{
	if (input->n_parameters < sizeof input->parameters)
		input->parameters[input->n_parameters++] = (char)byte;
}

static int
finish(struct who_input *input, unsigned char byte)
{
	input->state = WHO_INPUT_PLAIN;
	return sequence_key(input, byte);
}

int
who_input_take(struct who_input *input, unsigned char byte)
{
	if (byte == ESCAPE)
		return begin(input);
	switch (input->state) {
	case WHO_INPUT_PLAIN:
		return byte;
	case WHO_INPUT_ESCAPE:
		go_on(input, byte);
		return WHO_KEY_NONE;
	case WHO_INPUT_CSI:
		if (!is_parameter(input, byte))
			return finish(input, byte);
		keep_parameter(input, byte);
		return WHO_KEY_NONE;
	case WHO_INPUT_SS3:
		return finish(input, byte);
	}
	return WHO_KEY_NONE;
}

bool
who_input_is_pending(const struct who_input *input)
{
	return input->state != WHO_INPUT_PLAIN;
}

int
who_input_end(struct who_input *input)
{
	bool is_escape = input->state == WHO_INPUT_ESCAPE;

	input->state = WHO_INPUT_PLAIN;
	return is_escape ? WHO_KEY_ESCAPE : WHO_KEY_NONE;
}
