/* language.c - the language that chat speaks with the person; see the header.
 */
#include "cli/language.h"

#include <stdlib.h>

#define DOMAIN "chat"

void
language_init(void)
{
	/* As for gettext(1): catalogues that are not installed (yet). */
	const char *dir = getenv("TEXTDOMAINDIR");

	(void)bindtextdomain(
	    DOMAIN, dir != NULL && dir[0] != '\0' ? dir : LOCALE_DIR);
	/* Whatever the locale's is: term.c sees to it that it is UTF-8. */
	(void)bind_textdomain_codeset(DOMAIN, "UTF-8");
	(void)textdomain(DOMAIN);
}
