/* test_cluster.c - several characters that are seen as one. */
#include "cli/cluster.h"

#include "tests/harness.h"
#include "tests/harness_emoji.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <string.h>

#define COUPLE WOMAN JOINER WOMAN
#define FR "\xf0\x9f\x87\xab\xf0\x9f\x87\xb7"

TestSuite(cluster, .timeout = SUITE_TIMEOUT);

/* A text with the first cluster's length and where the last one begins. */
struct cluster_case {
	char text[32];
	size_t first_len;
	size_t last_at;
	char why[32];
};

ParameterizedTestParameters(cluster, is_one_character_to_the_eye)
{
	static struct cluster_case cases[] = {
		{ "a", 1, 0, "one" },
		{ "ab", 1, 1, "ASCII" },
		{ "e" ACUTE ACUTE "b", 5, 5, "combining" },
		{ "a" COUPLE, 1, 1, "joined" },
		{ COUPLE "a", 11, 11, "joined" },
		{ DE FR, 8, 8, "flags" },
		{ "a" DE FR, 1, 9, "flags behind something" },
		{ "\xff\xff", 1, 1, "not UTF-8" },
		{ "a\xff", 1, 1, "not UTF-8" },
		{ "e" ACUTE "\xff", 3, 3, "not UTF-8 behind a mark" },
		{ "\r\n", 2, 0, "a line end" },
	};

	return cr_make_param_array(
	    struct cluster_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct cluster_case *c, cluster, is_one_character_to_the_eye)
{
	size_t len = strlen(c->text);

	cr_expect_eq(cluster_len(c->text, len), c->first_len, "%s", c->why);
	cr_expect_eq(cluster_before(c->text, len), c->last_at, "%s", c->why);
}
