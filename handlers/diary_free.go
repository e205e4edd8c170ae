package handlers

import (
	"slices"
	"time"

	"frontdesk/models"
	"frontdesk/views/diary"
)

const (
	freeStep  = 30 // minutes of a free time on the board
	freeLeast = 15 // a shorter gap holds no visit
)

// gaps are the free times of a column that can still be booked, cut at half hours.
func (b board) gaps(scale stretch, busy []stretch) []stretch {
	if !b.acts || b.day.Before(midnight(b.now)) {
		return nil
	}
	from := scale.from
	if midnight(b.now).Equal(b.day) {
		from = max(from, (minuteOf(b.now)+freeLeast-1)/freeLeast*freeLeast)
	}
	slices.SortFunc(busy, func(x, y stretch) int { return x.from - y.from })
	var out []stretch
	for _, taken := range append(slices.Clone(busy), stretch{scale.to, scale.to}) {
		for from < taken.from {
			to := min(taken.from, from/freeStep*freeStep+freeStep)
			if to-from >= freeLeast {
				out = append(out, stretch{from, to})
			}
			from = to
		}
		from = max(from, taken.to)
	}
	return out
}

// free is a time to book, as a link to the form with the time filled in.
func (b board) free(st models.Stylist, head diary.Stylist, gap stretch) *diary.Free {
	at := wall(gap.from)
	return &diary.Free{
		ID: "free-" + st.Code + "-" + at, Time: at, With: head.Name,
		URL: link("/console/diary/new", "day", b.day.Format(time.DateOnly), "stylist", st.Code, "time", at),
	}
}
