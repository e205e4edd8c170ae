package handlers

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

func TestMoveAndUndo(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("pm")
	move := visitURL(s.confirmed.ID, "move")
	choice := b.post(move, s.as(s.confirmed.ID, "step", "choose", "pick", "2026-10-09T16:00/dana"), dialog)
	if choice.StatusCode != 200 || choice.Header.Get("HX-Trigger") != "" || !s.visit(s.confirmed.ID).StartsAt.Equal(s.confirmed.StartsAt) {
		t.Fatalf("choosing a time moves nothing: got %d", choice.StatusCode)
	}
	form := url.Values{}
	for _, field := range choice.doc(t).Find("form[data-act-form] input[type=hidden]").EachIter() {
		form.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	}
	form.Del("csrf")
	done := b.post(move, form, dialog)
	wantDone(t, done, dialog, true)
	if at := s.visit(s.confirmed.ID).StartsAt; !at.Equal(time.Date(2026, 10, 9, 14, 0, 0, 0, time.UTC)) {
		t.Fatalf("moved to %s", at)
	}
	back := url.Values{}
	undo := done.doc(t).Find("form[data-undo]")
	for _, field := range undo.Find("input[type=hidden]").EachIter() {
		back.Set(field.AttrOr("name", ""), field.AttrOr("value", ""))
	}
	wantDone(t, b.post(undo.AttrOr("action", ""), back, dialog), dialog, true)
	if v := s.visit(s.confirmed.ID); !v.StartsAt.Equal(s.confirmed.StartsAt) || v.StylistID != s.confirmed.StylistID {
		t.Errorf("undone: the visit stands at %s", v.StartsAt)
	}
}

// A time that is taken comes back in plain words, with the free ones beside it.
func TestWhatIsInTheWayIsSaid(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("operator")
	onto := s.as(s.held.ID, "day", "2026-10-09", "time", "12:30", "stylist", "dana")
	for name, got := range map[string]answer{
		"dragged": b.see(visitURL(s.held.ID, "move")+"?day=2026-10-09&time=12:30&stylist=dana", dialog),
		"posted":  b.post(visitURL(s.held.ID, "move"), onto, dialog),
	} {
		page := got.doc(t)
		if words := page.Find(".notice").Text(); !strings.Contains(words, "Dana already has a visit 12:30–13:30.") {
			t.Errorf("%s: got %d, %q", name, got.StatusCode, words)
		}
		if page.Find("button[name=pick]").Length() < 2 {
			t.Errorf("%s: no free times beside it", name)
		}
	}
	if v := s.visit(s.held.ID); !v.StartsAt.Equal(s.held.StartsAt) {
		t.Errorf("the hold moved to %s", v.StartsAt)
	}
}

// A stylist acts on their own visits and time, whatever they ask for.
func TestAStylistKeepsToTheirOwn(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("stylist") // Dana
	salma := s.stylist("Salma")
	for _, act := range []string{"confirm", "release", "move", "cancel", "complete", "no-show", "reopen", "hold-again"} {
		for _, got := range []answer{b.see(visitURL(s.held.ID, act), plain), b.post(visitURL(s.held.ID, act), s.as(s.held.ID, "reason", "other", "note", "x"), plain)} {
			if got.StatusCode != 404 || strings.Contains(got.body, "Maya") {
				t.Errorf("%s of a colleague's visit: got %d", act, got.StatusCode)
			}
		}
	}
	for name, got := range map[string]answer{
		"own visit to a colleague": b.post(visitURL(s.confirmed.ID, "move"), s.as(s.confirmed.ID, "day", "2026-10-09", "time", "17:00", "stylist", salma.Code), dialog),
		"picked":                   b.post(visitURL(s.confirmed.ID, "move"), s.as(s.confirmed.ID, "step", "choose", "pick", "2026-10-09T17:00/"+salma.Code), dialog),
		"block a colleague":        b.post("/console/diary/block", url.Values{"stylist": {salma.Code}, "day": {"2026-10-10"}, "from": {"12:00"}, "to": {"13:00"}, "kind": {"busy"}}, dialog),
		"block the salon":          b.post("/console/diary/block", url.Values{"stylist": {"salon"}, "day": {"2026-10-10"}, "from": {"12:00"}, "to": {"13:00"}, "kind": {"closed"}}, dialog),
		"book for a colleague": b.post("/console/diary/new", url.Values{
			"name": {"Tom"}, "phone": {"+447700900155"}, "service": {"CUT"}, "day": {"2026-10-09"}, "time": {"17:00"}, "stylist": {salma.Code},
		}, dialog),
		"give a deposit back": b.post(visitURL(s.confirmed.ID, "cancel"), s.as(s.confirmed.ID, "outcome", "full", "reason", "mistake"), dialog),
	} {
		if got.StatusCode != 422 {
			t.Errorf("%s: got %d", name, got.StatusCode)
		}
	}
	if v := s.visit(s.confirmed.ID); v.StylistID != s.confirmed.StylistID || v.Status != models.Confirmed {
		t.Errorf("the visit is %s with %s", v.Status, v.StylistID)
	}
	wantDone(t, b.post(visitURL(s.confirmed.ID, "move"), s.as(s.confirmed.ID, "day", "2026-10-09", "time", "17:00"), dialog), dialog, true)
	if found := b.post("/console/diary/new", url.Values{"step": {"who"}, "find": {"Maya"}}, dialog); strings.Contains(found.body, "Lopez") {
		t.Error("a stylist finds somebody else's customer by name")
	}
}

func TestBlockAndOpen(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("operator")
	form := url.Values{"stylist": {"dana"}, "day": {"2026-10-09"}, "from": {"12:00"}, "to": {"13:00"}, "kind": {"busy"}, "note": {"Dentist"}}
	refused := b.post("/console/diary/block", form, dialog)
	if words := refused.doc(t).Text(); refused.StatusCode != 422 || !strings.Contains(words, "Noor Haddad") || refused.doc(t).Find("input[name=note]").AttrOr("value", "") != "Dentist" {
		t.Fatalf("onto a visit: got %d: %.300s", refused.StatusCode, strings.Join(strings.Fields(words), " "))
	}
	form.Set("keep", "yes")
	made := b.post("/console/diary/block", form, dialog)
	wantDone(t, made, dialog, true)
	undo := made.doc(t).Find("form[data-undo]").AttrOr("action", "")
	if form := b.see(undo, plain); form.StatusCode != 200 || !strings.Contains(form.doc(t).Find(".subject").Text(), "Dentist") {
		t.Errorf("the form that opens it: got %d", form.StatusCode)
	}
	wantDone(t, b.post(undo, url.Values{}, dialog), dialog, true)
	if again := b.post(undo, url.Values{}, plain); again.StatusCode != 404 {
		t.Errorf("opened twice: got %d", again.StatusCode)
	}
}
