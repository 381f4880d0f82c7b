/* who_prompt.c - the question for a pattern of names, and its answer as it is
 * typed. */
#include "tools/who_prompt.h"

#include "ipc/text.h"
#include "tools/who_input.h"

#include <stdint.h>
#include <string.h>

/* A byte that is not shown as it is takes four at most. */
#define SHOWN_BYTES (4 * WHO_PROMPT_BYTES + 1)

/* Keys ------------------------------------------------------------------- */

#define CONTROL(letter) ((letter)&0x1f)
#define DELETE 0x7f

void
who_prompt_open(struct who_prompt *prompt)
{
	*prompt = (struct who_prompt){ .is_open = true };
}

static void
cut(struct who_prompt *prompt, size_t len)
{
	prompt->len = len;
	prompt->text[len] = '\0';
}

/* A character, which may be several bytes. */
static void
rub_out(struct who_prompt *prompt)
{
	size_t len = prompt->len;

	while (len > 0 && ((unsigned char)prompt->text[--len] & 0xc0) == 0x80)
		;
	cut(prompt, len);
}

static void
add(struct who_prompt *prompt, int key)
{
	if (key < ' ' || key > 255 || prompt->len == WHO_PROMPT_BYTES)
		return;
	prompt->text[prompt->len] = (char)key;
	cut(prompt, prompt->len + 1);
}

bool
who_prompt_press(struct who_prompt *prompt, int key)
{
	prompt->is_refused = false;
	switch (key) {
	case '\r':
	case '\n':
		return true;
	case WHO_KEY_ESCAPE:
	case WHO_KEY_INTERRUPT:
		prompt->is_open = false;
		return false;
	case DELETE:
	case CONTROL('H'):
		rub_out(prompt);
		return false;
	case CONTROL('U'):
		cut(prompt, 0);
		return false;
	default:
		add(prompt, key);
		return false;
	}
}

/* Printing --------------------------------------------------------------- */

/* Where the end of safe text begins that fits the width. */
static const char *
fitting_end(const char *text, size_t len, size_t width)
{
	while (text_width(text, len) > width) {
		uint32_t c;
		int n = text_decode(text, len, &c);

		text += n;
		len -= (size_t)n;
	}
	return text;
}

void
who_prompt_print(const struct who_prompt *prompt, size_t width, FILE *out)
{
	const char *question = prompt->is_refused
				   ? "That is not UTF-8.  Show names like: "
				   : "Show names like: ";
	size_t taken = strlen(question) + 1;
	char shown[SHOWN_BYTES];
	size_t len;

	if (!prompt->is_open)
		return;
	len = text_printable(shown, sizeof shown, prompt->text, prompt->len);
	(void)fprintf(out, "%s%s", question,
	    fitting_end(shown, len, width > taken ? width - taken : 0));
}
