/* duration.h - how long something lasts, for people. */
#ifndef SRV_DURATION_H
#define SRV_DURATION_H

#include <stdint.h>

/* The longest is "106751991167 d 23 h". */
#define DURATION_BYTES 32

/* In one unit, or two of which the second is not nothing: "40 s", "12 min",
 * "3 h", "3 h 5 min", "2 d 4 h".  Whole units that have passed; what is less
 * than nothing is "0 s". */
const char *duration_text(int64_t ms, char text_out[DURATION_BYTES]);

#endif
