/* who_scroll.c - which of many rows are on the screen. */
#include "tools/who_scroll.h"

#include "tools/who_input.h"

static size_t
lowest_first(const struct who_scroll *scroll)
{
	return scroll->n_rows > scroll->n_room ? scroll->n_rows - scroll->n_room
					       : 0;
}

void
who_scroll_fit(struct who_scroll *scroll, size_t n_rows, size_t n_room)
{
	scroll->n_rows = n_rows;
	scroll->n_room = n_room;
	if (scroll->first > lowest_first(scroll))
		scroll->first = lowest_first(scroll);
}

static void
go_up(struct who_scroll *scroll, size_t n)
{
	scroll->first -= n < scroll->first ? n : scroll->first;
}

static void
go_down(struct who_scroll *scroll, size_t n)
{
	size_t left = lowest_first(scroll) - scroll->first;

	scroll->first += n < left ? n : left;
}

bool
who_scroll_press(struct who_scroll *scroll, int key)
{
	switch (key) {
	case WHO_KEY_UP:
		go_up(scroll, 1);
		return true;
	case WHO_KEY_DOWN:
		go_down(scroll, 1);
		return true;
	case WHO_KEY_PAGE_UP:
		go_up(scroll, scroll->n_room);
		return true;
	case WHO_KEY_PAGE_DOWN:
		go_down(scroll, scroll->n_room);
		return true;
	case WHO_KEY_HOME:
		scroll->first = 0;
		return true;
	case WHO_KEY_END:
		scroll->first = lowest_first(scroll);
		return true;
	default:
		return false;
	}
}
