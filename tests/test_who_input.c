/* test_who_input.c - which keys the bytes from a terminal are. */
#include "tools/who_input.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(who_input, .timeout = SUITE_TIMEOUT);

/* Take in the bytes; the keys are there as text, numbers above 255 in
 * brackets. */
static void
takes(struct who_input *input, const char *bytes, char *keys, size_t size)
{
	size_t len = 0;

	keys[0] = '\0';
	for (; *bytes != '\0'; bytes++) {
		int key = who_input_take(input, (unsigned char)*bytes);

		if (key != WHO_KEY_NONE)
			len += (size_t)snprintf(keys + len, size - len,
			    key < 256 ? "%c" : "<%d>", key);
	}
}

struct sequence {
	char bytes[24];
	int key;
};

ParameterizedTestParameters(who_input, of_keys_that_send_sequences)
{
	static struct sequence sequences[] = {
		{ "\033[A", WHO_KEY_UP },
		{ "\033OA", WHO_KEY_UP },
		{ "\033[B", WHO_KEY_DOWN },
		{ "\033OB", WHO_KEY_DOWN },
		{ "\033[5~", WHO_KEY_PAGE_UP },
		{ "\033[6~", WHO_KEY_PAGE_DOWN },
		{ "\033[H", WHO_KEY_HOME },
		{ "\033OH", WHO_KEY_HOME },
		{ "\033[1~", WHO_KEY_HOME },
		{ "\033[7~", WHO_KEY_HOME },
		{ "\033[F", WHO_KEY_END },
		{ "\033OF", WHO_KEY_END },
		{ "\033[4~", WHO_KEY_END },
		{ "\033[8~", WHO_KEY_END },
		/* Right, Delete, F5, with Shift, with Alt, F1 of the console */
		{ "\033[C", WHO_KEY_NONE },
		{ "\033[3~", WHO_KEY_NONE },
		{ "\033[15~", WHO_KEY_NONE },
		{ "\033[1;2A", WHO_KEY_NONE },
		{ "\033q", WHO_KEY_NONE },
		{ "\033[[A", WHO_KEY_NONE },
		/* nobody's */
		{ "\033[5555555555555~", WHO_KEY_NONE },
		{ "\033[\x80", WHO_KEY_NONE },
		{ "\033[\n", WHO_KEY_NONE },
	};

	return cr_make_param_array(
	    struct sequence, sequences, sizeof sequences / sizeof sequences[0]);
}

ParameterizedTest(
    struct sequence *sequence, who_input, of_keys_that_send_sequences)
{
	struct who_input input = { 0 };
	size_t len = strlen(sequence->bytes);

	for (size_t i = 0; i + 1 < len; i++) {
		cr_assert_eq(
		    who_input_take(&input, (unsigned char)sequence->bytes[i]),
		    WHO_KEY_NONE);
		cr_assert(who_input_is_pending(&input));
	}
	cr_assert_eq(
	    who_input_take(&input, (unsigned char)sequence->bytes[len - 1]),
	    sequence->key, "%s", sequence->bytes + 1);
	cr_assert_not(who_input_is_pending(&input));
	/* It has taken nothing along. */
	cr_assert_eq(who_input_take(&input, 'q'), 'q');
}

Test(who_input, any_other_byte_is_a_key)
{
	struct who_input input = { 0 };

	for (int byte = 0; byte < 256; byte++)
		if (byte != '\033')
			cr_expect_eq(
			    who_input_take(&input, (unsigned char)byte), byte);
}

Test(who_input, an_escape_is_a_key_when_nothing_follows)
{
	struct who_input input = { 0 };

	cr_assert_eq(who_input_take(&input, '\033'), WHO_KEY_NONE);
	cr_assert(who_input_is_pending(&input));
	cr_assert_eq(who_input_end(&input), WHO_KEY_ESCAPE);
	cr_assert_not(who_input_is_pending(&input));
	cr_assert_eq(who_input_end(&input), WHO_KEY_NONE);
	cr_assert_eq(who_input_take(&input, '['), '[');
}

Test(who_input, half_a_sequence_is_no_key_when_nothing_follows)
{
	static const char *const halves[] = { "\033[", "\033O", "\033[5" };
	struct who_input input = { 0 };
	char keys[64];

	for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
		takes(&input, halves[i], keys, sizeof keys);
		cr_assert_str_eq(keys, "");
		cr_assert_eq(who_input_end(&input), WHO_KEY_NONE);
		cr_assert_eq(who_input_take(&input, '~'), '~');
	}
}

Test(who_input, an_escape_ends_what_went_before)
{
	struct who_input input = { 0 };
	char keys[64], expected[64];

	takes(&input, "\033\033[A\033[5\033[Bx", keys, sizeof keys);
	snprintf(expected, sizeof expected, "<%d><%d><%d>x", WHO_KEY_ESCAPE,
	    WHO_KEY_UP, WHO_KEY_DOWN);
	cr_assert_str_eq(keys, expected);
}

Test(who_input, whatever_comes_there_is_an_end_to_it)
{
	struct who_input input = { 0 };

	srandom(1);
	for (int i = 0; i < 100000; i++) {
		/* Often those that a sequence is made of. */
		static const char likely[] = "\033\033[[O5;~A";
		long n = random();
		unsigned char byte =
		    n % 2 == 0
			? (unsigned char)likely[n / 2 % (sizeof likely - 1)]
			: (unsigned char)(n >> 8);
		int key = who_input_take(&input, byte);

		cr_assert(key >= WHO_KEY_NONE && key <= WHO_KEY_ESCAPE);
		cr_assert_leq(input.n_parameters, sizeof input.parameters);
	}
	(void)who_input_end(&input);
	cr_assert_eq(who_input_take(&input, 'q'), 'q');
}
