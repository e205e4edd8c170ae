package handoff_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"frontdesk/internal/handoff"
	"frontdesk/models"
)

// hours are two days from ten to twenty, the second up to the moment the watch looks.
func watchAt(t time.Time) handoff.Watch {
	day := time.Date(2026, 10, 5, 10, 0, 0, 0, time.UTC)
	return handoff.Watch{
		Now: t, Promise: time.Hour, Urgent: 15 * time.Minute,
		Open: []models.Span{{Start: day, End: day.Add(10 * time.Hour)}, {Start: day.Add(24 * time.Hour), End: day.Add(34 * time.Hour)}},
	}
}

var paces = []struct {
	reason models.HandoffReason
	opened string // day and clock
	at     string
	want   handoff.Pace
}{
	{models.ReasonManualRequest, "05 12:00", "05 12:19", handoff.PaceSoon},
	{models.ReasonManualRequest, "05 12:00", "05 12:20", handoff.PaceDue},
	{models.ReasonManualRequest, "05 12:00", "05 12:59", handoff.PaceDue},
	{models.ReasonManualRequest, "05 12:00", "05 13:00", handoff.PaceLate},
	{models.ReasonManualRequest, "05 22:00", "06 09:59", handoff.PaceSoon}, // a night nobody works costs nothing
	{models.ReasonManualRequest, "05 22:00", "06 10:19", handoff.PaceSoon},
	{models.ReasonManualRequest, "05 22:00", "06 10:20", handoff.PaceDue},
	{models.ReasonManualRequest, "05 19:30", "06 10:29", handoff.PaceDue}, // half an hour on each day
	{models.ReasonManualRequest, "05 19:30", "06 10:30", handoff.PaceLate},
	{models.ReasonMedical, "05 19:50", "06 10:04", handoff.PaceDue},
	{models.ReasonMedical, "05 19:50", "06 10:05", handoff.PaceLate},
}

func instant(t *testing.T, at string) time.Time {
	t.Helper()
	when, err := time.Parse("2006-01-02 15:04", "2026-10-"+at)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func TestPace(t *testing.T) {
	for _, tt := range paces {
		c := models.Case{Reason: tt.reason, Status: models.CaseOpen, OpenedAt: instant(t, tt.opened)}
		w := watchAt(instant(t, tt.at))
		if got := w.PaceOf(c); got != tt.want {
			t.Errorf("%s from %s seen at %s: got %s, want %s", tt.reason, tt.opened, tt.at, got, tt.want)
		}
		c.AnsweredAt = &w.Now
		if got := w.PaceOf(c); got != handoff.PaceAnswered || w.Kept(c) != (tt.want != handoff.PaceLate) {
			t.Errorf("%s from %s answered at %s: got %s, kept %t", tt.reason, tt.opened, tt.at, got, w.Kept(c))
		}
	}
}

// The list and its counts sort cases as the cards do.
func TestWaitingByPace(t *testing.T) {
	for _, tt := range paces {
		t.Run(tt.opened+" "+tt.at, func(t *testing.T) {
			r := openRoom(t)
			r.hand.Set(instant(t, tt.opened))
			c, _, err := r.desk.Open(context.Background(), handoff.Request{ConversationID: r.conv.ID, Reason: tt.reason})
			r.must(err)
			w := watchAt(instant(t, tt.at))
			counts, err := r.desk.CountPaces(context.Background(), w, tt.reason)
			r.must(err)
			for _, pace := range handoff.Paces() {
				found, err := r.desk.Waiting(context.Background(), handoff.Filter{Pace: pace, Watch: w, Reason: tt.reason})
				r.must(err)
				has := slices.ContainsFunc(found, func(f models.Case) bool { return f.ID == c.ID })
				if has != (pace == tt.want) || counts[pace] != len(found) {
					t.Errorf("%s: listed %t, counted %d; the case is %s", pace, has, counts[pace], tt.want)
				}
			}
		})
	}
}
