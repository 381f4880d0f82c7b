/* harness_network.c - entering a network namespace; see the header. */
#include "tests/harness_network.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* -1 with errno. */
static int
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), result = 0;

	if (fd == -1)
		return -1;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		result = -1;
	close(fd);
	return result;
}

/* As an ordinary user: in a user namespace in which we are who we are. */
static int
unshare_as_user(void)
{
	char uid_map[64], gid_map[64];

	snprintf(uid_map, sizeof uid_map, "%u %u 1", geteuid(), geteuid());
	snprintf(gid_map, sizeof gid_map, "%u %u 1", getegid(), getegid());
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) == -1 ||
	    write_file("/proc/self/setgroups", "deny") == -1 ||
	    write_file("/proc/self/uid_map", uid_map) == -1)
		return -1;
	return write_file("/proc/self/gid_map", gid_map);
}

static void
set_loopback_up(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo" };

	cr_assert_neq(fd, -1);
	cr_assert_eq(ioctl(fd, SIOCGIFFLAGS, &request), 0);
	request.ifr_flags |= IFF_UP;
	cr_assert_eq(
	    ioctl(fd, SIOCSIFFLAGS, &request), 0, "%s", strerror(errno));
	close(fd);
}

void
network_of_its_own(void)
{
	if (unshare(CLONE_NEWNET) == -1 && unshare_as_user() == -1) {
		fprintf(stderr, "no network namespace: %s\n", strerror(errno));
		cr_skip_test("no network namespace can be had");
	}
	set_loopback_up();
}

void
network_add_addresses(const char *address, unsigned bits)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo:1" };
	struct sockaddr_in in = { .sin_family = AF_INET };

	cr_assert_neq(fd, -1);
	cr_assert_eq(inet_pton(AF_INET, address, &in.sin_addr), 1);
	memcpy(&request.ifr_addr, &in, sizeof in);
	cr_assert_eq(
	    ioctl(fd, SIOCSIFADDR, &request), 0, "%s", strerror(errno));
	in.sin_addr.s_addr = htonl(~UINT32_C(0) << (32 - bits));
	memcpy(&request.ifr_netmask, &in, sizeof in);
	cr_assert_eq(
	    ioctl(fd, SIOCSIFNETMASK, &request), 0, "%s", strerror(errno));
	close(fd);
}

void
network_set_mailbox_len(int n_datagrams)
{
	char text[16];

	snprintf(text, sizeof text, "%d", n_datagrams);
	cr_assert_eq(write_file("/proc/sys/net/unix/max_dgram_qlen", text), 0,
	    "%s", strerror(errno));
}
