/* test_corpus.c - what fuzzers have found, and what was written for them, once
 * more: every file of tests/corpus/NAME through tests/fuzz_NAME.c.
 *
 * A promise that is broken aborts, so each input is a process of its own and
 * the file is named.  FUZZERS(X) comes from the Makefile, which looks for the
 * files. */
#include "tests/fuzz.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CORPUS "tests/corpus"

typedef int fuzzer(const uint8_t *data, size_t size);

#define X(name) fuzzer fuzz_##name;
FUZZERS(X)
#undef X

static const struct {
	const char *name;
	fuzzer *run;
} fuzzers[] = {
#define X(name) { #name, fuzz_##name },
	FUZZERS(X)
#undef X
};

#define N_FUZZERS (sizeof fuzzers / sizeof *fuzzers)

TestSuite(corpus, .fini = harness_clean, .timeout = SUITE_TIMEOUT);

struct input {
	fuzzer *run;
	char path[512];
};

static fuzzer *
find_fuzzer(const char *name)
{
	for (size_t i = 0; i < N_FUZZERS; i++)
		if (strcmp(fuzzers[i].name, name) == 0)
			return fuzzers[i].run;
	return NULL;
}

/* Exactly as many bytes as there are, so that a sanitizer sees who reads more.
 * NULL when the file cannot be read. */
static uint8_t *
read_whole(const char *path, size_t *size_out)
{
	FILE *file = fopen(path, "re");
	uint8_t *data = NULL;
	long size;

	if (file == NULL)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
		rewind(file);
		*size_out = (size_t)size;
		data = malloc(*size_out > 0 ? *size_out : 1);
	}
	if (data != NULL && fread(data, 1, *size_out, file) != *size_out) {
		free(data);
		data = NULL;
	}
	(void)fclose(file);
	return data;
}

static int
replay(void *arg)
{
	struct input *input = arg;
	size_t size = 0;
	uint8_t *data = read_whole(input->path, &size);
	int result;

	if (data == NULL)
		return 1;
	result = input->run(data, size);
	free(data);
	return result;
}

static DIR *
open_corpus(const char *path)
{
	DIR *dir = opendir(path);

	cr_assert_not_null(dir, "%s: %s", path, strerror(errno));
	return dir;
}

struct corpus_name {
	char name[64];
};

ParameterizedTestParameters(corpus, keeps_every_promise)
{
	static struct corpus_name names[N_FUZZERS];

	for (size_t i = 0; i < N_FUZZERS; i++)
		snprintf(
		    names[i].name, sizeof names[i].name, "%s", fuzzers[i].name);
	return cr_make_param_array(struct corpus_name, names, N_FUZZERS);
}

ParameterizedTest(struct corpus_name *corpus, corpus, keeps_every_promise)
{
	struct input input = { .run = find_fuzzer(corpus->name) };
	unsigned n = 0;
	char path[128];
	struct dirent *entry;
	DIR *dir;

	snprintf(path, sizeof path, CORPUS "/%s", corpus->name);
	dir = open_corpus(path);
	while ((entry = readdir(dir)) != NULL) {
		int status;

		if (entry->d_name[0] == '.')
			continue;
		snprintf(input.path, sizeof input.path, "%s/%s", path,
		    entry->d_name);
		status = await(spawn(replay, &input));
		cr_expect_eq(status, 0, "%s: status %d", input.path, status);
		n++;
	}
	closedir(dir);
	cr_expect_gt(n, 0, "%s is empty", path);
}

Test(corpus, belongs_to_fuzzers_that_there_are)
{
	struct dirent *entry;
	DIR *dir = open_corpus(CORPUS);

	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			cr_expect_not_null(find_fuzzer(entry->d_name),
			    CORPUS "/%s has no fuzzer", entry->d_name);
	closedir(dir);
}
