/* test_name.c - what is a name, and when two are the same. */
#include "ipc/name.h"

#include "ipc/text.h"
#include "tests/harness.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <string.h>

TestSuite(name, .timeout = SUITE_TIMEOUT);

struct name_case {
	char text[160];
	enum name_result result;
	char why[48];
};

#define A8 "aaaaaaaa"
/* A character of four bytes that is a letter: Gothic ahsa. */
#define G4 "\xf0\x90\x8c\xb0\xf0\x90\x8c\xb0\xf0\x90\x8c\xb0\xf0\x90\x8c\xb0"
/* The ligature that folds to eighteen characters, 33 bytes. */
#define SALLA "\xef\xb7\xba"

ParameterizedTestParameters(name, is_parsed)
{
	static struct name_case cases[] = {
		{ "alice", NAME_OK, "plain" },
		{ "a", NAME_OK, "one letter" },
		{ "7", NAME_OK, "one digit" },
		{ "_", NAME_OK, "punctuation that is allowed" },
		{ "-.-", NAME_OK, "punctuation that is allowed" },
		{ "J.R._Ewing-2", NAME_OK, "all together" },
		{ "Ren\xc3\xa9", NAME_OK, "Latin, composed" },
		{ "Rene\xcc\x81", NAME_OK, "Latin, combining acute" },
		{ "\xc3\x9f", NAME_OK, "sharp s" },
		{ "\xce\xa3\xce\xaf\xcf\x83\xcf\x85\xcf\x86\xce\xbf\xcf\x82",
		    NAME_OK, "Greek with final sigma" },
		{ "\xd0\x98\xd0\xb2\xd0\xb0\xd0\xbd", NAME_OK, "Cyrillic" },
		{ "\xe5\xbc\xa0\xe4\xbc\x9f", NAME_OK, "Chinese" },
		{ "\xe3\x81\x95\xe3\x81\x8f\xe3\x82\x89", NAME_OK, "Hiragana" },
		{ "\xe3\x82\xb5\xe3\x82\xaf\xe3\x83\xa9", NAME_OK, "Katakana" },
		{ "\xea\xb9\x80\xeb\xaf\xbc\xec\xa4\x80", NAME_OK, "Hangul" },
		{ "\xd8\xb9\xd9\x84\xd9\x8a", NAME_OK, "Arabic" },
		{ "\xd9\x85\xd9\x8f\xd8\xad\xd9\x8e\xd9\x85\xd9\x91\xd8\xaf",
		    NAME_OK, "Arabic with vowel marks" },
		{ "\xd7\x93\xd7\x95\xd7\x93", NAME_OK, "Hebrew" },
		{ "\xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\xa8\xe0\xa5\x8d\xe0\xa4"
		  "\xa6\xe0\xa5\x80",
		    NAME_OK, "Devanagari with marks" },
		{ "\xe0\xb8\xaa\xe0\xb8\xa1\xe0\xb8\x8a\xe0\xb8\xb2\xe0\xb8"
		  "\xa2",
		    NAME_OK, "Thai" },
		{ "\xe0\xb8\x81\xe0\xb8\xb4\xe0\xb9\x88\xe0\xb8\x87", NAME_OK,
		    "Thai with a vowel and a tone above" },
		{ "\xef\xbc\xa1\xef\xbd\x82", NAME_OK, "fullwidth" },
		{ "\xd9\xa3\xd9\xa7", NAME_OK, "Arabic-Indic digits" },
		{ "\xf0\x90\x8c\xb0", NAME_OK, "beyond the basic plane" },

		{ "", NAME_EMPTY, "" },
		{ "two words", NAME_BAD_CHARACTER, "space" },
		{ " alice", NAME_BAD_CHARACTER, "leading space" },
		{ "alice ", NAME_BAD_CHARACTER, "trailing space" },
		{ "a\xc2\xa0"
		  "b",
		    NAME_BAD_CHARACTER, "no-break space" },
		{ "a\xe3\x80\x80"
		  "b",
		    NAME_BAD_CHARACTER, "CJK space" },
		{ "a\tb", NAME_BAD_CHARACTER, "tab" },
		{ "a\r", NAME_BAD_CHARACTER, "carriage return" },
		{ "\x1b[1m", NAME_BAD_CHARACTER, "escape" },
		{ "a\x7f", NAME_BAD_CHARACTER, "DEL" },
		{ "a\xc2\x85", NAME_BAD_CHARACTER, "C1" },
		{ "*", NAME_BAD_CHARACTER, "first character of a notice" },
		{ "!", NAME_BAD_CHARACTER, "first character of a refusal" },
		{ "[a", NAME_BAD_CHARACTER, "first character of a whisper" },
		{ "a:", NAME_BAD_CHARACTER, "what ends the author" },
		{ "@a", NAME_BAD_CHARACTER, "addresses somebody" },
		{ "/quit", NAME_BAD_CHARACTER, "a command" },
		{ "a,b", NAME_BAD_CHARACTER, "separates names in lists" },
		{ "a>b", NAME_BAD_CHARACTER, "the arrow" },
		{ "\xf0\x9f\x98\x80", NAME_BAD_CHARACTER, "emoji" },
		{ "bob\xe2\x9c\x93", NAME_BAD_CHARACTER, "check mark" },
		{ "\xe2\x85\xa3", NAME_BAD_CHARACTER, "Roman numeral" },
		{ "a\xe2\x80\x8d"
		  "b",
		    NAME_BAD_CHARACTER, "joiner" },
		{ "a\xe2\x80\x8b"
		  "b",
		    NAME_BAD_CHARACTER, "zero width space" },
		{ "a\xef\xbb\xbf", NAME_BAD_CHARACTER, "byte order mark" },
		{ "a\xc2\xad"
		  "b",
		    NAME_BAD_CHARACTER, "soft hyphen" },
		{ "a\xe2\x80\xae"
		  "b",
		    NAME_BAD_CHARACTER, "override" },
		{ "a\xe3\x85\xa4", NAME_BAD_CHARACTER, "Hangul filler" },
		{ "a\xef\xbe\xa0", NAME_BAD_CHARACTER, "halfwidth filler" },
		{ "a\xe1\x85\x9f", NAME_BAD_CHARACTER, "Choseong filler" },
		{ "\xe3\x85\xa4", NAME_BAD_CHARACTER, "filler alone" },
		{ "a\xcd\x8f", NAME_BAD_CHARACTER, "grapheme joiner" },
		{ "a\xef\xb8\x8f", NAME_BAD_CHARACTER, "variation selector" },
		{ "a\xee\x80\x80", NAME_BAD_CHARACTER, "private use" },
		{ "a\xcd\xb8", NAME_BAD_CHARACTER, "unassigned" },
		{ "\xcc\x81"
		  "a",
		    NAME_BAD_START, "combining acute first" },
		{ "\xe0\xa4\xbe", NAME_BAD_START, "vowel sign alone" },
		{ "a\xff", NAME_NOT_UTF8, "no such byte" },
		{ "caf\xe9", NAME_NOT_UTF8, "Latin-1" },
		{ "\xc0\xae\xc0\xae", NAME_NOT_UTF8, "overlong dots" },
		{ "\xed\xa0\x80", NAME_NOT_UTF8, "surrogate" },
		{ "a\xe4\xb8", NAME_NOT_UTF8, "cut" },

		{ A8 A8 A8 A8, NAME_OK, "32 characters" },
		{ A8 A8 A8 A8 "a", NAME_TOO_LONG, "33 characters" },
		{ G4 G4 G4 G4 G4 G4 G4 G4, NAME_OK, "32 of four bytes" },
		{ G4 G4 G4 G4 G4 G4 G4 G4 "a", NAME_TOO_LONG,
		    "33, 32 of four bytes" },
		{ SALLA SALLA SALLA, NAME_OK, "folded, 99 bytes" },
		{ SALLA SALLA SALLA SALLA, NAME_TOO_LONG, "folded, 132 bytes" },
	};

	return cr_make_param_array(
	    struct name_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct name_case *t, name, is_parsed)
{
	static const struct name none;
	struct name name;
	enum name_result result;

	memset(&name, 0x55, sizeof name);
	result = name_parse(t->text, strlen(t->text), &name);
	cr_assert_eq(result, t->result, "%s: \"%s\" gives %d, not %d", t->why,
	    t->text, (int)result, (int)t->result);
	if (result == NAME_OK) {
		cr_expect_str_eq(name.text, t->text, "a name is never changed");
		cr_expect_eq(name.len, strlen(t->text));
		cr_expect_eq(name.key_len, strlen(name.key));
		cr_expect(text_is_safe(name.text, name.len));
	} else {
		cr_expect_eq(memcmp(&name, &none, sizeof name), 0,
		    "a refused name is all zero");
		cr_expect_str_neq(name_result_text(result), "no reason");
	}
}

Test(name, with_a_nul_is_refused)
{
	struct name name;

	cr_expect_eq(name_parse("a\0b", 3, &name), NAME_BAD_CHARACTER);
	cr_expect_eq(name_parse("\0", 1, &name), NAME_BAD_CHARACTER);
}

/* Letters that grow when folded, in number or in bytes. */
Test(name, whose_folded_form_does_not_fit_is_refused)
{
	char text[NAME_MAX_BYTES];
	struct name name;
	size_t len = 0;

	for (int i = 0; i < NAME_MAX_CHARS; i++) {
		/* U+FB03, ffi: three bytes, three characters */
		memcpy(text + len, "\xef\xac\x83", 3);
		len += 3;
	}
	cr_expect_eq(name_parse(text, len, &name), NAME_OK);
	cr_expect_eq(name.key_len, 3 * NAME_MAX_CHARS);
	len = 0;
	for (int i = 0; i < NAME_MAX_CHARS; i++) {
		/* U+1FB7, alpha with perispomeni and ypogegrammeni: folding
		 * gives U+1FB6 U+03B9, five bytes */
		memcpy(text + len, "\xe1\xbe\xb7", 3);
		len += 3;
	}
	cr_expect_eq(name_parse(text, len, &name), NAME_TOO_LONG);
}

struct pair_case {
	char a[64], b[64];
	bool same;
	char why[48];
};

ParameterizedTestParameters(name, compares)
{
	static struct pair_case cases[] = {
		{ "alice", "ALICE", true, "ASCII" },
		{ "alice", "aLiCe", true, "ASCII" },
		{ "alice", "alicf", false, "another" },
		{ "alice", "alic", false, "shorter" },
		{ "a-b", "a_b", false, "punctuation" },
		{ "stra\xc3\x9f"
		  "e",
		    "STRASSE", true, "sharp s and SS" },
		{ "\xe1\xba\x9e", "ss", true, "capital sharp s" },
		{ "\xcf\x83\xce\xbf\xcf\x86\xcf\x8c\xcf\x82",
		    "\xce\xa3\xce\x9f\xce\xa6\xce\x8c\xce\xa3", true,
		    "final sigma" },
		{ "\xc3\xa9", "e\xcc\x81", true, "composed or combining" },
		{ "\xc3\x89", "e\xcc\x81", true, "and of another case" },
		{ "\xef\xbc\xa1\xef\xbc\xa2", "ab", true, "fullwidth" },
		{ "\xef\xbd\xb1", "\xe3\x82\xa2", true, "halfwidth Katakana" },
		{ "\xef\xac\x81", "FI", true, "ligature" },
		{ "\xea\xb0\x80", "\xe1\x84\x80\xe1\x85\xa1", true,
		    "Hangul syllable or its letters" },
		{ "\xc4\xb0", "i\xcc\x87", true, "capital dotted I" },
		{ "\xc4\xb1", "i", false, "small dotless i" },
		{ "\xc4\xb1", "I", false, "small dotless i" },
		{ "\xe2\x84\xaa", "k", true, "Kelvin sign" },
		{ "\xd0\x90", "a", false, "Cyrillic A looks alike, no more" },
		{ "\xd0\x90\xd0\x91", "\xd0\xb0\xd0\xb1", true, "Cyrillic" },
		{ "\xd9\xa3", "3", false, "digits of another script" },
		{ "q\xcc\x87\xcc\xa3", "q\xcc\xa3\xcc\x87", true,
		    "order of marks" },
	};

	return cr_make_param_array(
	    struct pair_case, cases, sizeof cases / sizeof *cases);
}

ParameterizedTest(struct pair_case *t, name, compares)
{
	struct name a, b;

	cr_assert_eq(name_parse(t->a, strlen(t->a), &a), NAME_OK, "%s", t->why);
	cr_assert_eq(name_parse(t->b, strlen(t->b), &b), NAME_OK, "%s", t->why);
	cr_expect_eq(
	    a.key_len == b.key_len && memcmp(a.key, b.key, sizeof a.key) == 0,
	    t->same, "%s", t->why);
	if (t->same)
		cr_expect_eq(name_hash(&a), name_hash(&b), "%s", t->why);
}

/* Folding twice is folding once, or a key could be another name's.  (A few
 * letters fold to what is no name, such as an l with a dot beside it.) */
Test(name, folded_twice_is_folded_once)
{
	for (uint32_t c = 0x20; c < 0x30000; c++) {
		struct name name, again;
		char s[8] = "";
		size_t len = 0;

		if (c < 0x80) {
			s[len++] = (char)c;
		} else if (c < 0x800) {
			s[len++] = (char)(0xc0 | c >> 6);
			s[len++] = (char)(0x80 | (c & 0x3f));
		} else {
			if (c < 0x10000) {
				s[len++] = (char)(0xe0 | c >> 12);
			} else {
				s[len++] = (char)(0xf0 | c >> 18);
				s[len++] = (char)(0x80 | (c >> 12 & 0x3f));
			}
			s[len++] = (char)(0x80 | (c >> 6 & 0x3f));
			s[len++] = (char)(0x80 | (c & 0x3f));
		}
		if (name_parse(s, len, &name) == NAME_OK &&
		    name_parse(name.key, name.key_len, &again) == NAME_OK)
			cr_assert_str_eq(name.key, again.key, "U+%04X", c);
	}
}

Test(name, is_folded_as_any_text_is)
{
	static const char *const texts[] = { "Bob", "STRASSE", "Straße", "Ünal",
		"ＡＬＩＣＥ", "小明" };
	char *folded;
	size_t len;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct name name;

		cr_assert_eq(
		    name_parse(texts[i], strlen(texts[i]), &name), NAME_OK);
		folded = name_fold_text(texts[i], strlen(texts[i]), &len);
		cr_assert_not_null(folded);
		cr_expect_eq(len, name.key_len);
		cr_expect_str_eq(folded, name.key);
		free(folded);
	}
	cr_expect_null(name_fold_text("\xff", 1, &len));
	folded = name_fold_text("", 0, &len);
	cr_assert_not_null(folded);
	cr_expect_eq(len, 0);
	free(folded);
}
