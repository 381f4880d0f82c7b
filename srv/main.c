/* main.c - chatd's start: options, then the master. */
#include "ipc/descriptor.h"
#include "srv/master.h"
#include "srv/options.h"
#include "srv/title.h"

#include <stdio.h>

/* EX_USAGE of sysexits.h */
#define EXIT_USAGE 64

/* The status, unless what was printed did not get anywhere. */
static int
written(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	perror("chatd: standard output");
	return 1;
}

int
main(int argc, char *argv[])
{
	struct options options;

	descriptor_open_standard();
	title_init(argc, argv);
	switch (options_parse(argc, argv, &options)) {
	case OPTIONS_RUN:
		return options.check ? written(master_check(&options))
				     : master_run(&options);
	case OPTIONS_DONE:
		return written(0);
	case OPTIONS_USAGE:
		break;
	}
	return EXIT_USAGE;
}
