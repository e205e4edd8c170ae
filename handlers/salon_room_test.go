package handlers

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"frontdesk/internal/audit"
	"frontdesk/models"
)

func (s *salon) cut() models.Service {
	s.t.Helper()
	cut, _ := s.menu.Service("CUT")
	row, err := s.Diary.Upkeep().Service(s.t.Context(), cut.ID)
	s.must(err)
	return row
}

func cutForm(s models.Service) url.Values {
	return url.Values{
		"names.en": {s.Names["en"]}, "names.es": {s.Names["es"]}, "names.ar": {s.Names["ar"]}, "category": {string(s.Category)},
		"minutes": {strconv.Itoa(s.Minutes)}, "price": {"26.20"}, "deposit": {""}, "version": {strconv.Itoa(s.Version)},
	}
}

// a manager edits a price in one form; the page customers read shows it at once, and the log says
// who did it, from what and to what.
func TestAManagerEditsAPrice(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	pm, path := s.open(models.RolePM), servicesPath+"/"+s.cut().ID.String()
	form := cutForm(s.cut())
	form.Set("price", "٢٨٫٥٠") // typed with Arabic digits
	if got := pm.post(path+"/edit", form); got.StatusCode != 303 || got.Header.Get("Location") != path {
		t.Fatalf("got %d to %s: %.300s", got.StatusCode, got.Header.Get("Location"), got.body)
	}
	if page := pm.see(path, plain); !strings.Contains(page.body, "€28.50") || !strings.Contains(page.body, "Service changed") {
		t.Error("the page of the service shows neither the price nor its history")
	}
	if home := s.call("GET", "/", nil, plain); !strings.Contains(home.body, "€28.50") {
		t.Error("the start page still shows the old price")
	}
	entries, err := s.Audit.Entries(t.Context(), audit.Query{Action: "service.changed"})
	s.must(err)
	if len(entries) != 1 || !strings.HasPrefix(entries[0].Actor, "staff:") || string(entries[0].After) != `{"price_minor": 2850, "synonyms_ar": "", "synonyms_en": "", "synonyms_es": ""}` {
		t.Errorf("the log says %+v", entries)
	}
}

// What is refused comes back as typed, with a summary and at its field; a program gets the fields' rules.
func TestARefusedServiceComesBackAsTyped(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	pm, path := s.open(models.RolePM), servicesPath+"/"+s.cut().ID.String()+"/edit"
	form := cutForm(s.cut())
	form.Set("minutes", "42")
	form.Set("names.es", "")
	form.Set("names.en", "Cut & dry <b>")
	for _, headers := range [][]string{{plain}, {dialog}} {
		got := pm.post(path, form, headers...)
		page := got.doc(t)
		if got.StatusCode != 422 || page.Find(".error-summary a").Length() == 0 {
			t.Errorf("%v: got %d without a summary", headers, got.StatusCode)
		}
		if typed, _ := page.Find(`input[name="names.en"]`).Attr("value"); typed != "Cut & dry <b>" {
			t.Errorf("%v: the name came back as %q", headers, typed)
		}
		if page.Find(`[data-error="names.es"]`).Length() != 1 {
			t.Errorf("%v: the empty name is not marked", headers)
		}
	}
	form.Set("names.es", "Corte")
	got := pm.post(path, form, script)
	if got.StatusCode != 400 || got.code(t) != "validation" || !strings.Contains(got.body, "services.wrong.minutes") {
		t.Errorf("a program got %d: %.300s", got.StatusCode, got.body)
	}
	if s.cut().Version != 0 {
		t.Error("a refused form changed something")
	}
}

// Whoever was overtaken reads both values, and saves again knowingly.
func TestWhoeverWasOvertakenReadsBothValues(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	pm, admin := s.open(models.RolePM), s.open(models.RoleAdmin)
	path := servicesPath + "/" + s.cut().ID.String() + "/edit"
	first, second := cutForm(s.cut()), cutForm(s.cut())
	first.Set("price", "30.00")
	second.Set("price", "31.00")
	if got := pm.post(path, first); got.StatusCode != 303 {
		t.Fatalf("got %d", got.StatusCode)
	}
	got := admin.post(path, second, plain)
	page := got.doc(t)
	row := page.Find(".overtaken tbody tr").First().Text()
	if got.StatusCode != 422 || !strings.Contains(row, "31.00") || !strings.Contains(row, "30.00") {
		t.Fatalf("got %d, the table says %q", got.StatusCode, row)
	}
	version, _ := page.Find(`input[name="version"]`).Attr("value")
	second.Set("version", version)
	if got := admin.post(path, second); got.StatusCode != 303 || s.cut().PriceMinor != 3100 {
		t.Errorf("saving again got %d, the price is %d", got.StatusCode, s.cut().PriceMinor)
	}
}

// Retiring is one button, and the toast takes it back.
func TestRetiringIsTakenBackByTheToast(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	pm, path := s.open(models.RolePM), servicesPath+"/"+s.cut().ID.String()
	got := pm.post(path+"/retire", url.Values{}, dialog)
	undo, there := got.doc(t).Find("form[data-undo]").Attr("action")
	if got.StatusCode != 200 || !there || s.cut().Active {
		t.Fatalf("got %d, undo %q, offered %v", got.StatusCode, undo, s.cut().Active)
	}
	if got := pm.post(undo, url.Values{}); got.StatusCode != 303 || !s.cut().Active {
		t.Errorf("undo got %d, offered %v", got.StatusCode, s.cut().Active)
	}
}

// The preview is what the assistant would say, and changes nothing.
func TestThePreviewIsWhatACustomerReads(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	pm := s.open(models.RolePM)
	form := cutForm(s.cut())
	form.Set("names.en", "Quick cut")
	form.Set("price", "0")
	got := pm.post(servicesPath+"/preview", form, dialog)
	if got.StatusCode != 200 || !strings.Contains(got.body, "Quick cut: 40 min, free of charge.") || !strings.Contains(got.body, `lang="ar"`) {
		t.Errorf("got %d: %s", got.StatusCode, got.body)
	}
	ids := url.Values{"names.en": {"Two"}, "minutes": {"50"}, "price": {"99.00"}}
	for _, code := range []string{"CUT", "MOISTURE"} {
		one, _ := s.menu.Service(code)
		ids.Add("services", one.ID.String())
	}
	got = pm.post(packsPath+"/preview", ids, dialog)
	if got.StatusCode != 200 || !strings.Contains(got.body, "saves nothing") || !strings.Contains(got.body, "€46.20") {
		t.Errorf("got %d: %s", got.StatusCode, got.body)
	}
	if s.cut().Version != 0 {
		t.Error("a preview changed something")
	}
}

// Closing time that holds visits lists them and asks; nothing is cancelled by it.
func TestClosingAsksAboutTheVisitsThatStandThere(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	pm := s.open(models.RolePM)
	form := url.Values{"kind": {"closed"}, "from": {"2026-10-09"}, "reason.en": {"Fresh paint"}, "reason.es": {"Pintura"}, "reason.ar": {"دهان"}}
	got := pm.post(closuresPath+"/new", form, dialog)
	if page := got.doc(t); got.StatusCode != 422 || page.Find(".decide li").Length() != 2 || page.Find(`input[name="keep"]`).Length() != 1 {
		t.Fatalf("got %d: %.400s", got.StatusCode, got.body)
	}
	form.Set("keep", "yes")
	if got := pm.post(closuresPath+"/new", form); got.StatusCode != 303 {
		t.Fatalf("got %d: %.400s", got.StatusCode, got.body)
	}
	if visit, err := s.Diary.Appointment(t.Context(), s.confirmed.ID); err != nil || visit.Status != models.Confirmed {
		t.Errorf("the kept visit is %s (%v)", visit.Status, err)
	}
	for _, c := range []struct{ name, field, value, wrong string }{
		{"a day off of nobody", "kind", "day_off", "stylist"},
		{"backwards", "to", "2026-10-08", "to"},
		{"one time only", "starts", "10:00", "ends"},
		{"a reason in one language", "reason.es", "", "reason.es"},
		{"no day", "from", "2026-02-30", "from"},
	} {
		wrong := url.Values{}
		for name, values := range form {
			wrong[name] = values
		}
		wrong.Set(c.field, c.value)
		got := pm.post(closuresPath+"/new", wrong, dialog)
		if got.StatusCode != 422 || !strings.Contains(got.body, `href="#d-`+c.wrong+`"`) {
			t.Errorf("%s: got %d, want %s marked", c.name, got.StatusCode, c.wrong)
		}
	}
}

// Hours that leave visits outside say whose, and the page goes on saying so.
func TestNewHoursSayWhichVisitsStandOutside(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	pm := s.open(models.RolePM)
	page := pm.see(hoursPath+"/edit", plain).doc(t)
	form := url.Values{}
	for _, day := range weekdays() {
		for _, end := range []string{".opens", ".closes"} {
			value, _ := page.Find(`input[name="` + weekField(day) + end + `"]`).Attr("value")
			form.Set(weekField(day)+end, value)
		}
	}
	was, _ := page.Find(`input[name="was"]`).Attr("value")
	form.Set("was", was)
	form.Set("hours.5.closes", "15:00") // Friday; Maya comes at 16:30
	got := pm.post(hoursPath+"/edit", form, dialog)
	if got.StatusCode != 422 || got.doc(t).Find(".decide li").Length() != 1 || !strings.Contains(got.body, "Maya") {
		t.Fatalf("got %d: %.500s", got.StatusCode, got.body)
	}
	form.Set("keep", "yes")
	if got := pm.post(hoursPath+"/edit", form); got.StatusCode != 303 {
		t.Fatalf("got %d", got.StatusCode)
	}
	if got := pm.see(hoursPath, plain); !strings.Contains(got.body, "Maya") || !strings.Contains(got.body, "10:00–15:00") {
		t.Error("the page shows neither the new hours nor the visit outside them")
	}
	form.Set("hours.1.opens", "21:00")
	form.Set("was", "1 10:00-20:00")
	if got := pm.post(hoursPath+"/edit", form, dialog); got.StatusCode != 422 || !strings.Contains(got.body, `id="d-hours.1"`) {
		t.Errorf("backwards: got %d", got.StatusCode)
	}
}

// A stylist sees who works here and no colleague's number; nobody who only reads is shown an act.
func TestReadersSeeNoActsAndStylistsNoNumbers(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	for _, role := range []models.Role{models.RoleOperator, models.RoleFinance, models.RoleStylist} {
		b := s.open(role)
		for _, path := range []string{servicesPath, packsPath, stylistsPath, hoursPath, closuresPath, servicesPath + "/" + s.cut().ID.String(), stylistsPath + "/" + s.stylist("Salma").ID.String()} {
			got := b.see(path, plain)
			if page := got.doc(t); got.StatusCode != 200 || page.Find("main [data-dialog], main [data-quick]").Length() != 0 {
				t.Errorf("%s at %s: got %d with acts", role, path, got.StatusCode)
			}
			if sees := strings.Contains(got.body, s.stylist("Salma").Phone); sees && role != models.RoleOperator {
				t.Errorf("%s reads Salma's number at %s", role, path)
			}
		}
	}
	if dana := s.open(models.RoleStylist); !strings.Contains(dana.see(stylistsPath, plain).body, s.stylist("Dana").Phone) {
		t.Error("Dana does not read her own number")
	}
}

// The file is exactly the view: its filter, its order, and words instead of buttons.
func TestTheMenuTravelsAsAFile(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	got := s.open(models.RoleFinance).see(servicesPath+"?category=aesthetics&sort=-price&format=csv", plain)
	lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(got.body, "\uFEFF")), "\n")
	if len(lines) != 10 || !strings.HasPrefix(lines[1], "Body massage,Aesthetics,60,61.00,Offered,") {
		t.Errorf("%d lines, the first %q", len(lines), lines[min(1, len(lines)-1)])
	}
}
