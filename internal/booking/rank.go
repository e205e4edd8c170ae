package booking

import (
	"cmp"
	"slices"

	"frontdesk/models"
)

// start is one free start: what ranking knows about a slot.
type start struct {
	Slot
	minute   int // wall time, after midnight
	window   int // which free stretch it lies in, numbered across stylists and days
	position int // the stylist's place in the salon's order
}

// offer picks at most n starts (P.slots.rank) and puts them into display order. Without a wished
// time: the preferred stylist first, then the earliest; further options from another stylist if one
// exists, else from another free stretch. With one (at): exact hits, then the nearest starts, those
// equally near at different times.
func offer(free []start, prefer *models.ID, at *int, n int) []Slot {
	left := slices.Clone(free)
	var picked []start
	for len(picked) < n && len(left) > 0 {
		best := slices.MinFunc(left, func(a, b start) int {
			return rank(a, picked, prefer, at).compare(rank(b, picked, prefer, at))
		})
		picked = append(picked, best)
		left = slices.DeleteFunc(left, func(s start) bool { return s.same(best.Slot) })
	}
	slices.SortStableFunc(picked, func(a, b start) int {
		return cmp.Or(cmp.Compare(away(a, at, true), away(b, at, true)), a.Span.Start.Compare(b.Span.Start))
	})
	slots := make([]Slot, len(picked))
	for i, p := range picked {
		slots[i] = p.Slot
	}
	return slots
}

// key orders starts: smaller is offered sooner.
type key [7]int64

func (k key) compare(other key) int { return slices.Compare(k[:], other[:]) }

func rank(s start, picked []start, prefer *models.ID, at *int) key {
	unwanted := int64(1)
	if prefer != nil && *prefer == s.StylistID {
		unwanted = 0
	}
	var sameTime, sameStylist, sameWindow int64
	for _, p := range picked {
		if p.StylistID == s.StylistID {
			sameStylist = 1
		}
		if p.window == s.window {
			sameWindow = 1
		}
		if at != nil && p.minute == s.minute {
			sameTime = 1
		}
	}
	return key{away(s, at, false), sameTime, sameStylist, sameWindow, unwanted, s.Span.Start.Unix(), int64(s.position)}
}

// away is how many minutes a start lies from the wished time, 0 without a wish; exactOnly counts any
// miss as one, for display.
func away(s start, at *int, exactOnly bool) int64 {
	if at == nil || s.minute == *at {
		return 0
	}
	if exactOnly {
		return 1
	}
	return int64(max(s.minute-*at, *at-s.minute))
}
