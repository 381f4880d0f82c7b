/* test_bench_text.c - the texts that chat-bench says. */
#include "tools/bench_text.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

TestSuite(bench_text, .timeout = SUITE_TIMEOUT);

static const struct bench_text some = {
	.sender = 4711,
	.number = 123456789,
	.ns = UINT64_C(0x123456789abc),
};

static void
reads_back(const struct bench_text *text, size_t size)
{
	char bytes[BENCH_TEXT_MAX];
	struct bench_text read = { 0 };

	bench_text_write(bytes, size, text);
	cr_assert(bench_text_read(bytes, size, &read));
	cr_assert_eq(read.sender, text->sender);
	cr_assert_eq(read.number, text->number);
	cr_assert_eq(read.ns, text->ns);
}

Test(bench_text, reads_what_was_written)
{
	static const struct bench_text smallest = { 0 };
	static const struct bench_text largest = {
		.sender = BENCH_SENDERS_MAX - 1,
		.number = BENCH_NUMBERS_MAX - 1,
		.ns = (UINT64_C(1) << 48) - 1,
	};

	reads_back(&some, 64);
	reads_back(&some, BENCH_TEXT_MIN);
	reads_back(&some, BENCH_TEXT_MAX);
	reads_back(&smallest, 64);
	reads_back(&largest, 64);
}

Test(bench_text, has_its_mark_only_at_the_beginning_and_no_unprintable_byte)
{
	char bytes[BENCH_TEXT_MAX];

	bench_text_write(bytes, sizeof bytes, &some);
	cr_assert_eq(bytes[0], BENCH_MARK);
	for (size_t i = 1; i < sizeof bytes; i++) {
		cr_assert_neq(bytes[i], BENCH_MARK, "at %zu", i);
		cr_assert(bytes[i] > ' ' && bytes[i] < 127, "at %zu", i);
	}
}

Test(bench_text, every_changed_byte_is_found)
{
	char bytes[64];
	struct bench_text read;

	bench_text_write(bytes, sizeof bytes, &some);
	for (size_t i = 0; i < sizeof bytes; i++) {
		char was = bytes[i];

		bytes[i] = was == 'A' ? 'B' : 'A';
		cr_assert_not(bench_text_read(bytes, sizeof bytes, &read),
		    "a change at %zu is not found", i);
		bytes[i] = was;
	}
	cr_assert(bench_text_read(bytes, sizeof bytes, &read));
}

/* The filler is that of a sender and a number. */
Test(bench_text, the_end_of_another_line_is_found)
{
	struct bench_text other = some, read;
	char bytes[64], others[64];

	other.number++;
	bench_text_write(bytes, sizeof bytes, &some);
	bench_text_write(others, sizeof others, &other);
	memcpy(bytes + 32, others + 32, 32);
	cr_assert_not(bench_text_read(bytes, sizeof bytes, &read));
}
