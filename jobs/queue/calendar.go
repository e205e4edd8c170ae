package queue

import (
	"github.com/riverqueue/river"

	"frontdesk/models"
)

// CalendarPush lets the stylists' calendars outside say of a visit what its row says.
type CalendarPush struct {
	AppointmentID models.ID `json:"appointment_id"`
}

// CalendarRead reads what stands in a stylist's calendar outside.
type CalendarRead struct {
	StylistID models.ID `json:"stylist_id"`
}

// Kinds, as the console and the dead letters name them.
func (CalendarPush) Kind() string { return "calendar.push" }
func (CalendarRead) Kind() string { return "calendar.read" }

// InsertOpts lets a push wait for a calendar that is down as long as any provider's work waits.
func (CalendarPush) InsertOpts() river.InsertOpts { return opts(attemptsProvider) }

// InsertOpts gives a reading three tries: the sweep asks for the next one soon.
func (CalendarRead) InsertOpts() river.InsertOpts { return opts(4) }
