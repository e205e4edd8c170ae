package calendar

import (
	"io"
	"time"

	ics "github.com/arran4/golang-ical"

	"frontdesk/models"
)

// Feed is what a program that subscribes to a stylist's calendar reads (RFC 5545).
type Feed struct {
	Name   string
	Visits []FeedVisit
}

// FeedVisit is one visit of a feed.
type FeedVisit struct {
	ID      models.ID
	Version int64 // grows with every change
	Title   string
	Span    models.Span
	Status  FeedStatus
	Changed time.Time
}

// FeedStatus is RFC 5545's word for how sure a visit is.
type FeedStatus string

// Words of a FeedStatus.
const (
	FeedTentative FeedStatus = "TENTATIVE"
	FeedConfirmed FeedStatus = "CONFIRMED"
	FeedCancelled FeedStatus = "CANCELLED"
)

// refresh is how often subscribers are asked to come again; most decide for themselves.
const refresh = "PT15M"

// Write writes the feed. Times are UTC, so that no subscriber needs a zone of ours.
func (f Feed) Write(w io.Writer) error {
	cal := ics.NewCalendarFor("Frontdesk")
	cal.SetMethod(ics.MethodPublish)
	cal.SetXWRCalName(f.Name)
	cal.SetXPublishedTTL(refresh)
	cal.SetRefreshInterval(refresh, ics.WithValue("DURATION"))
	for _, v := range f.Visits {
		e := cal.AddEvent(v.ID.String())
		e.SetDtStampTime(v.Changed)
		e.SetLastModifiedAt(v.Changed)
		e.SetStartAt(v.Span.Start)
		e.SetEndAt(v.Span.End)
		e.SetSummary(v.Title)
		e.SetSequence(int(v.Version))
		e.SetStatus(ics.ObjectStatus(v.Status))
		e.SetClass(ics.ClassificationPrivate)
		if v.Status == FeedCancelled {
			e.SetTimeTransparency(ics.TransparencyTransparent)
		}
	}
	return cal.SerializeTo(w, ics.WithNewLineWindows)
}
