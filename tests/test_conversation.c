/* test_conversation.c - where the talk with the server stands. */
#include "cli/conversation.h"

#include "tests/harness.h"

#include <criterion/criterion.h>
#include <string.h>

static struct conversation talk;
static struct buffer sent;

static void
end(void)
{
	conversation_free(&talk);
	buffer_free(&sent);
}

TestSuite(conversation, .fini = end, .timeout = SUITE_TIMEOUT);

static enum say_result
say(const char *text)
{
	return conversation_say(&talk, text, strlen(text), &sent);
}

/* Whether the line is to be shown. */
static bool
hear(const char *line)
{
	struct message m;

	message_parse(line, strlen(line), &m);
	return conversation_hear(&talk, &m);
}

/* All that has gone to the server since the last call. */
static void
has_sent(const char *expected)
{
	cr_assert(
	    buffer_len(&sent) == strlen(expected) &&
		memcmp(buffer_data(&sent), expected, buffer_len(&sent)) == 0,
	    "sent '%.*s'", (int)buffer_len(&sent), buffer_data(&sent));
	buffer_drop(&sent, buffer_len(&sent));
}

static void
be_welcome(void)
{
	say("alice");
	hear("* This is chatd; your first line is your name.");
	hear("* Welcome, alice! /help tells the commands, exit leaves.");
	buffer_drop(&sent, buffer_len(&sent));
}

Test(conversation, begins_with_a_name)
{
	cr_assert_eq(say("alice"), SAY_QUEUED);
	has_sent("alice\n");
	cr_assert_eq(talk.state, CONVERSATION_NAME_OFFERED);
	cr_assert_not(hear("* This is chatd; your first line is your name."));
	cr_assert(hear("* Welcome, alice! /help tells the commands."));
	cr_assert_eq(talk.state, CONVERSATION_IN);
	cr_assert_str_eq(talk.name, "alice");
}

Test(conversation, goes_on_with_another_name_after_a_refusal)
{
	say("alice");
	cr_assert(hear("! the name \"alice\" is taken; send another."));
	cr_assert_eq(talk.state, CONVERSATION_NAMELESS);
	cr_assert(talk.was_refused);
	cr_assert_eq(say("alice2"), SAY_QUEUED);
	has_sent("alice\nalice2\n");
	hear("* Welcome, alice2! ...");
	cr_assert_str_eq(talk.name, "alice2");
	cr_assert_not(talk.was_refused);
}

Test(conversation, a_name_that_would_be_two_lines_is_not_sent)
{
	cr_assert_eq(say("alice\nexit"), SAY_UNSENDABLE);
	cr_assert_eq(say("ali\x1b[2Jce"), SAY_UNSENDABLE);
	cr_assert_eq(say("\xff"), SAY_UNSENDABLE);
	cr_assert_eq(say(""), SAY_EMPTY);
	cr_assert_eq(talk.state, CONVERSATION_NAMELESS);
	has_sent("");
}

Test(conversation, nothing_is_said_while_a_name_is_judged)
{
	say("alice");
	cr_assert_eq(say("hello"), SAY_NOT_YET);
	has_sent("alice\n");
}

Test(conversation, a_line_goes_to_the_server)
{
	be_welcome();
	cr_assert_eq(say("hello"), SAY_QUEUED);
	has_sent("hello\n");
}

Test(conversation, several_lines_go_as_several)
{
	be_welcome();
	cr_assert_eq(say("one\n\ntwo\nthree\n"), SAY_QUEUED);
	has_sent("one\ntwo\nthree\n");
}

Test(conversation, an_empty_line_does_not_go)
{
	be_welcome();
	cr_assert_eq(say(""), SAY_EMPTY);
	cr_assert_eq(say("\n\n"), SAY_EMPTY);
	has_sent("");
}

Test(conversation, the_longest_line_goes_and_a_longer_one_does_not)
{
	char line[LINE_MAX_BYTES + 2];

	be_welcome();
	memset(line, 'x', sizeof line);
	line[LINE_MAX_BYTES + 1] = '\0';
	cr_assert_eq(say(line), SAY_TOO_LONG);
	has_sent("");
	line[LINE_MAX_BYTES] = '\0';
	cr_assert_eq(say(line), SAY_QUEUED);
	cr_assert_eq(buffer_len(&sent), LINE_MAX_BYTES + 1);
}

Test(conversation, one_line_too_long_keeps_the_others_back)
{
	char text[LINE_MAX_BYTES + 16] = "first\n";

	be_welcome();
	memset(text + 6, 'x', LINE_MAX_BYTES + 1);
	cr_assert_eq(say(text), SAY_TOO_LONG);
	has_sent("");
}

Test(conversation, our_name_follows_the_server)
{
	be_welcome();
	hear("* bob is now rob");
	cr_assert_str_eq(talk.name, "alice");
	hear("* alice is now alicia");
	cr_assert_str_eq(talk.name, "alicia");
	hear("* alice is now eve");
	cr_assert_str_eq(talk.name, "alicia");
}

Test(conversation, ends_with_goodbye)
{
	be_welcome();
	cr_assert(hear("* Goodbye, alice!"));
	cr_assert_eq(talk.state, CONVERSATION_OVER);
	cr_assert(conversation_is_welcome(&talk));
}

Test(conversation, can_end_before_there_is_a_name)
{
	say("exit");
	cr_assert(hear("* Goodbye!"));
	cr_assert_eq(talk.state, CONVERSATION_OVER);
	cr_assert_not(conversation_is_welcome(&talk));
}

Test(conversation, what_others_say_ends_nothing)
{
	be_welcome();
	cr_assert(hear("bob: * Goodbye, alice!"));
	cr_assert(hear("* bob is gone"));
	cr_assert_eq(talk.state, CONVERSATION_IN);
}

Test(conversation, what_is_no_chat_server_is_shown_all_the_same)
{
	say("alice");
	cr_assert(hear("SSH-2.0-OpenSSH_9.2"));
	cr_assert_eq(talk.state, CONVERSATION_NAME_OFFERED);
}

Test(conversation, does_not_ask_who_is_here_when_it_knows)
{
	be_welcome();
	hear("* 2 people are here: alice, bob");
	cr_assert(conversation_knows_everyone(&talk, &sent));
	has_sent("");
}

Test(conversation, asks_once_who_is_here_and_keeps_the_answer_to_itself)
{
	be_welcome();
	cr_assert(hear("* 4 people are here: alice, bob and 2 more"));
	cr_assert_not(conversation_knows_everyone(&talk, &sent));
	cr_assert_not(conversation_knows_everyone(&talk, &sent));
	has_sent("/who\n");
	cr_assert(hear("bob: hello"));
	cr_assert_not(hear("* 4 people are here: alice, bob, carol"));
	cr_assert_not(hear("* also here: dave"));
	cr_assert(conversation_knows_everyone(&talk, &sent));
	cr_assert_eq(talk.who, WHO_NOT_ASKED);
	has_sent("");
}

Test(conversation, the_answer_to_a_question_of_the_person_is_shown)
{
	be_welcome();
	hear("* 3 people are here: alice and 2 more");
	conversation_knows_everyone(&talk, &sent);
	say("/who");
	cr_assert_not(hear("* 3 people are here: alice, bob"));
	cr_assert_not(hear("* also here: carol"));
	cr_assert(hear("* 3 people are here: alice, bob"));
	cr_assert(hear("* also here: carol"));
}

Test(conversation, an_answer_that_falls_short_ends_with_the_next_line)
{
	be_welcome();
	hear("* 3 people are here: alice and 2 more");
	conversation_knows_everyone(&talk, &sent);
	cr_assert_not(hear("* 3 people are here: alice, bob"));
	cr_assert(hear("bob: hello"));
	cr_assert(hear("* also here: carol"));
}

Test(conversation, a_refused_question_swallows_no_later_answer)
{
	be_welcome();
	hear("* 3 people are here: alice and 2 more");
	conversation_knows_everyone(&talk, &sent);
	cr_assert(hear("! the directory is busy; try again in a while"));
	say("/who");
	cr_assert(hear("* 3 people are here: alice, bob, carol"));
}

Test(conversation, a_refused_question_is_asked_again)
{
	be_welcome();
	hear("* 3 people are here: alice and 2 more");
	conversation_knows_everyone(&talk, &sent);
	hear("! the directory is busy; try again in a while");
	has_sent("/who\n");
	cr_assert_not(conversation_knows_everyone(&talk, &sent));
	has_sent("/who\n");
	cr_assert_not(hear("* 3 people are here: alice, bob, carol"));
}

Test(conversation, a_refusal_of_something_else_does_not_show_the_answer)
{
	be_welcome();
	hear("* 3 people are here: alice and 2 more");
	say("@nobody hello");
	conversation_knows_everyone(&talk, &sent);
	cr_assert(hear("! nobody named nobody is here"));
	cr_assert_not(hear("* 3 people are here: alice, bob"));
	cr_assert_not(hear("* also here: carol"));
	cr_assert_eq(talk.who, WHO_NOT_ASKED);
}

Test(conversation, counts_anew_when_some_were_not_told)
{
	be_welcome();
	hear("* 2 people are here: alice, bob");
	conversation_recount(&talk, &sent);
	has_sent("");
	cr_assert(hear("* so many came and went that you were not told of all; "
		       "/who tells who is here"));
	conversation_recount(&talk, &sent);
	has_sent("/who\n");
	/* Once is enough. */
	conversation_recount(&talk, &sent);
	has_sent("");
	cr_assert_not(hear("* 4 people are here: alice, carol and 2 more"));
	cr_assert_eq(people_count(&talk.people), 4);
	cr_assert_not(hear("* also here: dave, erin"));
	cr_assert(hear("* bob joined"));
	cr_assert_eq(people_count(&talk.people), 5);
}

/* Since one has looked ----------------------------------------------------- */

Test(conversation, private_messages_are_unread_until_something_is_said)
{
	be_welcome();
	hear("[bob -> alice] one");
	hear("[carol -> alice] two");
	hear("[alice -> bob] mine");
	hear("bob: alice!");
	cr_assert_eq(talk.n_unread, 2);
	cr_assert_eq(say(""), SAY_EMPTY);
	cr_assert_eq(talk.n_unread, 2);
	cr_assert_eq(say("hello"), SAY_QUEUED);
	cr_assert_eq(talk.n_unread, 0);
}

Test(conversation, begins_anew_with_another_connection)
{
	talk.keeps_sent = true;
	be_welcome();
	hear("* 2 people are here: alice, bob");
	hear("[bob -> alice] psst");
	say("hello");
	hear("[bob -> alice] are you there?");
	conversation_restart(&talk);
	buffer_drop(&sent, buffer_len(&sent));
	cr_assert_eq(talk.state, CONVERSATION_NAMELESS);
	cr_assert_not(conversation_is_welcome(&talk));
	cr_assert_eq(people_count(&talk.people), 0);
	cr_assert_eq(talk.whisperer.name.len, 0);
	cr_assert_null(talk.sent.first);
	cr_assert(talk.keeps_sent);
	/* It has been on the screen all the time. */
	cr_assert_eq(talk.n_unread, 1);
	cr_assert_eq(say("alice"), SAY_QUEUED);
	has_sent("alice\n");
}

Test(conversation, notes_what_was_sent_only_for_who_wants_to_know)
{
	be_welcome();
	say("hello");
	cr_assert_null(talk.sent.first);
	talk.keeps_sent = true;
	say("hello");
	cr_assert_not_null(talk.sent.first);
	hear("alice: hello");
	cr_assert_null(talk.sent.first);
}
