package calendar

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"

	"frontdesk/models"
)

var pair = sync.OnceValue(func() Key {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return Key{Email: "frontdesk@example.com", TokenURL: "unused", PrivateKey: string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))}
})

// serve is a client of a provider that gives a token and answers everything else so.
func serve(t *testing.T, answer http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/token" {
			fmt.Fprint(w, `{"access_token":"t1","expires_in":3600,"token_type":"Bearer"}`)
			return
		}
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return New(Config{BaseURL: s.URL + "/v3/", TokenURL: s.URL + "/token", Key: pair(), BreakerFailures: 3, BreakerPause: time.Hour})
}

var (
	madrid, _ = time.LoadLocation("Europe/Madrid")
	week      = models.Span{Start: time.Date(2026, 10, 5, 0, 0, 0, 0, madrid), End: time.Date(2026, 10, 12, 0, 0, 0, 0, madrid)}
)

func TestReadTakesEveryPage(t *testing.T) {
	visit, stylist := models.NewID(), models.NewID()
	var asked []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer t1" || r.URL.Path != "/v3/calendars/salma@example.com/events" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		q := r.URL.Query()
		asked = append(asked, q.Get("pageToken")+" "+q.Get("timeMin")+" "+q.Get("singleEvents"))
		if q.Get("pageToken") == "" {
			fmt.Fprintf(w, `{"kind":"calendar#events","etag":"\"1\"","nextPageToken":"n","items":[
				{"id":"a","status":"confirmed","summary":"Dentist","start":{"dateTime":"2026-10-08T11:00:00+02:00"},"end":{"dateTime":"2026-10-08T12:00:00+02:00"}},
				{"id":"gone","status":"cancelled"},
				{"id":%q,"status":"tentative","start":{"dateTime":"2026-10-08T09:00:00Z"},"end":{"dateTime":"2026-10-08T10:00:00Z"},"extendedProperties":{"private":{"frontdeskVersion":"3","frontdeskStylist":%q}}}]}`, EntryID(visit), stylist)
			return
		}
		fmt.Fprint(w, `{"kind":"calendar#events","items":[
			{"id":"b","status":"confirmed","summary":"Day off","transparency":"transparent","start":{"date":"2026-10-09"},"end":{"date":"2026-10-10"}},
			{"id":"c","status":"confirmed","attendees":[{"self":true,"responseStatus":"declined"}],"start":{"dateTime":"2026-10-08T09:00:00Z"},"end":{"dateTime":"2026-10-08T10:00:00Z"}},
			{"id":"d","status":"confirmed","eventType":"outOfOffice","start":{"dateTime":"2026-10-08T09:00:00Z"},"end":{"dateTime":"2026-10-08T10:00:00Z"}}]}`)
	})
	got, err := c.Read(context.Background(), "salma@example.com", week, madrid, "")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{" 2026-10-04T22:00:00Z true", "n 2026-10-04T22:00:00Z true"}; strings.Join(asked, "|") != strings.Join(want, "|") {
		t.Errorf("asked %q", asked)
	}
	if len(got.Entries) != 5 || got.Tag != "" {
		t.Fatalf("got %+v", got)
	}
	e := got.Entries
	if e[0].Title != "Dentist" || e[0].Span.Minutes() != 60 || e[0].Own != nil || e[0].Free {
		t.Errorf("a busy entry: %+v", e[0])
	}
	if e[1].Own == nil || e[1].Own.VisitID != visit || e[1].Own.Version != 3 || e[1].Own.StylistID != stylist {
		t.Errorf("one of ours: %+v", e[1])
	}
	if !e[2].Free || !e[2].Span.Start.Equal(time.Date(2026, 10, 9, 0, 0, 0, 0, madrid)) {
		t.Errorf("a whole day: %+v", e[2])
	}
	if !e[3].Free || !e[4].Away {
		t.Errorf("declined %+v, out of office %+v", e[3], e[4])
	}
}

func TestReadWithATagAsksForChangesOnly(t *testing.T) {
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"7"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, `{"kind":"calendar#events","etag":"\"7\"","items":[]}`)
	})
	first, err := c.Read(context.Background(), "x", week, madrid, "")
	if err != nil || first.Tag != `"7"` || first.Same {
		t.Fatalf("got %+v, %v", first, err)
	}
	if again, err := c.Read(context.Background(), "x", week, madrid, first.Tag); err != nil || !again.Same || again.Tag != first.Tag {
		t.Errorf("got %+v, %v", again, err)
	}
}

func TestPutTriesTheOtherWay(t *testing.T) {
	v := Visit{ID: models.NewID(), StylistID: models.NewID(), Version: 2, Title: "Noor · Cut", Span: models.Span{Start: week.Start, End: week.Start.Add(time.Hour)}, State: Provisional}
	for _, c := range []struct {
		name  string
		there bool
		known bool // at the provider
		want  string
	}{
		{"new", false, false, "POST"}, {"there", true, true, "PATCH"}, {"lost", true, false, "PATCH POST"}, {"created before", false, true, "POST PATCH"},
	} {
		var calls []string
		var body event
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			calls = append(calls, r.Method)
			switch {
			case r.Method == http.MethodPost && c.known:
				w.WriteHeader(http.StatusConflict)
			case r.Method == http.MethodPatch && !c.known:
				w.WriteHeader(http.StatusNotFound)
			default:
				_ = json.NewDecoder(r.Body).Decode(&body)
				fmt.Fprintf(w, `{"id":%q}`, EntryID(v.ID))
			}
		})
		if err := client.Put(context.Background(), "x", v, c.there); err != nil || strings.Join(calls, " ") != c.want {
			t.Errorf("%s: %v, %v", c.name, calls, err)
		}
		if body.Summary != v.Title || body.Status != "tentative" || body.Visibility != "private" || body.Start.DateTime != "2026-10-04T22:00:00Z" ||
			body.Extended.Private[stylistKey] != v.StylistID.String() {
			t.Errorf("%s: wrote %+v", c.name, body)
		}
	}
	for _, gone := range []int{http.StatusNotFound, http.StatusGone, http.StatusNoContent} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(gone) })
		if err := client.Remove(context.Background(), "x", v.ID); err != nil {
			t.Errorf("removing with %d: %v", gone, err)
		}
	}
}

// What answers for the provider and is not it has written nothing.
func TestWritingIsConfirmed(t *testing.T) {
	v := Visit{ID: models.NewID(), Title: "Noor · Cut", Span: week, State: Confirmed}
	for _, body := range []string{"<html>welcome to the hotel</html>", `{"id":"another"}`} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) })
		for _, there := range []bool{true, false} {
			if err := client.Put(context.Background(), "x", v, there); Code(err) != CodeGarbage || !Temporary(err) {
				t.Errorf("put, answered %q: %v", body, err)
			}
		}
		if err := client.Remove(context.Background(), "x", v.ID); Code(err) != CodeGarbage || !Temporary(err) {
			t.Errorf("removed, answered %q: %v", body, err)
		}
	}
}

func TestWhatFailuresMean(t *testing.T) {
	for _, c := range []struct {
		name      string
		status    int
		body      string
		code      string
		temporary bool
	}{
		{"not shared", 404, `{"error":{"errors":[{"reason":"notFound","message":"salma@example.com"}]}}`, "notFound", false},
		{"too often", 403, `{"error":{"errors":[{"reason":"userRateLimitExceeded"}]}}`, "userRateLimitExceeded", true},
		{"read only", 403, `{"error":{"errors":[{"reason":"requiredAccessLevel"}]}}`, "requiredAccessLevel", false},
		{"broken", 500, "oops", "Internal Server Error", true},
		{"nonsense", 200, "<html>", CodeGarbage, true},
		{"something else", 200, `{}`, CodeGarbage, true},
		{"no time", 200, `{"kind":"calendar#events","items":[{"id":"x","status":"confirmed"}]}`, CodeGarbage, true},
		{"a reason that quotes", 400, `{"error":{"errors":[{"reason":"bad salma@example.com"}]}}`, "Bad Request", false},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
		})
		_, err := client.Read(context.Background(), "salma@example.com", week, madrid, "")
		if refused := c.name == "read only"; Refused(err) != refused {
			t.Errorf("%s: refused %t, want %t", c.name, !refused, refused)
		}
		if Code(err) != c.code || Temporary(err) != c.temporary {
			t.Errorf("%s: got %v (temporary %t), want %s %t", c.name, err, Temporary(err), c.code, c.temporary)
		}
		if strings.Contains(err.Error(), "salma") {
			t.Errorf("%s: %q tells whose calendar", c.name, err)
		}
	}
}

func TestTheBreakerOpensAndAFullHouseIsBusy(t *testing.T) {
	calls := 0
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) { calls++; w.WriteHeader(http.StatusServiceUnavailable) })
	for range 5 {
		if err := client.Check(context.Background()); !Temporary(err) {
			t.Errorf("got %v", err)
		}
	}
	if err := client.Check(context.Background()); Code(err) != CodeBreakerOpen || calls != 3 {
		t.Errorf("got %v after %d calls, want the breaker open after 3", err, calls)
	}
	client.Breaker().Forget()
	for range cap(client.places) {
		client.places <- struct{}{}
	}
	if err := client.Check(context.Background()); Code(err) != CodeBusy || calls != 3 {
		t.Errorf("got %v after %d calls", err, calls)
	}
}

func TestARefusedKeyIsSaidSo(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_grant","error_description":"frontdesk@example.com"}`)
	}))
	t.Cleanup(s.Close)
	client := New(Config{BaseURL: s.URL, TokenURL: s.URL + "/token", Key: pair()})
	if err := client.Check(context.Background()); Code(err) != CodeNoKey || Temporary(err) || strings.Contains(err.Error(), "frontdesk@") {
		t.Errorf("got %v", err)
	}
}

// A token that is refused before its time is not kept for the rest of it: a new one is fetched, once.
func TestARefusedTokenIsFetchedAnew(t *testing.T) {
	var fetched, asked int
	good := "t1"
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case r.URL.Path == "/token":
			fetched++
			fmt.Fprintf(w, `{"access_token":"t%d","expires_in":3600,"token_type":"Bearer"}`, fetched)
		case r.Header.Get("Authorization") != "Bearer "+good:
			asked++
			w.WriteHeader(http.StatusUnauthorized)
		default:
			fmt.Fprint(w, `{"kind":"calendar#events"}`)
		}
	}))
	t.Cleanup(s.Close)
	client := New(Config{BaseURL: s.URL, TokenURL: s.URL + "/token", Key: pair()})
	for _, good = range []string{"t1", "t2"} {
		if err := client.Check(context.Background()); err != nil {
			t.Errorf("with %s: %v", good, err)
		}
	}
	good = "none"
	if err := client.Check(context.Background()); !Temporary(err) || fetched != 3 || asked != 3 {
		t.Errorf("got %v after %d tokens and %d refusals", err, fetched, asked)
	}
}

func TestParseKey(t *testing.T) {
	file := `{"type":"service_account","client_email":"a@b","private_key":"p","private_key_id":"1","token_uri":"https://t"}`
	for _, raw := range []string{file, base64.StdEncoding.EncodeToString([]byte(file))} {
		if k, err := ParseKey(raw); err != nil || k.Email != "a@b" || k.TokenURL != "https://t" {
			t.Errorf("got %+v, %v", k, err)
		}
	}
	for _, raw := range []string{"secret", "{}", `{"client_email":"secret"}`, "c2VjcmV0"} {
		if _, err := ParseKey(raw); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

// The feed is read by another program's parser: folded, escaped, with the states and versions of the visits.
func TestFeed(t *testing.T) {
	at := time.Date(2026, 10, 8, 11, 0, 0, 0, madrid)
	title := "نور، الأولى; comma, \\ and\nline · " + strings.Repeat("قص الشعر + ", 12)
	f := Feed{Name: "Luma · Salma"}
	for i, s := range []FeedStatus{FeedTentative, FeedConfirmed, FeedCancelled} {
		f.Visits = append(f.Visits, FeedVisit{ID: models.NewID(), Version: int64(i + 1), Title: title, Span: models.Span{Start: at, End: at.Add(40 * time.Minute)}, Status: s, Changed: at})
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(out.String(), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\n\r") {
			t.Errorf("a line of %d octets: %q", len(line), line)
		}
	}
	cal, err := ics.ParseCalendar(&out)
	if err != nil || len(cal.Events()) != 3 {
		t.Fatalf("%v, %d events", err, len(cal.Events()))
	}
	for i, e := range cal.Events() {
		v := f.Visits[i]
		get := func(p ics.ComponentProperty) string { return e.GetProperty(p).Value }
		start, err := e.GetStartAt()
		if err != nil || !start.Equal(at) || get(ics.ComponentPropertyUniqueId) != v.ID.String() || get(ics.ComponentPropertySequence) != fmt.Sprint(v.Version) ||
			get(ics.ComponentPropertyStatus) != string(v.Status) || get(ics.ComponentPropertyDtStart) != "20261008T090000Z" {
			t.Errorf("event %d: %v %v", i, e.Properties, err)
		}
		if got := ics.FromText(get(ics.ComponentPropertySummary)); got != title && get(ics.ComponentPropertySummary) != title {
			t.Errorf("title %q", got)
		}
	}
}

// An entry is read or refused, and never takes time that ends before it begins without saying so.
func FuzzEntries(f *testing.F) {
	for _, seed := range []string{
		`{"id":"a","status":"confirmed","start":{"dateTime":"2026-10-08T11:00:00+02:00"},"end":{"date":"2026-10-09"}}`,
		`{"id":"frontdesk00","start":{"date":"2026-10-08"},"end":{"date":"2026-13-09"}}`, `{}`, `{"status":"cancelled"}`, `[]`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		var e event
		if json.Unmarshal([]byte(raw), &e) != nil {
			return
		}
		got, stands, err := e.entry(madrid)
		if err == nil && stands && (got.Span.Start.IsZero() && e.Start.DateTime == "" && e.Start.Date == "" || got.Title != e.Summary) {
			t.Errorf("%s: %+v", raw, got)
		}
		if id, ours := visitOf(e.ID); ours && EntryID(id) != strings.ToLower(e.ID) {
			t.Errorf("%s is taken for an entry of ours", e.ID)
		}
	})
}
