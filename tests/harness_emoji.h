/* harness_emoji.h - what is seen as one character and is several, and others
 * that are hard to draw. */
#ifndef TESTS_HARNESS_EMOJI_H
#define TESTS_HARNESS_EMOJI_H

#define ACUTE "\xcc\x81"
#define JOINER "\xe2\x80\x8d"
#define WOMAN "\xf0\x9f\x91\xa9"
#define GIRL "\xf0\x9f\x91\xa7"
#define FAMILY WOMAN JOINER WOMAN JOINER GIRL
/* two letters, which are a flag */
#define DE "\xf0\x9f\x87\xa9\xf0\x9f\x87\xaa"
#define HEART "\xe2\x9d\xa4\xef\xb8\x8f"
#define BROWN_THUMB "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd"
/* turns round what follows */
#define OVERRIDE "\xe2\x80\xae"

#endif
