/* test_ending.c - the list of endings, and what the manual says of it. */
#include "srv/ending.h"

#include "tests/harness.h"
#include "tests/harness_manual.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(ending, .timeout = SUITE_TIMEOUT);

Test(ending, has_a_status_and_a_name_of_its_own)
{
	for (int i = 0; i < N_ENDINGS; i++)
		for (int j = 0; j < i; j++) {
			cr_expect_neq(ending_status((enum ending)i),
			    ending_status((enum ending)j));
			cr_expect_str_neq(ending_text((enum ending)i),
			    ending_text((enum ending)j));
		}
}

/* 1 and 2 are what others exit with, 64 to 78 are of sysexits.h, and above 125
 * begins what shells say of signals. */
Test(ending, statuses_are_not_taken_for_others)
{
	for (int i = 0; i < N_ENDINGS; i++) {
		int status = ending_status((enum ending)i);

		cr_expect(
		    status == 0 || (status >= 3 && status < 64), "%d", status);
	}
}

Test(ending, is_known_by_its_status)
{
	for (int i = 0; i < N_ENDINGS; i++)
		cr_expect_eq(
		    ending_of_status(ending_status((enum ending)i)), i);
	cr_expect_eq(ending_of_status(1), ENDING_UNKNOWN);
	cr_expect_eq(ending_counter(ENDING_UNKNOWN), DIR_COUNT_crashed_status);
}

enum { STATUS, NAME, MEANING, N_CELLS };

Test(ending, stands_in_the_manual_as_it_is)
{
	char *section =
	    manual_section("srv/chatd.8", "Exit statuses of children");
	char *at = section, cells[N_CELLS][MANUAL_CELL_BYTES];

	for (int i = 0; i < N_ENDINGS; i++) {
		char status[16];

		cr_assert(manual_next_row(&at, cells, N_CELLS), "%s is missing",
		    ending_text((enum ending)i));
		snprintf(
		    status, sizeof status, "%d", ending_status((enum ending)i));
		cr_assert_str_eq(cells[STATUS], status);
		cr_assert_str_eq(cells[NAME], ending_text((enum ending)i));
		cr_assert_str_not_empty(cells[MEANING]);
	}
	cr_assert_not(manual_next_row(&at, cells, N_CELLS),
	    "the manual has %s, the list has not", cells[STATUS]);
	free(section);
}
