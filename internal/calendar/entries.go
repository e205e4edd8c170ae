package calendar

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"frontdesk/models"
)

// State is how sure an entry of ours is.
type State string

// States of an entry.
const (
	Provisional State = "tentative"
	Confirmed   State = "confirmed"
)

// Visit is an entry of ours as it is to stand in a calendar.
type Visit struct {
	ID        models.ID
	StylistID models.ID
	Version   int64 // of the row it was made from
	Title     string
	Span      models.Span
	State     State
}

// Entry is what stands in a calendar. Its title is for telling what it means, not for keeping: it may be
// somebody's private appointment.
type Entry struct {
	ID    string
	Title string
	Span  models.Span // may be empty
	Free  bool        // its owner says that it takes no time, or has declined it
	Away  bool        // out of office
	Own   *Own        // one of ours; nil: somebody else's
}

// Own is what an entry of ours says about itself.
type Own struct {
	VisitID   models.ID
	StylistID models.ID // zero: it does not say
	Version   int64     // likewise
}

// Reading is a calendar read completely. Without one there is only an error: half a calendar is none.
type Reading struct {
	Entries []Entry
	Tag     string // to read with next time; empty: there is none
	Same    bool   // nothing has changed since the tag; there are no entries
}

// maxPages ends the reading of a calendar that never ends.
const maxPages = 40

// Read reads all entries of a calendar that touch a span, recurring ones one by one. Whole days are taken as
// those of the zone. tag is that of an earlier reading of the very same span, or empty.
func (c *Client) Read(ctx context.Context, calendarID string, span models.Span, zone *time.Location, tag string) (Reading, error) {
	query := url.Values{
		"timeMin": {span.Start.UTC().Format(time.RFC3339)}, "timeMax": {span.End.UTC().Format(time.RFC3339)},
		"singleEvents": {"true"}, "maxResults": {strconv.Itoa(c.cfg.PageSize)},
		"fields": {"kind,etag,nextPageToken,items(id,status,summary,start,end,transparency,eventType,attendees(self,responseStatus),extendedProperties/private)"},
	}
	var all Reading
	for n := range maxPages {
		var page eventsPage
		err := c.call(ctx, request{name: "read", method: http.MethodGet, path: []string{calendarID, "events"}, query: query, tag: tag}, &page)
		if Code(err) == CodeUnchanged {
			return Reading{Tag: tag, Same: true}, nil
		}
		if err != nil {
			return Reading{}, err
		}
		for _, e := range page.Items {
			entry, stands, err := e.entry(zone)
			if err != nil {
				return Reading{}, &Error{Call: "read", Code: CodeGarbage, Temporary: true, cause: err}
			}
			if stands {
				all.Entries = append(all.Entries, entry)
			}
		}
		if page.Next == "" {
			if n == 0 { // the tag of one page says nothing of the others
				all.Tag = page.ETag
			}
			return all, nil
		}
		query.Set("pageToken", page.Next)
		tag = ""
	}
	return Reading{}, &Error{Call: "read", Code: CodeTooMany}
}

// Put lets an entry of ours stand in a calendar as it is given, whatever stood there under its id before;
// doing it again changes nothing. there says which way is tried first: that it stands there, or that it does
// not.
func (c *Client) Put(ctx context.Context, calendarID string, v Visit, there bool) error {
	ways := []func(context.Context, string, Visit) error{c.create, c.patch}
	if there {
		ways = []func(context.Context, string, Visit) error{c.patch, c.create}
	}
	err := ways[0](ctx, calendarID, v)
	if s := status(err); s == http.StatusConflict || there && (s == http.StatusNotFound || s == http.StatusGone) {
		return ways[1](ctx, calendarID, v)
	}
	return err
}

func (c *Client) create(ctx context.Context, calendarID string, v Visit) error {
	e := eventOf(v)
	e.ID = EntryID(v.ID)
	return c.call(ctx, request{name: "create", method: http.MethodPost, path: []string{calendarID, "events"}, query: quietly(), body: e}, &written{of: e.ID})
}

func (c *Client) patch(ctx context.Context, calendarID string, v Visit) error {
	id := EntryID(v.ID)
	return c.call(ctx, request{name: "patch", method: http.MethodPatch, path: []string{calendarID, "events", id}, query: quietly(), body: eventOf(v)}, &written{of: id})
}

// Remove takes an entry of ours out of a calendar; one that is not there is gone already.
func (c *Client) Remove(ctx context.Context, calendarID string, visit models.ID) error {
	err := c.call(ctx, request{name: "delete", method: http.MethodDelete, path: []string{calendarID, "events", EntryID(visit)}, query: quietly()}, nil)
	if s := status(err); s == http.StatusNotFound || s == http.StatusGone {
		return nil
	}
	return err
}

// quietly keeps the provider from mailing anybody.
func quietly() url.Values { return url.Values{"sendUpdates": {"none"}} }

// ownPrefix begins the ids of our entries; like the rest of them it is made of the letters that ids may have.
const ownPrefix = "frontdesk"

// Where an entry of ours says which version of the visit it shows, and whose visit it is: no other salon has that
// stylist.
const (
	versionKey = "frontdeskVersion"
	stylistKey = "frontdeskStylist"
)

// EntryID is the id of a visit's entry: the same in every calendar and at every attempt.
func EntryID(visit models.ID) string { return ownPrefix + hex.EncodeToString(visit[:]) }

// visitOf is the visit an entry's id names; false for anybody else's.
func visitOf(entryID string) (id models.ID, ours bool) {
	digits, ours := strings.CutPrefix(entryID, ownPrefix)
	raw, err := hex.DecodeString(digits)
	if !ours || err != nil || len(raw) != len(id) {
		return models.ID{}, false
	}
	copy(id[:], raw)
	return id, true
}

// eventsPage and event are the provider's shapes.
type eventsPage struct {
	Kind  string  `json:"kind"`
	ETag  string  `json:"etag"`
	Next  string  `json:"nextPageToken"`
	Items []event `json:"items"`
}

func (p *eventsPage) sound() bool { return p.Kind == "calendar#events" }

// written is what answers a write: the entry as it stands now.
type written struct {
	ID string `json:"id"`
	of string
}

func (w *written) sound() bool { return w.ID == w.of }

type event struct {
	ID           string      `json:"id,omitempty"`
	Status       string      `json:"status,omitempty"`
	Summary      string      `json:"summary,omitempty"`
	Start        *moment     `json:"start,omitempty"`
	End          *moment     `json:"end,omitempty"`
	Transparency string      `json:"transparency,omitempty"`
	Visibility   string      `json:"visibility,omitempty"`
	EventType    string      `json:"eventType,omitempty"`
	Attendees    []attendee  `json:"attendees,omitempty"`
	Extended     *properties `json:"extendedProperties,omitempty"`
	Reminders    *reminders  `json:"reminders,omitempty"`
}

type moment struct {
	Date     string `json:"date,omitempty"`     // of whole days
	DateTime string `json:"dateTime,omitempty"` // RFC 3339
}

type attendee struct {
	Self     bool   `json:"self"`
	Response string `json:"responseStatus"`
}

type properties struct {
	Private map[string]string `json:"private"`
}

type reminders struct {
	UseDefault bool `json:"useDefault"`
}

// eventOf is an entry of ours on the wire: private, so that whoever else sees the calendar sees only that the
// time is taken, and without reminders, which the salon sends itself.
func eventOf(v Visit) event {
	return event{
		Status: string(v.State), Summary: v.Title, Transparency: "opaque", Visibility: "private", Reminders: &reminders{},
		Start:    &moment{DateTime: v.Span.Start.UTC().Format(time.RFC3339)},
		End:      &moment{DateTime: v.Span.End.UTC().Format(time.RFC3339)},
		Extended: &properties{Private: map[string]string{versionKey: strconv.FormatInt(v.Version, 10), stylistKey: v.StylistID.String()}},
	}
}

var errNoTime = errors.New("an entry without a time")

// entry reads one from the wire; false for one that was cancelled. An entry whose time cannot be read is an
// error, never left out: it would look like free time.
func (e event) entry(zone *time.Location) (out Entry, stands bool, err error) {
	if e.Status == "cancelled" {
		return Entry{}, false, nil
	}
	out = Entry{ID: e.ID, Title: e.Summary, Free: e.Transparency == "transparent", Away: e.EventType == "outOfOffice"}
	if e.EventType == "workingLocation" || e.EventType == "birthday" {
		out.Free = true
	}
	for _, a := range e.Attendees {
		out.Free = out.Free || a.Self && a.Response == "declined"
	}
	if out.Span.Start, err = e.Start.at(zone); err != nil {
		return Entry{}, false, err
	}
	if out.Span.End, err = e.End.at(zone); err != nil {
		return Entry{}, false, err
	}
	if id, ours := visitOf(e.ID); ours {
		out.Own = &Own{VisitID: id}
		if e.Extended != nil {
			out.Own.Version, _ = strconv.ParseInt(e.Extended.Private[versionKey], 10, 64) // what says nothing is 0
			_ = out.Own.StylistID.UnmarshalText([]byte(e.Extended.Private[stylistKey]))   // likewise
		}
	}
	return out, true, nil
}

func (m *moment) at(zone *time.Location) (time.Time, error) {
	switch {
	case m == nil:
		return time.Time{}, errNoTime
	case m.DateTime != "":
		return time.Parse(time.RFC3339, m.DateTime)
	default:
		return time.ParseInLocation(time.DateOnly, m.Date, zone)
	}
}
