/* slots.pml - the directory: slots, the index by name, sweep and repair of
 * ipc/directory.c, the writing of the news of ipc/news.c, and the readers without
 * a lock of ipc/directory_read.c and srv/relay.c.
 *
 * The master claims slots and forks; children join, rename, leave and end; any
 * child may be killed between any two steps, and the master sweeps it.  The
 * lock is taken for what lock.pml shows it to be: one step, held by one.  What
 * is modelled, what is not and how to read a counterexample: README.md.
 *
 * One statement is one atomic step of the C code that another process can see.
 * atomic { } and d_step { } join a step with what nobody else can see: decisions
 * on own variables, reading under the lock what only its holder changes, and
 * the assertions. */

/* The bounds, and what can happen; run gives them. */
#ifndef SLOTS
#define SLOTS 2
#endif
/* names 1 to NAMES */
#ifndef NAMES
#define NAMES 2
#endif
/* children that are ever started */
#ifndef CLAIMS
#define CLAIMS 3
#endif
/* how many of them are killed */
#ifndef DEATHS
#define DEATHS 0
#endif
/* names that a child may ask for when it has one, or was refused one */
#ifndef MORE_NAMES
#define MORE_NAMES 1
#endif
#define BUCKETS 2
#define NO_SLOT SLOTS
/* 1 and 2 meet in a chain, 3 is in another */
#define BUCKET(name) ((name) / 3)

/* enum dir_state, and the presence word */
#define FREE 0
#define CLAIMED 1
#define JOINED 2
#define LEAVING 3
#define PRESENCE(generation, state) ((generation) * 4 + (state))
#define STATE(presence_word) ((presence_word) % 4)
#define GENERATION(presence_word) ((presence_word) / 4)

/* The lock word */
#define LOCK_FREE 0
#define MASTER_IDENTITY 255
#define IDENTITY(slot, generation) (((slot) + 1) * 16 + (generation))

/* struct dir_header, the buckets and the slots.  Each of the two names of a
 * slot has two halves, so that one may be half written; `from` stands for all
 * that the claim writes and is the generation that it was written for. */
byte holder = LOCK_FREE;
bit roster;
byte n_joined;
byte presence[SLOTS];
byte bucket[BUCKETS] = NO_SLOT;
byte next[SLOTS] = NO_SLOT;
bit changes[SLOTS];
bit which_name[SLOTS];
byte from[SLOTS];
byte name_low[SLOTS * 2];
byte name_high[SLOTS * 2];

/* The entry of the news behind the head.  Once it is published the head is
 * elsewhere, where the entry has an old mark: not whole. */
#define NEWS_NONE 0
#define NEWS_JOINED 1
#define NEWS_LEFT 2
#define NEWS_RENAMED 3
bool news_is_whole;
byte news_kind, news_who, news_name;

#define NAME_INDEX(slot) (2 * (slot) + which_name[slot])
#define NAME(slot) name_low[NAME_INDEX(slot)]
#define IS_WHOLE(slot) \
	(name_low[NAME_INDEX(slot)] == name_high[NAME_INDEX(slot)])

/* What the kernel knows, and the master's own: struct children, the queue of
 * free slots (here a set: every order is tried). */
bool forked[SLOTS];
bool killed[SLOTS];
bool zombie[SLOTS];
byte entry_generation[SLOTS];
bool may_claim[SLOTS] = true;
bool master_is_done;

/* For the properties alone: the name under which the news last had this slot in
 * the room, 0 if it did not; the names that the slot which is read has had since
 * the reader began; whether somebody had the name that is looked for, and who
 * has it all the while. */
byte told_name[SLOTS];
bool entry_moved, roster_moved;
byte window;
bool was_here;
byte stays = NO_SLOT;

#ifdef READER_OF_ENTRY
#define READ_SLOT 0
#endif
#define WANTED 1

/* What the master writes and only a reader of the entry can see half done: one
 * step if there is no such reader. */
#ifdef READER_OF_ENTRY
#define UNSEEN
#else
#define UNSEEN atomic
#endif

/* Counters have 32 and 64 bits and do not come round while somebody looks: all
 * that is ever seen of them is whether they are odd, and whether they have moved
 * since the reader looked. */
#define BUMP_CHANGES(slot) \
	d_step { \
		changes[slot] = 1 - changes[slot]; \
		entry_moved = true \
	}
#define BUMP_ROSTER \
	d_step { \
		roster = 1 - roster; \
		roster_moved = true \
	}

#if SLOTS == 1
#define NOBODY_LEFT (!forked[0])
#elif SLOTS == 2
#define NOBODY_LEFT (!forked[0] && !forked[1])
#else
#define NOBODY_LEFT (!forked[0] && !forked[1] && !forked[2])
#endif

#ifdef CHECK_TERMINATION
ltl everybody_is_swept { <> (master_is_done && NOBODY_LEFT) }
#endif

/* The properties ---------------------------------------------------------- */

/* No name is held by two: whoever is JOINED has a whole name, and no other who
 * is JOINED has it.  Stands at every store that gives a name to somebody. */
inline check_name(slot)
{
	if
	:: STATE(presence[slot]) == JOINED ->
		assert(NAME(slot) != 0 && IS_WHOLE(slot));
		k = 0;
		do
		:: k < SLOTS ->
			assert(k == slot || STATE(presence[k]) != JOINED ||
			    NAME(k) != NAME(slot));
			k++
		:: else -> break
		od;
		k = 0
	:: else
	fi
}

/* When the lock is given back the index has each who is JOINED once, in the
 * bucket of his name, and nobody else; the figures are true; and the news has
 * told just what is so. */
inline check_index()
{
	assert(roster == 0);
	n = 0;
	b = 0;
	do
	:: b < BUCKETS ->
		k = bucket[b];
		do
		:: k != NO_SLOT ->
			assert(STATE(presence[k]) == JOINED);
			assert(IS_WHOLE(k) && BUCKET(NAME(k)) == b);
			n++;
			assert(n <= SLOTS);
			k = next[k]
		:: else -> break
		od;
		b++
	:: else -> break
	od;
	assert(n == n_joined);
	k = 0;
	do
	:: k < SLOTS ->
		if
		:: STATE(presence[k]) == JOINED ->
			assert(told_name[k] == NAME(k));
			n--
		:: else -> assert(told_name[k] == 0)
		fi;
		k++
	:: else -> break
	od;
	assert(n == 0);
	k = 0; b = 0
}

/* Tells the readers' properties that `slot` has this name, or a new state. */
inline note_name(slot)
{
#ifdef READER_OF_ENTRY
	if
	:: slot == READ_SLOT -> window = window | (1 << NAME(slot))
	:: else
	fi
#endif
#ifdef FINDER
	if
	:: STATE(presence[slot]) == JOINED && NAME(slot) == WANTED ->
		was_here = true
	:: else
	fi;
	if
	:: stays == slot -> stays = NO_SLOT
	:: else
	fi
#endif
	skip
}

/* Both sides: the news under the lock -------------------------------------- */

/* news_write_locked */
inline news_write(kind, slot, name)
{
	news_is_whole = false;
	d_step { news_kind = kind; news_who = slot; news_name = name };
	news_is_whole = true
}

/* news_publish_locked: one fetch-and-add.  Everything is told once and in its
 * order. */
inline news_publish()
{
	d_step {
		assert(news_is_whole);
		assert((news_kind == NEWS_JOINED) ==
		    (told_name[news_who] == 0));
		if
		:: news_kind == NEWS_LEFT -> told_name[news_who] = 0
		:: else -> told_name[news_who] = news_name
		fi;
		news_is_whole = false;
		news_kind = NEWS_NONE; news_who = 0; news_name = 0
	}
}

/* Both sides: the slot ---------------------------------------------------- */

/* set_state: one store.  Only the slot's own child writes the word
 * while it lives, so the load before it sees nothing new. */
inline set_state(slot, state)
{
	d_step {
		presence[slot] = PRESENCE(GENERATION(presence[slot]), state);
		check_name(slot);
		note_name(slot)
	}
}

inline begin_write(slot)
{
#ifdef WRITE_WITHOUT_COUNTING
	skip
#else
#ifdef FINDER
	atomic {
		if
		/* unreached: in a join, whose slot nobody has found */
		:: stays == slot -> stays = NO_SLOT /* unreached: see above */
		:: else
		fi;
		BUMP_CHANGES(slot)
	}
#else
	BUMP_CHANGES(slot)
#endif
#endif
}

inline end_write(slot)
{
#ifdef WRITE_WITHOUT_COUNTING
	skip
#else
	BUMP_CHANGES(slot)
#endif
}

/* The index: all under the lock, whose holder alone writes it; reading it is
 * joined with the step that follows. */
inline assert_locked()
{
	assert(holder == self)
}

/* index_find_locked */
inline index_find(name, found)
{
	d_step {
		assert_locked();
		found = bucket[BUCKET(name)];
		do
		:: found != NO_SLOT && NAME(found) != name ->
			found = next[found]
		:: else -> break
		od
	}
}

/* index_add_locked */
inline index_add(slot)
{
	d_step { assert_locked();
		next[slot] = bucket[BUCKET(NAME(slot))] };
	bucket[BUCKET(NAME(slot))] = slot
}

/* index_remove_locked: the walk, then one store to the link that it found. */
inline index_remove(slot)
{
	d_step {
		assert_locked();
		k = bucket[BUCKET(NAME(slot))];
		if
		:: k == slot -> bucket[BUCKET(NAME(slot))] = next[slot]
		:: else ->
			do
			:: k != NO_SLOT && next[k] != slot -> k = next[k]
			:: else -> break
			od;
			/* bug("slot %u is not in the index") */
			assert(k != NO_SLOT);
			next[k] = next[slot]
		fi;
		k = 0
	}
}

/* lock_take as lock.pml has it: it comes when it is free.  Whoever is told
 * DIR_BUSY and tries again has changed nothing and is here again. */
inline take_lock()
{
	atomic { holder == LOCK_FREE -> holder = self };
#ifndef CHANGE_WITHOUT_ROSTER
	BUMP_ROSTER
#endif
}

inline give_lock()
{
#ifndef CHANGE_WITHOUT_ROSTER
	BUMP_ROSTER;
#endif
	d_step { assert_locked(); check_index(); holder = LOCK_FREE }
}

/* The child's side -------------------------------------------------------- */

/* A name that the client asks for.  It did so before the lock was taken, but
 * until then nobody can tell which it is. */
inline want()
{
	if
	:: wanted = 1
	:: wanted = 2
#if NAMES > 2
	:: wanted = 3
#endif
	fi
}

/* write_name_locked.  joined_at is left out: one more word that stands between
 * the same two counts. */
inline write_name(slot, name)
{
	begin_write(slot);
#ifdef WRITE_NAME_IN_PLACE
	other = which_name[slot];
#else
	other = 1 - which_name[slot];
#endif
	name_low[2 * slot + other] = name;
	name_high[2 * slot + other] = name;
	d_step {
		which_name[slot] = other;
		other = 0;
		check_name(slot);
		note_name(slot)
	};
	end_write(slot)
}

/* directory_join: `result` is DIR_OK or DIR_NAME_TAKEN. */
inline directory_join()
{
#ifdef JOIN_CHECKS_BEFORE_THE_LOCK
	want();
	d_step {
		found = bucket[BUCKET(wanted)];
		do
		:: found != NO_SLOT && NAME(found) != wanted ->
			found = next[found]
		:: else -> break
		od
	};
	take_lock();
#else
	take_lock();
	atomic { want(); index_find(wanted, found) };
#endif
	if
	:: found == NO_SLOT ->
#ifdef JOIN_PUBLISHES_FIRST
		set_state(slot, JOINED);
#endif
		write_name(slot, wanted);
#ifndef JOIN_FORGETS_INDEX
		index_add(slot);
#endif
#ifndef NEWS_AFTER_THE_CHANGE
		news_write(NEWS_JOINED, slot, wanted);
#endif
#ifndef JOIN_PUBLISHES_FIRST
		set_state(slot, JOINED);
#endif
#ifdef NEWS_AFTER_THE_CHANGE
		news_write(NEWS_JOINED, slot, wanted);
#endif
		news_publish();
		n_joined++;
		is_here = true
	:: else
	fi;
	give_lock()
}

/* directory_rename; not to the name that it has (user_take_name). */
inline directory_rename()
{
	take_lock();
	atomic { want(); index_find(wanted, found) };
	if
#ifdef RENAME_WITHOUT_LOOKING
	:: true ->
#else
	:: found == NO_SLOT ->
#endif
#ifndef RENAME_KEEPS_INDEX
		index_remove(slot);
#endif
		news_write(NEWS_RENAMED, slot, wanted);
		write_name(slot, wanted);
		news_publish();
#ifndef RENAME_KEEPS_INDEX
		index_add(slot)
#endif
	:: else
	fi;
	give_lock()
}

/* directory_leave */
inline directory_leave()
{
	take_lock();
	news_write(NEWS_LEFT, slot, 0);
	set_state(slot, LEAVING);
	news_publish();
	index_remove(slot);
	n_joined--;
	give_lock();
	is_here = false
}

/* child_run, as far as the directory sees it. */
proctype Child(byte slot)
{
	byte self;
	byte wanted, found, other, n_more;
	bool is_here;
	byte k, n, b;

end_unborn:
	/* directory_become */
	atomic {
		forked[slot] && !zombie[slot] ->
		self = IDENTITY(slot, GENERATION(presence[slot]))
	};
	{
		/* user_take_name, user_leave.  The client may go, or the lock
		 * not come for LOCK_GIVE_UP_MS, before there is a name.  One
		 * that ends without having left or told all, since something
		 * gave out, is to the directory one that was killed there. */
		do
		:: !is_here && n_more <= MORE_NAMES ->
			directory_join();
			atomic { wanted = 0; found = 0; n_more++ }
		:: !is_here -> break
		:: is_here && n_more <= MORE_NAMES ->
			directory_rename();
			atomic { wanted = 0; found = 0; n_more++ }
		:: is_here ->
			directory_leave();
			/* directory_gone */
			set_state(slot, FREE);
			break
		od;
		/* _exit */
		goto ended
	} unless {
		/* kill -9: no further step, and what it wrote remains */
		killed[slot]
	};
ended:
	atomic {
		self = 0; wanted = 0; found = 0; other = 0; n_more = 0;
		is_here = false; k = 0; n = 0; b = 0;
		killed[slot] = false;
		zombie[slot] = true;
		goto end_unborn
	}
}

/* The master's side ------------------------------------------------------- */

/* directory_claim and fork.  A fork that fails, after which serve() sweeps, is to
 * the directory a child that is killed before its first step.  pids are left
 * out: each is one word by itself, and nothing here reads them.  n_slots_used is left out: slots that were never
 * claimed are FREE to whoever looks. */
inline claim_and_fork()
{
	/* children_add's bug("slot %u has pid %d already") */
	d_step { assert(!forked[slot]); may_claim[slot] = false };
	UNSEEN {
		begin_write(slot);
		from[slot] = GENERATION(presence[slot]) + 1;
		name_low[2 * slot] = 0;
		name_high[2 * slot] = 0;
		name_low[2 * slot + 1] = 0;
		name_high[2 * slot + 1] = 0;
		which_name[slot] = 0;
		end_write(slot)
	};
	d_step {
		presence[slot] =
		    PRESENCE(GENERATION(presence[slot]) + 1, CLAIMED);
		entry_generation[slot] = GENERATION(presence[slot]);
		n_claims++
	};
	forked[slot] = true
}

/* begin_repair: the roster is odd from here on, as after take_lock. */
inline begin_repair()
{
#ifndef REPAIR_WITHOUT_ROSTER
	if
	:: roster == 0 -> BUMP_ROSTER
	:: else
	fi
#else
	skip
#endif
}

/* repair_news_locked: what the dead was about to tell is told if has_happened
 * says so. */
inline repair_news(slot)
{
#ifndef REPAIR_FORGETS_NEWS
	if
	:: atomic { news_is_whole && news_who == slot &&
#ifdef REPAIR_BELIEVES_NEWS
	    news_kind != NEWS_NONE
#else
	    ((news_kind == NEWS_JOINED && STATE(presence[slot]) == JOINED) ||
		(news_kind == NEWS_LEFT && STATE(presence[slot]) == LEAVING) ||
		(news_kind == NEWS_RENAMED && NAME(slot) == news_name))
#endif
	    -> skip };
		news_publish()
	:: else
	fi
#else
	skip
#endif
}

/* repair_locked and give_lock */
inline repair_and_give()
{
#ifndef REPAIR_WITHOUT_INDEX
	do
	:: i < BUCKETS -> atomic { bucket[i] = NO_SLOT; i++ }
	:: atomic { else -> i = 0; break }
	od;
#endif
	do
	:: i < SLOTS ->
		if
		:: STATE(presence[i]) == JOINED ->
#ifndef REPAIR_WITHOUT_INDEX
			index_add(i);
#endif
			atomic { count++; i++ }
		:: atomic { else -> i++ }
		fi
	:: atomic { else -> i = 0; break }
	od;
	atomic { n_joined = count; count = 0 };
#ifdef REPAIR_WITHOUT_ROSTER
	if
	:: roster == 1 -> BUMP_ROSTER
	:: else
	fi;
	d_step { assert_locked(); check_index(); holder = LOCK_FREE }
#else
	give_lock()
#endif
}

/* remove_locked */
inline remove(slot)
{
	news_write(NEWS_LEFT, slot, 0);
	set_state(slot, FREE);
	news_publish()
}

/* reap, directory_sweep: `ok` is false on DIR_BUSY. */
inline sweep()
{
	ok = true;
#ifndef SWEEP_WITHOUT_MENDING
	/* mend_write */
	if
	:: changes[slot] == 1 -> end_write(slot)
	:: else
	fi;
#endif
	/* bug("slot %u swept for generation %u, has %u") */
	d_step {
		assert(GENERATION(presence[slot]) == entry_generation[slot]);
		was = STATE(presence[slot])
	};
	if
	/* lock_seize */
	:: atomic {
		holder == IDENTITY(slot, entry_generation[slot]) ->
		holder = self
	};
		begin_repair();
		repair_news(slot);
#ifndef SWEEP_KEEPS_THE_DEAD
		if
		:: STATE(presence[slot]) == JOINED -> remove(slot)
		:: else
		fi;
#endif
		repair_and_give()
	:: atomic {
		holder != IDENTITY(slot, entry_generation[slot]) &&
		    was != JOINED -> skip
	}
	:: atomic {
		holder != IDENTITY(slot, entry_generation[slot]) &&
		    was == JOINED -> skip
	};
		if
		:: take_lock();
#ifndef SWEEP_FORGETS_INDEX
			index_remove(slot);
#endif
			remove(slot);
			n_joined--;
			give_lock()
		/* DIR_BUSY */
		:: atomic { holder != LOCK_FREE -> ok = false }
		fi
	fi;
	if
	:: atomic { ok -> was = 0 };
		/* unclaim; then waitid without WNOWAIT */
		set_state(slot, FREE);
		atomic {
			may_claim[slot] = true;
			forked[slot] = false;
			zombie[slot] = false
		}
	:: atomic { !ok -> was = 0 }
	fi
}

/* accept_clients and master_reap.  Which dead child comes first is not said:
 * the one that waitid finds, or by reap_lock_holder the one with the lock. */
#ifdef CLAIM_BEFORE_REAPING
#define MAY_CLAIM(slot) (n_claims < CLAIMS && STATE(presence[slot]) == FREE)
#else
#define MAY_CLAIM(slot) (n_claims < CLAIMS && may_claim[slot])
#endif

proctype Master()
{
	byte self = MASTER_IDENTITY;
	byte slot, i, count, was, n_claims;
	bool ok;
	byte k, n, b;

	do
	::
		if
		:: atomic { MAY_CLAIM(0) -> slot = 0 }
#if SLOTS > 1
		:: atomic { MAY_CLAIM(1) -> slot = 1 }
#endif
#if SLOTS > 2
		:: atomic { MAY_CLAIM(2) -> slot = 2 }
#endif
		fi;
		claim_and_fork()
	::
		if
		:: atomic { zombie[0] -> slot = 0 }
#if SLOTS > 1
		:: atomic { zombie[1] -> slot = 1 }
#endif
#if SLOTS > 2
		:: atomic { zombie[2] -> slot = 2 }
#endif
		fi;
		sweep()
	:: n_claims > 0 && NOBODY_LEFT -> break
	od;
	/* Everybody is dead and swept: the directory is as it was made. */
	atomic {
		assert(holder == LOCK_FREE && n_joined == 0);
		check_index();
		do
		:: k < SLOTS ->
			assert(STATE(presence[k]) == FREE);
#ifndef SWEEP_WITHOUT_MENDING
			assert(changes[k] == 0);
#endif
			k++
		:: else -> break
		od;
		k = 0;
		master_is_done = true
	}
}

/* kill -9 of a child, at any moment; it may kill fewer than it could, so that
 * fairness forces no death. */
#define IS_ALIVE(slot) (forked[slot] && !zombie[slot] && !killed[slot])

proctype Killer()
{
	byte n_deaths;

	do
	:: atomic { n_deaths < DEATHS && IS_ALIVE(0) ->
		killed[0] = true; n_deaths++ }
#if SLOTS > 1
	:: atomic { n_deaths < DEATHS && IS_ALIVE(1) ->
		killed[1] = true; n_deaths++ }
#endif
#if SLOTS > 2
	:: atomic { n_deaths < DEATHS && IS_ALIVE(2) ->
		killed[2] = true; n_deaths++ }
#endif
	:: break
	od
}

/* Readers without the lock ------------------------------------------------ */

#ifdef READER_OF_ENTRY
/* What the last comparisons of try_read would find: then the copy will not be
 * taken, whatever else is read, and there is no need to follow it. */
#ifdef READ_WITHOUT_SECOND_LOOK
#define HAS_COUNTED false
#else
#define HAS_COUNTED (has_looked && entry_moved)
#endif
#ifdef READ_WITHOUT_PRESENCE
#define WILL_FAIL HAS_COUNTED
#else
#define WILL_FAIL (HAS_COUNTED || presence[READ_SLOT] != presence_before)
#endif

/* directory_read of one slot: try_read, again and again.  A row that it takes
 * for whole is one that the slot had at some moment since it began.  The plain
 * fields may be read in any order; it makes no difference here. */
proctype ReaderOfEntry()
{
	byte presence_before;
	bool has_looked;
	byte row_from, row_which, row_low, row_high;

end_reading:
	do
	::
		d_step {
			presence_before = presence[READ_SLOT];
			window = 1 << NAME(READ_SLOT)
		};
		{
			atomic {
				entry_moved = false;
				has_looked = true;
				if
				:: changes[READ_SLOT] == 0
#ifdef READ_WHILE_WRITING
				:: changes[READ_SLOT] == 1
#else
				:: changes[READ_SLOT] == 1 -> goto again
#endif
				fi
			};
			row_from = from[READ_SLOT];
			row_which = which_name[READ_SLOT];
			row_low = name_low[2 * READ_SLOT + row_which];
			row_high = name_high[2 * READ_SLOT + row_which];
			/* changes and presence are as before */
			d_step {
				assert(row_low == row_high);
				/* Of a slot that is FREE nobody uses more. */
				assert(STATE(presence_before) == FREE ||
				    row_from == GENERATION(presence_before));
				assert(STATE(presence_before) < JOINED ||
				    (row_low != 0 &&
					(window & (1 << row_low))))
			}
		} unless {
			WILL_FAIL
		};
again:
		atomic {
			presence_before = 0; has_looked = false; row_from = 0;
			row_which = 0; row_low = 0; row_high = 0; window = 0
		}
	od
}
#endif

#ifdef FINDER
/* is_here_as: a row that directory_read takes for whole is one that the slot
 * had at one moment (READER_OF_ENTRY shows it): so it is taken in one step here.
 * While it is being written it may be unreadable. */
inline is_here_as(slot)
{
	is_found = (changes[slot] == 0 && STATE(presence[slot]) == JOINED &&
	    NAME(slot) == WANTED)
}

/* directory_find: each of its tries, and scan_find after any of them.  "Found"
 * is true of a moment since the try began; "not found" is not said of somebody
 * who had the name, and was not being written, all the while.  When neither can
 * go wrong any more the try need not be followed. */
proctype Finder()
{
	bit roster_before;
	byte at, n_steps;
	bool is_found;

end_finding:
	do
	::
		atomic {
			roster_before = roster;
			roster_moved = false;
			was_here = false;
			stays = NO_SLOT;
			do
			:: at < SLOTS ->
				if
				:: STATE(presence[at]) == JOINED &&
				    NAME(at) == WANTED ->
					was_here = true;
					if
					:: changes[at] == 0 -> stays = at
					:: else
					fi
				:: else
				fi;
				at++
			:: else -> at = 0; break
			od
		};
		{
			/* index_find */
			at = bucket[BUCKET(WANTED)];
			do
			:: atomic { at == NO_SLOT || n_steps == SLOTS -> break }
			:: atomic { at != NO_SLOT && n_steps < SLOTS ->
				is_here_as(at) };
				if
				:: atomic { is_found -> break }
				:: atomic { !is_found ->
					at = next[at]; n_steps++ }
				fi
			od;
			if
			:: atomic { is_found -> assert(was_here) }
#ifdef FIND_BELIEVES_THE_INDEX
			:: atomic { !is_found -> assert(stays == NO_SLOT) }
#else
			:: atomic { !is_found && roster_before == 0 &&
			    !roster_moved -> assert(stays == NO_SLOT) }
			:: atomic { !is_found &&
			    (roster_before == 1 || roster_moved) -> at = 0 };
				/* scan_find */
				do
				:: atomic { at < SLOTS ->
					is_here_as(at);
					if
					:: is_found ->
						assert(was_here); break
					:: else -> at++
					fi }
				:: atomic { at == SLOTS ->
					assert(stays == NO_SLOT); break }
				od
#endif
			fi
		} unless {
			stays == NO_SLOT && was_here
		};
		atomic {
			roster_before = 0; at = 0; n_steps = 0;
			is_found = false; was_here = false; stays = NO_SLOT
		}
	od
}
#endif

#ifdef SENDER
/* A list that was begun under another roster is not looked at again. */
#ifdef SEND_KEEPS_ANY_LIST
#define IS_OF_NO_USE false
#else
#define IS_OF_NO_USE roster_moved
#endif

/* relay_recipients, that is refresh and read_list: a list is made, and used for
 * as long as the roster is what it was before.  Nobody who is JOINED when the
 * list is used is missing from it, and nobody who has left is on it but for the
 * dead. */
proctype Sender()
{
	byte list[SLOTS];
	byte at;

end_sending:
	do
	::
		/* directory_roster.  A list that was made while it is odd is
		 * used once; what it holds is what is true as it is made. */
		atomic {
#ifndef SEND_KEEPS_ANY_LIST
			roster == 0 ->
#endif
			roster_moved = false
		};
		{
			do
			:: atomic { at < SLOTS ->
				if
				:: STATE(presence[at]) == JOINED ->
					list[at] = GENERATION(presence[at])
				:: else -> list[at] = 0
				fi;
				at++ }
			:: atomic { at == SLOTS -> at = 0; break }
			od;
			/* The list is kept, and this is the next message. */
			do
			:: atomic { !roster_moved ->
				do
				:: at < SLOTS ->
					assert(STATE(presence[at]) != JOINED ||
					    list[at] ==
						GENERATION(presence[at]));
					assert(list[at] == 0 || zombie[at] ||
					    presence[at] ==
						PRESENCE(list[at], JOINED));
					at++
				:: else -> at = 0; break
				od }
			:: atomic { roster_moved -> break }
			od
		} unless {
			IS_OF_NO_USE
		};
		atomic {
			at = 0;
			do
			:: at < SLOTS -> list[at] = 0; at++
			:: else -> at = 0; break
			od
		}
	od
}
#endif

init {
	atomic {
		run Child(0);
#if SLOTS > 1
		run Child(1);
#endif
#if SLOTS > 2
		run Child(2);
#endif
		run Master();
#ifdef READER_OF_ENTRY
		run ReaderOfEntry();
#endif
#ifdef FINDER
		run Finder();
#endif
#ifdef SENDER
		run Sender();
#endif
		run Killer()
	}
}
