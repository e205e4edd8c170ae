package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/models"
)

// lookFor searches as a role and gives the results' addresses and the whole answer.
func (s *salon) lookFor(role models.Role, text string) ([]string, answer) {
	s.t.Helper()
	b := s.open(role)
	body := url.Values{"text": {text}, "csrf": {b.csrf}}.Encode()
	got := s.call("POST", "/console/find", []byte(body), typeForm, "Cookie: "+b.cookie, "HX-Request: true", "HX-Target: found")
	if got.StatusCode != 200 {
		s.t.Fatalf("%s looks for %q: got %d", role, text, got.StatusCode)
	}
	var links []string
	got.doc(s.t).Find("a").Each(func(_ int, a *goquery.Selection) { links = append(links, a.AttrOr("href", "")) })
	return links, got
}

// Who may find whom, and by what.
func TestPaletteFindsForItsReader(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	visit, talk := "visit="+s.confirmed.ID.String(), "/console/conversations/"+s.noor.ID.String()
	for _, c := range []struct {
		role models.Role
		text string
		has  []string // parts of addresses
		not  []string
	}{
		{"operator", "noor", []string{visit, talk}, nil},
		{"operator", "٩٠٠١٠١", []string{visit, talk}, nil},
		{"operator", "+44 7700 900101", []string{visit, talk}, nil},
		{"operator", s.confirmed.ID.String(), []string{visit}, nil},
		{"operator", s.noor.ID.String(), []string{talk}, nil},
		{"pm", "haddad", []string{visit, talk}, nil},
		{"finance", "haddad", []string{visit}, []string{talk}},
		{"finance", "900101", nil, []string{visit, talk}},        // numbers are not spelled out search by search
		{"finance", "+447700900101", nil, []string{visit, talk}}, // nor confirmed
		{"finance", "٠٠٤٤٧٧٠٠٩٠٠١٠١", nil, []string{visit, talk}},
		{"finance", s.confirmed.ID.String(), []string{visit}, []string{talk}},
		{"privacy", "noor", []string{talk}, []string{visit}},
		{"privacy", "900101", nil, []string{visit, talk}},
		{"privacy", "+447700900101", []string{talk}, []string{visit}},
		{"stylist", "noor", []string{visit}, []string{talk}},
		{"stylist", "haddad", nil, []string{visit, talk}},
		{"stylist", "900101", nil, []string{visit, talk}},
		{"stylist", "maya", nil, []string{s.held.ID.String()}}, // Salma's client
		{"stylist", s.held.ID.String(), nil, []string{s.held.ID.String()}},
		{"stylist", s.confirmed.ID.String(), []string{visit}, nil},
		{"stakeholder", "noor", nil, []string{visit, talk}},
	} {
		links, _ := s.lookFor(c.role, c.text)
		all := strings.Join(links, " ")
		for _, part := range c.has {
			if !strings.Contains(all, part) {
				t.Errorf("%s looks for %q and misses %s: %v", c.role, c.text, part, links)
			}
		}
		for _, part := range c.not {
			if strings.Contains(all, part) {
				t.Errorf("%s looks for %q and finds %s", c.role, c.text, part)
			}
		}
	}
}

// A number finds its own conversation and nobody else's.
func TestPaletteFindsOneNumber(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for text, want := range map[string][]string{
		"+44 7700 900101": {"/console/conversations/" + s.noor.ID.String()}, "900101": {"/console/conversations/" + s.noor.ID.String()}, "7700 999999": nil,
	} {
		links, _ := s.lookFor("operator", text)
		talks := slices.DeleteFunc(links, func(url string) bool { return !strings.HasPrefix(url, "/console/conversations/") })
		if !slices.Equal(talks, want) {
			t.Errorf("%q finds %v, want %v", text, talks, want)
		}
	}
}

// The palette leads to no door that would be shut, and starts nothing that would be refused.
func TestPaletteKnowsTheRights(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for _, role := range models.Roles() {
		page := s.see(role, "/console/find").doc(t)
		cookie := "Cookie: " + s.signIn(role)
		page.Find("#found a").Each(func(_ int, a *goquery.Selection) {
			if got := s.call("GET", a.AttrOr("href", ""), nil, cookie, "Accept: text/html"); got.StatusCode >= 400 && got.StatusCode != 503 {
				t.Errorf("%s is led to %s: got %d", role, a.AttrOr("href", ""), got.StatusCode)
			}
		})
		if role == models.RoleStakeholder && page.Find("#found a[data-dialog]").Length() > 0 {
			t.Error("a reader is offered acts")
		}
	}
}

// Every act of the palette is a form page of the table, with the right that its line asks for.
func TestPaletteActsAreRoutes(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	for _, act := range paletteActs() {
		is := slices.ContainsFunc(a.surface, func(r Route) bool {
			return r.Method == get && r.Path == act.path && r.Access.Room == act.room && r.Access.Act == act.act
		})
		if !is {
			t.Errorf("%s is no page that asks for %s in %s", act.path, act.act, act.room)
		}
	}
}

// What is looked for stands in no log and no address.
func TestPaletteLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	_, got := s.lookFor("operator", "haddad")
	if log := strings.ToLower(s.logs.String()); strings.Contains(log, "haddad") || !strings.Contains(log, "/console/find") {
		t.Error("the log tells what was looked for, or not that somebody looked")
	}
	if strings.Contains(got.Header.Get("HX-Push-Url"), "haddad") {
		t.Error("the address tells what was looked for")
	}
	if query := s.see("operator", "/console/find?text=haddad"); strings.Contains(query.body, "Noor") {
		t.Error("a search by address finds people")
	}
}

func TestKeysCanBeTurnedOff(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	cookie := s.signIn("pm")
	off := s.call("GET", "/console/keys?keys=off", nil, "Cookie: "+cookie, "Accept: text/html")
	if off.StatusCode != 303 || off.Header.Get("Location") != "/console/keys" {
		t.Fatalf("got %d to %q", off.StatusCode, off.Header.Get("Location"))
	}
	page := s.call("GET", "/console", nil, "Cookie: "+cookie+"; "+cookies(off), "Accept: text/html").doc(t)
	if page.Find(`body[data-keys=off]`).Length() != 1 {
		t.Error("the page still listens to single keys")
	}
}
