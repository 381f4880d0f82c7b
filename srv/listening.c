/* listening.c - the addresses of the door, opened as the options ask for.
 *
 * Part of the master's start (startup.c). */
#include "srv/master.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* When one free port has to serve several addresses and is taken on one. */
#define FREE_PORT_TRIES 16

struct port_search {
	const struct run_dir *run_dir;
	unsigned port;
	char instance[INSTANCE_MAX_BYTES + 1];
	pid_t pid;
};

static bool
listens_on(const struct directory *dir, unsigned port)
{
	char address[DIR_ADDRESS_BYTES];

	for (uint32_t i = 0; directory_listener(dir, i, address); i++) {
		const char *colon = strrchr(address, ':');

		if (colon != NULL && (unsigned)atoi(colon + 1) == port)
			return true;
	}
	return false;
}

static bool
look_for_port(const char *instance, void *arg)
{
	struct port_search *search = arg;
	char shm_name[INSTANCE_SHM_BYTES];
	struct directory *dir;
	pid_t pid;

	instance_shm_name(shm_name, search->run_dir->uid, instance);
	if (directory_open(shm_name, search->run_dir->uid, &dir) != DIR_OPENED)
		return true;
	pid = directory_master_pid(dir);
	if (pid != 0 && listens_on(dir, search->port)) {
		search->pid = pid;
		snprintf(
		    search->instance, sizeof search->instance, "%s", instance);
	}
	directory_close(dir);
	return search->pid == 0;
}

static bool
is_named_twice(const struct door *door, const struct listener *failed)
{
	return listener_is_among(failed, door->listeners, door->n_listeners);
}

static const char *
remedy(int error)
{
	switch (error) {
	case EACCES:
		return "; take a port from 1024 on with --listen";
	case EADDRNOTAVAIL:
		return "; take an address that this machine has";
	default:
		return "";
	}
}

static void
tell_failure(struct master *m, const struct listener *failed, const char *why)
{
	struct port_search search = {
		.run_dir = &m->run_dir,
		.port = failed->port,
	};

	if (why == NULL && errno == EADDRINUSE &&
	    is_named_twice(&m->door, failed)) {
		findings_error(&m->findings,
		    "cannot listen on %s twice; name it once", failed->address);
		return;
	}
	if (why == NULL && errno == EADDRINUSE) {
		(void)instance_each(&m->run_dir, look_for_port, &search);
		if (search.pid != 0)
			findings_error(&m->findings,
			    "cannot listen on %s: chatd instance %s (pid "
			    "%d) does; take another port with --listen",
			    failed->address, search.instance, (int)search.pid);
		else
			findings_error(&m->findings,
			    "cannot listen on %s: another program does; "
			    "take another port with --listen",
			    failed->address);
		return;
	}
	findings_error(&m->findings, "cannot listen on %s: %s%s",
	    failed->address, why != NULL ? why : strerror(errno),
	    why != NULL ? "; take a name that can be looked up, or an address"
			: remedy(errno));
}

/* Add the listeners of one spec.  *free_port is what port 0 has become, 0 if
 * that is still open.  -1 with errno or *why_out. */
static int
add_listeners(struct door *door, const struct listen_spec *spec,
    unsigned *free_port, const char **why_out, struct listener *failed_out)
{
	struct listener *first = door->listeners + door->n_listeners;
	int n = listener_open(spec, *free_port, first,
	    MAX_LISTENERS - door->n_listeners, why_out, failed_out);

	if (n == -1)
		return -1;
	door->n_listeners += (size_t)n;
	if (atoi(spec->port) == 0)
		*free_port = first->port;
	return 0;
}

static void
close_listeners(struct door *door)
{
	while (door->n_listeners > 0)
		listener_close(&door->listeners[--door->n_listeners]);
}

enum opened { OPENED, NOT_OPENED, FREE_PORT_IS_TAKEN };

/* Open what was asked for, up to the first that cannot be; in a check, all that
 * can be.  `optional`: the machine may be without an address (::1 where IPv6 is
 * off). */
static enum opened
open_all(struct master *m, const struct listen_spec *specs, unsigned n,
    bool optional, bool may_try_again)
{
	enum opened result = OPENED;
	unsigned free_port = 0;

	for (unsigned i = 0; i < n; i++) {
		struct listener failed = { .fd = -1 };
		const char *why = NULL;

		if (add_listeners(
			&m->door, &specs[i], &free_port, &why, &failed) == 0)
			continue;
		if (optional && i > 0 && (why != NULL || errno != EADDRINUSE)) {
			findings_ok(&m->findings, "goes without %s: %s",
			    failed.address,
			    why != NULL ? why : strerror(errno));
			continue;
		}
		if (may_try_again && why == NULL && errno == EADDRINUSE &&
		    failed.port == free_port &&
		    !is_named_twice(&m->door, &failed))
			return FREE_PORT_IS_TAKEN;
		tell_failure(m, &failed, why);
		result = NOT_OPENED;
		if (!m->findings.is_check)
			break;
	}
	return result;
}

static int
open_listeners(struct master *m, const struct listen_spec *specs, unsigned n,
    bool optional)
{
	enum opened result = FREE_PORT_IS_TAKEN;

	for (int try = 1; result == FREE_PORT_IS_TAKEN; try++) {
		close_listeners(&m->door);
		result = open_all(m, specs, n, optional, try < FREE_PORT_TRIES);
	}
	for (size_t i = 0; i < m->door.n_listeners; i++)
		findings_ok(&m->findings, "can listen on %s",
		    m->door.listeners[i].address);
	/* The first is what the instance is called by, also when it cannot be
	 * had. */
	m->first_port = m->door.n_listeners > 0 ? m->door.listeners[0].port
						: (unsigned)atoi(specs->port);
	return result == OPENED ? 0 : -1;
}

int
master_listen(struct master *m)
{
	static const struct listen_spec loopback[] = {
		{ "127.0.0.1", CHATD_PORT },
		{ "::1", CHATD_PORT },
	};

	if (m->options->n_listen > 0)
		return open_listeners(
		    m, m->options->listen, m->options->n_listen, false);
	return open_listeners(m, loopback, 2, true);
}
