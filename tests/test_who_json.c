/* test_who_json.c - the keys that scripts rely on, and their values. */
#include "tools/who_json.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

/* 2031-12-24 14:05:00 UTC */
#define NOW_S INT64_C(1955887500)
#define NOW_MS INT64_C(900000000)

TestSuite(who_json, .timeout = SUITE_TIMEOUT);

static struct who_row rows[] = {
	{ .ref = { 3, 4000000000 },
	    .pid = 51,
	    .joined_at = NOW_MS - 60 * 1000,
	    .active_at = NOW_MS - 5999,
	    .n_said = 12,
	    .queued_bytes = 5000000000,
	    .name = "\u5f20\u4f1f",
	    .from = "127.0.0.1:40000",
	    .is_away = true,
	    .away = "lunch" },
	{ .ref = { 5, 2 }, .pid = 61, .state = WHO_UNREADABLE },
};

static struct who_view
busy_server(void)
{
	struct who_view view = {
		.is_live = true,
		.master_pid = 42,
		.max_users = 1024,
		.taken_at = NOW_MS,
		.taken_realtime = NOW_S * 1000,
		.started_at = NOW_MS - 3900 * 1000,
		.started_realtime_s = NOW_S - 3900,
		.instance = "5310",
		.run_dir = "/run/chatd",
		.listeners = { "127.0.0.1:5310", "[::1]:5310" },
		.n_listeners = 2,
		.roster = 18,
		.n_connecting = 1,
		.rows = rows,
		.n_rows = 2,
	};

	view.counters[DIR_COUNT_joined] = 7;
	return view;
}

/* `expected` is JSON with ' for ", of the whole value. */
static void
value_is(const json_t *value, const char *expected)
{
	char quoted[2048];
	json_t *other;
	char *shown = json_dumps(value, JSON_ENCODE_ANY);

	snprintf(quoted, sizeof quoted, "%s", expected);
	for (char *c = quoted; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	other = json_loads(quoted, JSON_DECODE_ANY, NULL);
	cr_assert_not_null(other, "not JSON: %s", quoted);
	cr_assert(json_equal(value, other), "expected %s, is %s", quoted,
	    shown == NULL ? "nothing" : shown);
	free(shown);
	json_decref(other);
}

Test(who_json, an_object_has_the_keys_of_the_manual_in_their_order)
{
	static const char *const keys[] = { "instance", "master_pid", "live",
		"run_dir", "listeners", "max_users", "n_users", "n_connecting",
		"started", "uptime_s", "lock_holder", "roster", "counters",
		"users" };
	struct who_view view = busy_server();
	json_t *object = who_json_server(&view);
	size_t i = 0;
	const char *key;
	json_t *value;

	json_object_foreach(object, key, value)
	    cr_assert_str_eq(key, keys[i++]);
	cr_assert_eq(i, sizeof keys / sizeof keys[0]);
	json_decref(object);
}

/* Every counter, under its name and in the order of the list. */
static void
counts_what_the_view_does(const json_t *object)
{
	const json_t *counters = json_object_get(object, "counters");
	int i = 0;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)counters, key, value)
	{
		cr_assert_lt(i, DIR_N_COUNTERS);
		cr_expect_str_eq(key, counter_name((enum dir_counter)i));
		cr_expect_eq(json_integer_value(value),
		    i == DIR_COUNT_joined ? 7 : 0, "%s", key);
		i++;
	}
	cr_assert_eq(i, DIR_N_COUNTERS);
}

Test(who_json, counters_are_told_without_users)
{
	struct who_view view = busy_server();
	json_t *object = who_json_counters(&view);

	counts_what_the_view_does(object);
	cr_assert_null(json_object_get(object, "users"));
	value_is(json_object_get(object, "n_users"), "2");
	value_is(json_object_get(object, "uptime_s"), "3900");
	json_decref(object);
}

Test(who_json, a_server_is_told_whole)
{
	struct who_view view = busy_server();
	json_t *object = who_json_server(&view);

	counts_what_the_view_does(object);
	value_is(json_object_get(object, "users"),
	    "[{'name':'\u5f20\u4f1f','pid':51,'slot':3,'generation':4000000000,"
	    "'from':'127.0.0.1:40000','joined':'2031-12-24T14:04:00Z',"
	    "'idle_s':5,'said':12,'queued_bytes':5000000000,"
	    "'away':'lunch','state':'here'},"
	    "{'name':null,'pid':61,'slot':5,'generation':2,'from':null,"
	    "'joined':null,'idle_s':null,'said':null,'queued_bytes':null,"
	    "'away':null,'state':'unreadable'}]");
	json_object_del(object, "users");
	json_object_del(object, "counters");
	value_is(object,
	    "{'instance':'5310','master_pid':42,'live':true,"
	    "'run_dir':'/run/chatd',"
	    "'listeners':['127.0.0.1:5310','[::1]:5310'],'max_users':1024,"
	    "'n_users':2,'n_connecting':1,'started':'2031-12-24T13:00:00Z',"
	    "'uptime_s':3900,'lock_holder':null,'roster':18}");
	json_decref(object);
}

Test(who_json, the_holder_of_the_lock_is_an_object)
{
	struct who_view view = busy_server();
	json_t *object;

	view.holder =
	    (struct who_holder){ .is_held = true, .pid = 77, .name = "alice" };
	object = who_json_server(&view);
	value_is(json_object_get(object, "lock_holder"),
	    "{'pid':77,'name':'alice'}");
	json_decref(object);

	view.holder = (struct who_holder){
		.is_held = true, .is_master = true, .pid = 42
	};
	object = who_json_server(&view);
	value_is(
	    json_object_get(object, "lock_holder"), "{'pid':42,'name':null}");
	json_decref(object);
}

Test(who_json, a_stale_server_is_not_live_and_not_up)
{
	struct who_view view = busy_server();
	json_t *object;

	view.is_live = false;
	view.n_rows = 0;
	object = who_json_server(&view);
	value_is(json_object_get(object, "live"), "false");
	value_is(json_object_get(object, "uptime_s"), "0");
	value_is(json_object_get(object, "users"), "[]");
	json_decref(object);
}

Test(who_json, several_servers_are_listed_without_their_users)
{
	struct who_view views[] = { busy_server(), busy_server() };
	json_t *object, *list;

	strcpy(views[1].instance, "work");
	object = who_json_servers(views, 2, false);
	list = json_object_get(object, "instances");
	cr_assert_eq(json_array_size(list), 2);
	value_is(
	    json_object_get(json_array_get(list, 1), "instance"), "'work'");
	value_is(json_object_get(json_array_get(list, 1), "n_users"), "2");
	cr_assert_null(json_object_get(json_array_get(list, 1), "users"));
	json_decref(object);

	object = who_json_servers(NULL, 0, false);
	value_is(object, "{'instances':[]}");
	json_decref(object);
}
