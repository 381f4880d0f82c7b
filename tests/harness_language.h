/* harness_language.h - a test that speaks another language, and what of a text
 * is English still. */
#ifndef TESTS_HARNESS_LANGUAGE_H
#define TESTS_HARNESS_LANGUAGE_H

/* From here on chat's code within the test speaks Chinese, out of the catalogue
 * of the build. */
void speak_chinese(void);

/* The first word in Latin letters that is none of the `known`, which stand with
 * a blank before and behind each; NULL: there is none.  In static storage. */
const char *english_word(const char *text, const char *known);

#endif
