package simulator

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// calendarRequest puts an entry into a stylist's calendar, as somebody would who opens it there, or takes one
// out of it.
type calendarRequest struct {
	Stylist  string    `json:"stylist"` // code, such as "salma"
	Title    string    `json:"title"`
	Type     string    `json:"type"` // busy (when absent), closed, holiday, vacation or day_off: how the title begins
	Day      string    `json:"day"`  // all of a day; else both of the following
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
	Free     bool      `json:"free"`   // shown as free, as whole days are by default
	Remove   string    `json:"remove"` // the id of an entry to take out; then nothing else is needed but the stylist
}

type calendarAnswer struct {
	ID string `json:"id"`
}

// typeTitles begin the titles of entries of a type, as people write them.
func typeTitles() map[string]string {
	return map[string]string{"": "", "busy": "", "closed": "Salon closed", "holiday": "Public holiday", "vacation": "Salon vacation", "day_off": "Day off"}
}

// putEntry changes a stylist's calendar, and lets the app read it at once instead of minutes later.
func (s *Server) putEntry(ctx context.Context, in calendarRequest) (calendarAnswer, error) {
	stylist, err := s.calendarOf(ctx, in.Stylist)
	if err != nil {
		return calendarAnswer{}, err
	}
	var id string
	if in.Remove != "" {
		id, err = in.Remove, s.calendars.takeOut(stylist.CalendarID, in.Remove)
	} else {
		id, err = s.calendars.add(stylist.CalendarID, in)
	}
	if err != nil {
		return calendarAnswer{}, err
	}
	err = s.cfg.DB.On(ctx).Exec("UPDATE calendar_reads SET asked_at = to_timestamp(0) WHERE stylist_id = ?", stylist.ID).Error
	if err != nil {
		return calendarAnswer{}, fmt.Errorf("let a calendar be read: %w", err)
	}
	return calendarAnswer{id}, s.cfg.Queue.Enqueue(ctx, queue.Sweep{})
}

func (s *Server) calendarOf(ctx context.Context, code string) (models.Stylist, error) {
	var found []models.Stylist
	if err := s.cfg.DB.On(ctx).Limit(1).Find(&found, "code = ? AND calendar_id LIKE ?", code, "%"+booking.DemoCalendars).Error; err != nil {
		return models.Stylist{}, fmt.Errorf("read stylist: %w", err)
	}
	if len(found) == 0 {
		return models.Stylist{}, badRequest("stylist must be the code of one with a calendar here, such as salma")
	}
	return found[0], nil
}

func (c *calendars) add(calendar string, in calendarRequest) (string, error) {
	prefix, known := typeTitles()[in.Type]
	if !known {
		return "", badRequest("type must be busy, closed, holiday, vacation or day_off")
	}
	e := googleEvent{Kind: "calendar#event", Status: "confirmed", EventType: "default", Summary: in.Title}
	if prefix != "" {
		e.Summary = prefix
		if in.Title != "" {
			e.Summary += ": " + in.Title
		}
	}
	if in.Free {
		e.Transparency = "transparent"
	}
	if day, err := time.Parse(time.DateOnly, in.Day); err == nil {
		e.Start, e.End = googleMoment{Date: in.Day}, googleMoment{Date: day.AddDate(0, 0, 1).Format(time.DateOnly)}
	} else {
		e.Start, e.End = googleMoment{DateTime: in.StartsAt.Format(time.RFC3339)}, googleMoment{DateTime: in.EndsAt.Format(time.RFC3339)}
	}
	if !e.timed() || in.Day == "" && in.StartsAt.IsZero() {
		return "", badRequest("give a day, such as 2026-10-12, or starts_at and ends_at")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e.ID = newGoogleID()
	c.held[calendar] = append(c.held[calendar], &e)
	return e.ID, c.keep(calendar, &e)
}

func (c *calendars) takeOut(calendar, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.find(calendar, id)
	if e == nil || e.Status == "cancelled" {
		return &controlError{http.StatusNotFound, "there is no such entry"}
	}
	e.Status = "cancelled"
	return c.keep(calendar, e)
}

// showCalendar lists what stands in a stylist's calendar, by start.
func (s *Server) showCalendar(w http.ResponseWriter, r *http.Request) {
	stylist, err := s.calendarOf(r.Context(), r.URL.Query().Get("stylist"))
	if err != nil {
		answerError(w, err)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"entries": s.calendars.standing(stylist.CalendarID)})
}

func (c *calendars) standing(calendar string) []googleEvent {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := []googleEvent{}
	for _, e := range c.held[calendar] {
		if e.Status != "cancelled" {
			out = append(out, *e)
		}
	}
	slices.SortStableFunc(out, func(a, b googleEvent) int {
		from, _ := a.Start.at()
		to, _ := b.Start.at()
		return from.Compare(to)
	})
	return out
}

// twice is a request's body, and the request once more where it is to be repeated.
func twice(repeat bool, r *http.Request) (body io.ReadCloser, again *http.Request) {
	raw, err := io.ReadAll(r.Body) // bounded and in memory already
	if err != nil || !repeat {
		return io.NopCloser(bytes.NewReader(raw)), nil
	}
	again = r.Clone(r.Context())
	again.Body = io.NopCloser(bytes.NewReader(raw))
	return io.NopCloser(bytes.NewReader(raw)), again
}

// discard takes an answer that nobody reads.
type discard struct{ header http.Header }

func (d discard) Header() http.Header         { return d.header }
func (d discard) Write(b []byte) (int, error) { return len(b), nil }
func (d discard) WriteHeader(int)             {}
