/* config_file.h - the file of settings: where it is, and what it says. */
#ifndef CLI_CONFIG_FILE_H
#define CLI_CONFIG_FILE_H

#include "cli/buffer.h"
#include "cli/config.h"

/* Take in the file at `path`, or if that is NULL $XDG_CONFIG_HOME/chat/config,
 * by default ~/.config/chat/config; that one need not be there.  False: `error`
 * says what is wrong, and where. */
bool config_file_load(struct config *c, const char *path, struct buffer *error);

#endif
