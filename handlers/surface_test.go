package handlers

import (
	"cmp"
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/content"
	"frontdesk/internal/privacy"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/static"
)

// furnished is the salon with one of everything a route can name.
func furnished(t *testing.T, change ...func(*Settings, *Rooms)) *salon {
	t.Helper()
	s := newSalon(t, change...)
	ctx := context.Background()
	s.must(content.New(s.DB, s.Texts, s.Clock).Seed(ctx))
	dana := s.stylist("Dana").ID
	block := models.TimeBlock{ID: models.NewID(), StylistID: &dana, StartsAt: testNow.Add(72 * time.Hour), EndsAt: testNow.Add(75 * time.Hour), Kind: models.BlockBusy, CreatedAt: testNow}
	s.must(s.DB.On(ctx).Create(&block).Error)
	set := models.ScheduleSet{ID: models.NewID(), Names: models.Text{models.English: "Ramadan", models.Spanish: "Ramadán", models.Arabic: "رمضان"}, StartsOn: "2027-02-08", EndsOn: "2027-03-09", Active: true, CreatedAt: testNow, UpdatedAt: testNow}
	s.must(s.DB.On(ctx).Create(&set).Error)
	cases, err := s.Desk.OpenCases(ctx)
	s.must(err)
	spare := models.Staff{ID: models.NewID(), Email: "spare@luma.example", Name: "Spare Person", Role: models.RoleOperator, Language: models.English, CreatedAt: testNow, UpdatedAt: testNow}
	s.must(s.DB.On(ctx).Create(&spare).Error)
	link, err := s.Staff.InviteAgain(ctx, staff.Principal{}, spare.ID)
	s.must(err)
	s.must(s.Audit.Record(ctx, audit.Entry{Actor: "system", Action: "test.furnished", SubjectKind: "salon", Before: map[string]any{"rooms": 1}, After: map[string]any{"rooms": 2}}))
	entries, err := s.Audit.Entries(ctx, audit.Query{Action: "test.furnished"})
	s.must(err)
	word, err := s.Diary.Upkeep().OpenFeed(ctx, "staff:test", s.stylist("Omar").ID)
	s.must(err)
	cut, _ := s.menu.Service("CUT")
	pack, _ := s.menu.Pack("PACK_HC")
	goods := &stocked{s.app, map[string]models.Product{}}
	goods.stock()
	serum, noLine := []string{goods.products["SERUM-50"].ID.String()}, []string{models.NewID().String()}
	bought := []string{goods.client().ordered()["number"].(string)}
	asking, err := s.People.OfPhone(ctx, "+447700900196", models.English)
	s.must(err)
	export, err := s.Privacy.AskLink(ctx, privacy.Promise{Subject: privacy.Subject{Phone: "+447700900196"}, Actor: "machine"})
	s.must(err)
	promised := []string{s.tickets.sign(useExport, export.ID[:], exportLife)}
	s.things = map[string][]string{
		"/products/":                                serum,
		"/api/products/":                            serum,
		"/cart/items/":                              noLine,
		"/consents/":                                {"+447700900198"},
		"/api/consents/":                            {"+447700900198"},
		"/compliance/pdpl/export/":                  promised,
		"/api/compliance/pdpl/export/":              promised,
		"/cart/lines/":                              noLine,
		"/cms/templates/":                           noLine,
		"/api/cms/templates/":                       noLine,
		"/console/catalogue/":                       serum,
		"/api/cart/items/":                          noLine,
		"/orders/":                                  bought,
		"/api/orders/":                              bought,
		"/console/conversations/":                   {s.noor.ID.String(), s.sara.ID.String()},
		"/console/cases/":                           {cases[0].ID.String()},
		"/console/diary/visits/":                    {s.confirmed.ID.String(), s.held.ID.String()},
		"/salon/appointments/":                      {s.confirmed.ID.String(), s.held.ID.String()},
		"/console/diary/blocks/":                    {block.ID.String()},
		"/console/services/":                        {cut.ID.String()},
		"/console/services/packs/":                  {pack.ID.String()},
		"/console/services/stylists/":               {dana.String(), s.stylist("Salma").ID.String()},
		"/console/services/hours/sets/":             {set.ID.String()},
		"/console/services/closures/":               {block.ID.String()},
		"/console/people/":                          {spare.ID.String()},
		"/console/people/:id/sessions/:session/end": {"/console/people/" + spare.ID.String() + "/sessions/0123456789abcdef01234567/end"},
		"/console/people/:id/tokens/:token/revoke":  {"/console/people/" + spare.ID.String() + "/tokens/" + spare.ID.String() + "/revoke"},
		"/console/account/factors/":                 {spare.ID.String()},
		"/console/account/sessions/":                {"0123456789abcdef01234567"},
		"/console/account/tokens/":                  {spare.ID.String()},
		"/console/invitation/":                      {link.Token},
		feedPath:                                    {word + feedEnding},
		"/webhook/chatwoot/":                        {"0123456789abcdef"},
		"/console/alerts/":                          {"stripe"},
		"/console/simulator/races/":                 {spare.ID.String()},
		"/console/audit/":                           {strconv.FormatInt(entries[0].ID, 10)},
	}
	maps.Copy(s.things, s.wordThings())
	maps.Copy(s.things, s.letterThings())
	maps.Copy(s.things, s.reconciliationThings())
	maps.Copy(s.things, s.returnThings(goods))
	s.must(s.DB.On(ctx).Exec("UPDATE orders SET customer_id = ?, session_id = NULL WHERE id = ?", asking.ID, s.sentBack).Error)
	for _, path := range []string{pdplPath + picturePath, "/api" + pdplPath + picturePath} {
		_, photo, _ := strings.Cut(s.things["/console/returns/:id/photos/:photo"][0], "/photos/")
		s.things[path] = []string{strings.NewReplacer(":ticket", promised[0], ":photo", photo).Replace(path)}
	}
	return s
}

// variants are addresses of a page beside the bare one, where more is shown.
func (s *salon) variants() map[string][]string {
	day := "?day=2026-10-09"
	return map[string][]string{
		"/console/live":          {"?topics=none"}, // past the door this is a 403 for all: no stream is opened
		"/console/diary":         {day, day + "&view=week", day + "&visit=" + s.confirmed.ID.String(), day + "&visit=" + s.held.ID.String()},
		"/console/conversations": {"", "?filter=needs"},
		"/salon/availability":    {"?service=CUT&date=2026-10-13"},
		"/api/orders":            {"?phone=%2B34600000123"},
		"/api/returns":           {"?orderId=" + s.sentBack.String()},
		"/returns":               {"?orderId=" + s.sentBack.String()},
		"/console/refunds/new":   {"?order=" + s.sentBack.String(), "?visit=" + s.confirmed.ID.String()},
	}
}

// addresses are where a route is asked in tests that walk the whole table. A route whose parameters
// nobody filled fails the test.
func (s *salon) addresses(r Route) []string {
	s.t.Helper()
	if r.Path == "/static/*" {
		return []string{static.URL("app.css")}
	}
	more, known := s.variants()[r.Path]
	if !known {
		more = []string{""}
	}
	var out []string
	for _, path := range s.fill(r.Path) {
		if strings.Contains(path, "/:") {
			s.t.Errorf("%s %s: no test fills its parameters: add a line to furnished in surface_test.go", r.Method, r.Path)
			continue
		}
		for _, query := range more {
			out = append(out, path+query)
		}
	}
	return out
}

var firstParameter = regexp.MustCompile(`:[a-zA-Z]+`)

// fill puts things of the salon into a route's first parameter: those of the line with the longest
// matching prefix. A route with several parameters has a line of its own, with whole paths.
func (s *salon) fill(path string) []string {
	at := firstParameter.FindStringIndex(path)
	if at == nil {
		return []string{path}
	}
	best := ""
	for prefix := range s.things {
		if strings.HasPrefix(path, prefix) && len(prefix) > len(best) {
			best = prefix
		}
	}
	if best == path {
		return s.things[path]
	}
	out := []string{}
	for _, id := range s.things[best] {
		out = append(out, path[:at[0]]+id+path[at[1]:])
	}
	if best == "" {
		out = append(out, path)
	}
	return out
}

// reads are the routes of the table that only read.
func (s *salon) reads() []Route {
	return slices.DeleteFunc(slices.Clone(s.surface), func(r Route) bool { return r.Method != get })
}

// readers are everybody who may read, each with the header that says so.
func (s *salon) readers() map[models.Role]string {
	s.t.Helper()
	out := map[models.Role]string{models.RoleMachine: "X-Admin-Token: " + testAdmin, "anonymous": "X-Nobody: 1"}
	for _, role := range models.Roles() {
		out[role] = "Cookie: " + s.signIn(role)
	}
	return out
}

// A right that opens a page, and an address that shows nothing, would make every test that walks the
// table blind: whoever may open everything gets an answer from each.
func TestEveryAddressOfTheTestsShowsSomething(t *testing.T) {
	t.Parallel()
	s := furnished(t)
	cookie := "Cookie: " + s.signIn(models.RoleAdmin)
	for _, r := range s.reads() {
		if slices.Contains([]string{"/console/live", "/webhook/whatsapp", "/orders/:id/withdraw"}, r.Path) {
			continue // a stream; a check with a token of its own; a page for the order's owner alone
		}
		if strings.Contains(r.Path, "/timings.") {
			continue // the stand-ins keep them, and none stand beside this salon
		}
		addresses := s.addresses(r)
		if len(addresses) == 0 {
			continue
		}
		got := s.call("GET", addresses[0], nil, cookie, "Accept: text/html")
		to := got.Header.Get("Location")
		elsewhere := got.StatusCode == 303 && (r.Access.Kind == Anyone || !strings.HasPrefix(to, "/console/login") && !strings.HasPrefix(to, "/console/confirm"))
		refused := got.StatusCode == 409 // an act that this thing's state does not allow
		if got.StatusCode != 200 && !elsewhere && !refused {
			t.Errorf("%s: got %d: %.200s", addresses[0], got.StatusCode, cmp.Or(to, got.body))
		}
	}
}
