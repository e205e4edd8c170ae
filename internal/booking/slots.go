package booking

import (
	"time"

	"frontdesk/models"
)

// PartOfDay narrows a search to one half of the salon's day.
type PartOfDay int

// Parts of the day: a morning start is before 14:00, an afternoon start at 14:00 or later.
const (
	AnyPart PartOfDay = iota
	Morning
	Afternoon
)

// noon is the minute of the day at which the salon's afternoon begins.
const noon = 14 * 60

// SlotQuery asks when somebody could come.
type SlotQuery struct {
	Minutes  int             // length of the visit
	Category models.Category // only stylists of this category
	// StylistID names the one stylist to search; nil searches all of the category.
	StylistID *models.ID
	// Without are stylists who are not searched: "anyone but Omar".
	Without []models.ID
	// PreferID puts a stylist first without leaving the others out.
	PreferID *models.ID
	// From and To are salon-local midnights, half-open: one day searches From to the next midnight.
	From, To time.Time
	Part     PartOfDay
	// At, NotBefore and NotAfter are starts in minutes after local midnight. At is a wish: the
	// nearest starts are offered when it is not free. The others are bounds, both inclusive.
	At, NotBefore, NotAfter *int
	// ConversationID names who asks: their own hold does not block, a new choice replaces it.
	ConversationID *models.ID
	// MovingID is the visit a new time is looked for: the time it takes now counts as free.
	MovingID *models.ID
	// Except are starts not to be offered: those the customer has seen and passed over.
	Except []Slot
	// Busy is when the customer is here already: nobody is in two chairs at once.
	Busy  []models.Span
	Offer int // how many options; 0 follows P.slots.offer, never more than its maximum
}

// Slot is a start that can be held: who, and from when to when in salon-local time.
type Slot struct {
	StylistID models.ID
	Span      models.Span
}

// same tells whether two slots are the same start with the same stylist.
func (s Slot) same(o Slot) bool {
	return s.StylistID == o.StylistID && s.Span.Start.Equal(o.Span.Start)
}

// WeeklyClosing is the kind of a closure that comes from the opening hours themselves: the salon is
// closed on that weekday. It has no reason.
const WeeklyClosing models.BlockKind = "weekly"

// Closure says that a day is closed and why.
type Closure struct {
	Day    time.Time // salon-local midnight
	Reason models.Text
	Kind   models.BlockKind
}

// DaySlots are the options of one day.
type DaySlots struct {
	Day   time.Time // salon-local midnight
	Slots []Slot
}

// Availability answers a SlotQuery.
type Availability struct {
	// Slots is the ranked choice in display order: by time, or the wished time first.
	Slots []Slot
	// Total counts all free starts; Windows the free stretches that fit, across stylists (P.stylist.ask).
	Total, Windows int
	// Closed is set when every day asked for is closed; it tells about the first.
	Closed *Closure
	// Next are the next two dates with options, when Slots is empty.
	Next []DaySlots
}
