/* harness_network.h - a network namespace of the test's own: sysctls, addresses
 * and lost packets that nobody else has to live with. */
#ifndef TESTS_HARNESS_NETWORK_H
#define TESTS_HARNESS_NETWORK_H

/* Move this process, and what it starts from here on, into a network namespace
 * that has nothing but a loopback.  Skips the test, and says so, where neither
 * root nor user namespaces are to be had. */
void network_of_its_own(void);

/* In a network of its own: have the loopback be all of ADDRESS/BITS too, which
 * are to the server addresses of others. */
void network_add_addresses(const char *address, unsigned bits);

/* In a network of its own: datagrams that fit into a UNIX socket made later. */
void network_set_mailbox_len(int n_datagrams);

#endif
