package models

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a civil day of the salon, "2027-02-08", free of any zone. Dates compare as text.
type Date string

// ParseDate reads a day; false for what is none ("2027-02-30").
func ParseDate(s string) (Date, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return Date(s), err == nil && t.Format(time.DateOnly) == s
}

// DateOf is the day of a moment, in the zone the moment carries.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

// In is the day's midnight in a zone; the zero time when it is no day.
func (d Date) In(zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// Value stores the day.
func (d Date) Value() (driver.Value, error) { return string(d), nil }

// Scan reads a day.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*d = DateOf(v)
	case string:
		*d = Date(v)
	default:
		return fmt.Errorf("scan %T into a date", src)
	}
	return nil
}

// ScheduleSet are opening hours that replace the weekly ones from one day to another, both included:
// Ramadan, the weeks before Christmas. No day follows two active sets; the database sees to it.
type ScheduleSet struct {
	ID        ID `gorm:"primaryKey"`
	Names     Text
	StartsOn  Date
	EndsOn    Date
	Active    bool
	Version   int
	CreatedAt time.Time
	UpdatedAt time.Time
	Hours     []ScheduleHours `gorm:"foreignKey:SetID"`
}

// Covers tells whether the set holds on a day.
func (s ScheduleSet) Covers(d Date) bool { return s.StartsOn <= d && d <= s.EndsOn }

// Week are the set's hours as a week.
func (s ScheduleSet) Week() []OpeningHours {
	week := make([]OpeningHours, len(s.Hours))
	for i, h := range s.Hours {
		week[i] = OpeningHours{h.Weekday, h.Opens, h.Closes}
	}
	return week
}

// ScheduleHours is one weekday of a set. No row: closed on that weekday while the set holds.
type ScheduleHours struct {
	SetID   ID           `gorm:"primaryKey"`
	Weekday time.Weekday `gorm:"primaryKey;autoIncrement:false"`
	Opens   string
	Closes  string
}

// TableName keeps GORM from guessing the plural.
func (ScheduleHours) TableName() string { return "schedule_hours" }
