package models

import "time"

// CalendarRead is how the reading of a stylist's calendar outside goes. Times are machine time, but for the
// span that was read.
type CalendarRead struct {
	StylistID  ID `gorm:"primaryKey"`
	CalendarID string
	Since      time.Time // it has been asked for since
	AskedAt    time.Time
	BeganAt    *time.Time // of the last complete reading
	ReadAt     *time.Time // when that ended; nil: never
	FailedAt   *time.Time // nil: nothing failed since
	Failure    string     // its code
	Tag        string     // of the reading, for the next one
	CoversFrom *time.Time
	CoversTo   *time.Time
}

// CalendarEntry says that a visit may have an entry in a calendar outside.
type CalendarEntry struct {
	AppointmentID ID     `gorm:"primaryKey"`
	CalendarID    string `gorm:"primaryKey"`
	Version       int64  // of the visit as the entry shows it; 0: it may not be there yet
	PushedAt      *time.Time
}

// CalendarFeed lets whoever knows a word read a stylist's visits; only the word's hash is kept.
type CalendarFeed struct {
	StylistID ID `gorm:"primaryKey"`
	Hash      []byte
	CreatedAt time.Time
	CreatedBy string
}
