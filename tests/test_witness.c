/* test_witness.c - a witness that would pass everything proves nothing: what it
 * must object to, and what it must let pass. */
#include "tests/harness_witness.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

static struct witness *w;

static void
set_up(void)
{
	w = witness_new(3);
	for (uint32_t seat = 0; seat < 3; seat++) {
		(void)witness_comes(w, seat);
		witness_is_here(w, seat);
	}
}

static void
tear_down(void)
{
	witness_free(w);
}

TestSuite(witness, .init = set_up, .fini = tear_down, .timeout = SUITE_TIMEOUT);

static bool
hears(uint32_t seat, const char *line)
{
	return witness_hears(w, seat, line, strlen(line));
}

static void
says(uint32_t seat, int n)
{
	while (n-- > 0)
		(void)witness_says(w, seat);
}

Test(witness, lets_an_ordinary_talk_pass)
{
	says(0, 2);
	cr_expect(hears(1, "* Welcome, s1-1! /help tells the commands"));
	cr_expect(hears(1, "s0-1: 0"));
	cr_expect(hears(1, "s0-1: 1 xxxx"));
	cr_expect(hears(0, "s0-1: 0"));
	cr_expect(hears(1, "* s0-1 is now s0-1r1"));
	cr_expect_eq(witness_whispers(w, 0, 1), 0);
	cr_expect(hears(1, "[s0-1r1 -> s1-1] 0"));
	cr_expect(hears(0, "[s0-1r1 -> s1-1] 0"));
	cr_expect(hears(1, "* s0-1r1 left"));
	cr_expect_null(witness_complaint(w));
	cr_expect_eq(witness_n_heard(w), 5);
}

Test(witness, objects_to_a_gap)
{
	says(0, 3);
	cr_expect(hears(1, "s0-1: 0"));
	cr_expect_not(hears(1, "s0-1: 2"));
	cr_expect_not_null(witness_complaint(w));
}

Test(witness, objects_to_a_line_that_comes_twice)
{
	says(0, 3);
	cr_expect(hears(1, "s0-1: 0"));
	cr_expect_not(hears(1, "s0-1: 0"));
}

Test(witness, objects_to_lines_in_another_order)
{
	says(0, 3);
	cr_expect(hears(1, "s0-1: 1"));
	cr_expect_not(hears(1, "s0-1: 0"));
}

Test(witness, objects_to_a_first_line_that_is_not_the_first_after_a_joining)
{
	(void)witness_comes(w, 0);
	witness_is_here(w, 0);
	says(0, 2);
	cr_expect(hears(1, "* s0-2 joined"));
	cr_expect_not(hears(1, "s0-2: 1"));
}

Test(witness, objects_to_an_echo_that_begins_in_the_middle)
{
	says(0, 2);
	cr_expect_not(hears(0, "s0-1: 1"));
}

Test(witness, objects_to_words_of_one_who_has_left)
{
	says(0, 1);
	cr_expect(hears(1, "s0-1: 0"));
	cr_expect(hears(1, "* s0-1 left (crashed)"));
	cr_expect_not(hears(1, "s0-1: 1"));
}

Test(witness, objects_to_a_departure_told_twice)
{
	cr_expect(hears(1, "* s0-1 left (crashed)"));
	cr_expect_not(hears(1, "* s0-1 left"));
}

Test(witness, objects_to_a_departure_before_the_last_line)
{
	says(0, 2);
	cr_expect(hears(1, "s0-1: 0"));
	cr_expect_not(hears(1, "* s0-1 left"));
}

Test(witness, lets_a_killed_one_leave_things_unsaid)
{
	says(0, 2);
	witness_is_doomed(w, 0);
	cr_expect(hears(1, "s0-1: 0"));
	cr_expect(hears(1, "* s0-1 left"));
	cr_expect(hears(2, "* s0-1 left"));
}

Test(witness, objects_to_an_arrival_that_was_not_told)
{
	(void)witness_comes(w, 0);
	witness_is_here(w, 0);
	says(0, 1);
	cr_expect_not(hears(1, "s0-2: 0"));
}

Test(witness, objects_to_an_arrival_told_twice)
{
	(void)witness_comes(w, 0);
	cr_expect(hears(1, "* s0-2 joined"));
	cr_expect_not(hears(1, "* s0-2 joined"));
}

Test(witness, lets_one_be_back_before_his_death_is_told)
{
	(void)witness_comes(w, 0);
	cr_expect(hears(1, "* s0-2 joined"));
	cr_expect(hears(1, "* s0-1 left (crashed)"));
	cr_expect_not(hears(1, "* s0-1 left (crashed)"));
}

Test(witness, objects_to_a_whisper_for_another)
{
	cr_expect_not(hears(2, "[s0-1 -> s1-1] 0"));
}

Test(witness, objects_to_a_whisper_that_comes_twice)
{
	cr_expect(hears(1, "[s0-1 -> s1-1] 0"));
	cr_expect(hears(1, "[s0-1 -> s1-1] 2"), "one may be refused");
	cr_expect_not(hears(1, "[s0-1 -> s1-1] 2"));
}

Test(witness, objects_to_a_rename_into_another)
{
	cr_expect_not(hears(1, "* s0-1 is now s2-1"));
}

Test(witness, is_settled_when_everybody_has_heard_everything)
{
	says(0, 1);
	cr_expect_not(witness_is_settled(w));
	cr_expect(hears(0, "s0-1: 0"));
	cr_expect(hears(1, "s0-1: 0"));
	cr_expect_not(witness_is_settled(w));
	cr_expect(hears(2, "s0-1: 0"));
	cr_expect(witness_is_settled(w));
	witness_is_gone(w, 1);
	says(0, 1);
	cr_expect(hears(0, "s0-1: 1"));
	cr_expect(hears(2, "s0-1: 1"));
	cr_expect(witness_is_settled(w));
}

Test(witness, takes_a_crowd_by_its_names_and_then_by_its_number)
{
	(void)witness_comes(w, 1);
	(void)witness_comes(w, 2);
	cr_expect(hears(0, "* 5 people joined: s1-2 and 1 more"));
	cr_expect_not(hears(0, "* s1-2 joined"));
}

Test(witness, takes_who_was_not_named_in_a_crowd_once)
{
	(void)witness_comes(w, 1);
	(void)witness_comes(w, 2);
	cr_expect(hears(0, "* 1 people joined:  and 1 more"));
	cr_expect(hears(0, "s1-2: 0"));
	cr_expect_not(hears(0, "s2-2: 0"));
}

Test(witness, objects_to_a_line_of_one_who_left_in_a_crowd)
{
	says(1, 1);
	cr_expect(hears(0, "* 4 people left: s1-1, s2-1"));
	cr_expect_not(hears(0, "s1-1: 0"));
}
