package handlers

import (
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/models"
)

// fields are what a form would send as it stands: hidden fields, and what is chosen.
func fields(page *goquery.Document) url.Values {
	form := url.Values{}
	page.Find("form[data-act-form]").Find("input[type=hidden], input[checked], input[type=text], input[type=tel], input[type=date], input[type=time]").Each(func(_ int, el *goquery.Selection) {
		form.Add(el.AttrOr("name", ""), el.AttrOr("value", ""))
	})
	page.Find("form[data-act-form] select").Each(func(_ int, el *goquery.Selection) {
		form.Set(el.AttrOr("name", ""), el.Find("option[selected]").AttrOr("value", ""))
	})
	form.Del("csrf")
	return form
}

// next answers the page's question and gives the next page.
func (b *browser) next(page *goquery.Document, more ...string) *goquery.Document {
	b.salon.t.Helper()
	form := fields(page)
	for i := 0; i+1 < len(more); i += 2 {
		form.Add(more[i], more[i+1])
		if values := form[more[i]]; len(values) > 1 && more[i] != "service" {
			form.Set(more[i], more[i+1])
		}
	}
	got := b.post("/console/diary/new", form, plain)
	if got.StatusCode != 200 && got.StatusCode != 303 {
		b.salon.t.Fatalf("got %d: %s", got.StatusCode, strings.Join(strings.Fields(got.doc(b.salon.t).Find(".error-summary").Text()), " "))
	}
	return got.doc(b.salon.t)
}

// A visit is booked page by page, without a script: somebody found by name, a service, a free time, by link.
func TestBookPageByPage(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("operator")
	before := s.count("appointments")
	page := b.see("/console/diary/new?day=2026-10-09", plain).doc(t)
	page = b.next(page, "find", "had")
	if words := page.Find(".choices").Text(); !strings.Contains(words, "Noor Haddad") || !strings.Contains(words, noorPhone) || !strings.Contains(words, "Somebody new") {
		t.Fatalf("found: %q", words)
	}
	page = b.next(page, "customer", page.Find("input[name=customer]").First().AttrOr("value", ""))
	page = b.next(page, "service", "CUT")
	pick := page.Find("button[name=pick]").First().AttrOr("value", "")
	page = b.next(page, "pick", pick)
	if sum := page.Find("main").Text(); !strings.Contains(sum, "Noor Haddad") || !strings.Contains(sum, "€5.24") || page.Find(".bubble-preview").Length() != 2 {
		t.Fatalf("the last page lacks something: %.600s", strings.Join(strings.Fields(sum), " "))
	}
	if s.count("appointments") != before {
		t.Fatal("booked before it was said")
	}
	b.next(page)
	if got := s.count("appointments") - before; got != 1 {
		t.Errorf("got %d new appointments", got)
	}
}

// A tapped free time comes along to the end; somebody new is made; without a deposit a reason is needed.
func TestBookSomebodyNewAtATappedTime(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("pm")
	tapped := s.see("pm", "/console/diary?day=2026-10-09").doc(t).Find("a.free[id='free-dana-16:00']").AttrOr("href", "")
	page := b.see(tapped, plain).doc(t)
	page = b.next(page, "find", "+44 7700 900166")
	if phone := page.Find("input[name=phone]").AttrOr("value", ""); phone != "+44 7700 900166" {
		t.Fatalf("what was searched for is lost: %q", phone)
	}
	page = b.next(page, "name", "Tom", "language", "en")
	page = b.next(page, "service", "CUT")
	form := fields(page)
	form.Set("outcome", "without")
	if got := b.post("/console/diary/new", form, plain); got.StatusCode != 422 || !strings.Contains(got.doc(t).Find("title").Text(), "Error") {
		t.Errorf("without a reason: got %d", got.StatusCode)
	}
	form.Set("reason", "paid_at_salon")
	got := b.post("/console/diary/new", form, script)
	made, _ := got.json(t)["result"].(map[string]any)
	if got.StatusCode != 200 || made["status"] != string(models.Confirmed) || made["stylist"] != s.stylist("Dana").ID.String() || made["startsAt"] != "2026-10-09T16:00:00+02:00" {
		t.Errorf("got %d: %v", got.StatusCode, made)
	}
}

func TestBookingThatIsRefused(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	b := s.open("operator")
	whole := func(change ...string) url.Values {
		form := url.Values{"name": {"Tom"}, "phone": {"+447700900166"}, "language": {"en"}, "service": {"CUT"}, "day": {"2026-10-09"}, "time": {"17:00"}, "stylist": {"dana"}}
		for i := 0; i+1 < len(change); i += 2 {
			form.Set(change[i], change[i+1])
			if change[i+1] == "" {
				form.Del(change[i])
			}
		}
		return form
	}
	for _, c := range []struct {
		name    string
		form    url.Values
		problem string
	}{
		{"nobody", whole("name", "", "phone", ""), ""},
		{"no phone", whole("phone", ""), "phone"},
		{"half a phone", whole("phone", "12"), "phone"},
		{"no service", whole("service", ""), "service"},
		{"no such service", whole("service", "SHAVE"), "choose"},
		{"pack and service", whole("pack", "PACK_HC"), "not both"},
		{"no day", whole("day", ""), ""},
		{"no such stylist", whole("stylist", "nobody"), ""},
		{"onto a visit", whole("time", "12:30"), "already has a visit"},
		{"at night", whole("time", "23:00"), "closed"},
		{"no such person", whole("customer", models.NewID().String()), ""},
	} {
		got := b.post("/console/diary/new", c.form, dialog)
		words := strings.ToLower(got.doc(t).Text())
		if got.StatusCode != 422 || !strings.Contains(words, c.problem) {
			t.Errorf("%s: got %d: %.300s", c.name, got.StatusCode, strings.Join(strings.Fields(words), " "))
		}
	}
	if s.count("appointments") != 2 {
		t.Error("something was booked")
	}
}
