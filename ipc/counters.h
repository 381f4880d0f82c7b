/* counters.h - the events that a server counts, in one list.
 *
 * The enum, the directory's array of counters, the table and the JSON of
 * chat-who --stats, its --metrics and the tables of chat-who(1) all come from
 * this list or are tested against it.  Names are a contract with programs.
 * Counts since the server's start, each by whoever sees the event
 * (directory_count); nothing decides by them.
 *
 * Every client that got a process is counted again when that process has been
 * reaped, in exactly one counter of ended, evicted and crashed
 * (srv/obituary.h), so that what is missing are the living. */
#ifndef IPC_COUNTERS_H
#define IPC_COUNTERS_H

/* In the order in which they are shown: what the counters of a group count. */
#define DIR_COUNTER_GROUPS(X)                                                  \
	X(served, "clients, and what they did")                                \
	X(refused, "clients turned away at the door")                          \
	X(rejected, "names and lines that were refused to a client")           \
	X(ended, "sessions that ended")                                        \
	X(evicted, "sessions ended by force, so that others go on")            \
	X(crashed, "sessions whose process died")                              \
	X(internal, "odd things that were put right")

/* Group, name, meaning.  Those of a group stand together. */
#define DIR_COUNTERS(X)                                                        \
	X(served, accepted, "clients that got a process")                      \
	X(served, joined, "users who came into the room")                      \
	X(served, renamed, "users who took another name")                      \
	X(served, lines, "lines said, to everyone or to one user")             \
	X(refused, refused_full, "as many users were here as may be")          \
	X(refused, refused_nameless, "too many had not given a name")          \
	X(refused, refused_address, "too many were from one address")          \
	X(refused, refused_resources,                                          \
	    "processes, descriptors or memory short")                          \
	X(rejected, rejected_name, "a name that nobody can have")              \
	X(rejected, rejected_name_taken, "a name that somebody had")           \
	X(rejected, rejected_recipient, "a line to somebody who is not here")  \
	X(rejected, rejected_too_long, "a line longer than 4096 bytes")        \
	X(rejected, rejected_not_utf8, "a line that is not UTF-8")             \
	X(rejected, rejected_command, "a command or a line without sense")     \
	X(rejected, rejected_busy, "the directory's lock did not come")        \
	X(ended, ended_left, "the client left")                                \
	X(ended, ended_names_refused, "three names were refused")              \
	X(ended, ended_name_late, "no name came in time")                      \
	X(ended, ended_lost, "the connection broke")                           \
	X(ended, ended_timed_out, "the client vanished from the network")      \
	X(ended, ended_removed, "the operator disconnected the client")        \
	X(ended, ended_server_stopped, "the server stopped, or was killed")    \
	X(ended, ended_resources, "memory or descriptors were short")          \
	X(evicted, evicted_slow, "the client did not read")                    \
	X(evicted, evicted_stopped, "the process was stopped for too long")    \
	X(evicted, evicted_wedged, "the process did not respond")              \
	X(evicted, evicted_unreachable, "the mailbox was lost")                \
	X(evicted, evicted_late, "the process did not end with the server")    \
	X(crashed, crashed_killed, "SIGKILL: by somebody, or memory was out")  \
	X(crashed, crashed_fault, "SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGSYS")   \
	X(crashed, crashed_abort, "SIGABRT: what cannot happen did")           \
	X(crashed, crashed_signal, "another signal")                           \
	X(crashed, crashed_status, "an exit status without a meaning")         \
	X(internal, datagrams_discarded, "messages from nobody who is known")  \
	X(internal, lock_repairs, "the lock's holder died at its work")

enum dir_counter {
#define X(group, name, meaning) DIR_COUNT_##name,
	DIR_COUNTERS(X)
#undef X
	    DIR_N_COUNTERS
};

enum dir_counter_group {
#define X(name, meaning) DIR_GROUP_##name,
	DIR_COUNTER_GROUPS(X)
#undef X
	    DIR_N_GROUPS
};

/* "refused_full", "as many users were here as may be". */
const char *counter_name(enum dir_counter counter);
const char *counter_meaning(enum dir_counter counter);
enum dir_counter_group counter_group(enum dir_counter counter);

/* "refused", "clients turned away at the door". */
const char *counter_group_name(enum dir_counter_group group);
const char *counter_group_meaning(enum dir_counter_group group);

#endif
