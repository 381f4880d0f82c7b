/* counters.c - the words of the list. */
#include "ipc/counters.h"

static const struct {
	enum dir_counter_group group;
	const char *name;
	const char *meaning;
} counters[DIR_N_COUNTERS] = {
#define X(group, name, meaning)                                                \
	[DIR_COUNT_##name] = { DIR_GROUP_##group, #name, meaning },
	DIR_COUNTERS(X)
#undef X
};

static const struct {
	const char *name;
	const char *meaning;
} groups[DIR_N_GROUPS] = {
#define X(name, meaning) [DIR_GROUP_##name] = { #name, meaning },
	DIR_COUNTER_GROUPS(X)
#undef X
};

const char *
counter_name(enum dir_counter counter)
{
	return counters[counter].name;
}

const char *
counter_meaning(enum dir_counter counter)
{
	return counters[counter].meaning;
}

enum dir_counter_group
counter_group(enum dir_counter counter)
{
	return counters[counter].group;
}

const char *
counter_group_name(enum dir_counter_group group)
{
	return groups[group].name;
}

const char *
counter_group_meaning(enum dir_counter_group group)
{
	return groups[group].meaning;
}
