/* cluster_keys.h - the arrow keys, Backspace and Delete, which take what is
 * seen as one character for one.
 *
 * readline takes a flag for two and a family for three, and the cursor would
 * seem to stand still amid them. */
#ifndef CLI_CLUSTER_KEYS_H
#define CLI_CLUSTER_KEYS_H

/* Give every key that does so in readline's way ours, whichever the person's
 * inputrc has it be; once readline has all of its own. */
void cluster_keys_init(void);

#endif
