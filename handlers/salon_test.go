package handlers

import (
	"context"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"frontdesk/internal/booking"
	"frontdesk/internal/customers"
	"frontdesk/internal/handoff"
	"frontdesk/internal/staff"
	"frontdesk/internal/thread"
	"frontdesk/models"
)

// salon is the application with the demo salon and a day of visits, made by the rules themselves.
type salon struct {
	*app
	menu      booking.Menu
	noor      models.Conversation // confirmed pack with Dana at 12:30
	sara      models.Conversation // writes Arabic, waits for a person
	confirmed models.Appointment
	held      models.Appointment // Maya's haircut with Salma at 16:30
	people    map[models.Role]string
	sentBack  models.ID           // an order of which something goes back; see furnished
	things    map[string][]string // prefix of a route → ids; see furnished
}

const (
	noorPhone = "+447700900101"
	mayaPhone = "+447700900118"
	saraPhone = "+447700900104"
)

func newSalon(t *testing.T, change ...func(*Settings, *Rooms)) *salon {
	t.Helper()
	demo := func(set *Settings, _ *Rooms) { set.Demo = true; set.WhatsAppNumber = "+44 7700 900100" }
	s := &salon{app: newApp(t, append([]func(*Settings, *Rooms){demo}, change...)...)}
	ctx := context.Background()
	s.must(booking.Seed(ctx, s.DB, s.Clock))
	menu, err := s.Diary.Menu(ctx)
	s.must(err)
	s.menu = menu
	s.accounts()
	s.visits(ctx)
	return s
}

func (s *salon) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// accounts makes one person of every role; the stylist is Dana.
func (s *salon) accounts() {
	s.t.Helper()
	s.people = map[models.Role]string{}
	var logins []staff.Login
	for _, role := range models.Roles() {
		l := staff.Login{Email: string(role) + "@luma.example", Password: testPassword, Name: "Person " + string(role), Role: role}
		if role == models.RoleStylist {
			l.StylistCode, l.Name = s.stylist("Dana").Code, "Dana"
		}
		s.people[role] = l.Email
		logins = append(logins, l)
	}
	s.must(s.Staff.SeedDemo(context.Background(), logins))
}

func (s *salon) stylist(name string) models.Stylist {
	s.t.Helper()
	for _, st := range s.menu.Stylists {
		if st.Names.In(models.English) == name {
			return st
		}
	}
	s.t.Fatalf("no stylist %s", name)
	return models.Stylist{}
}

// talk opens a conversation with somebody who has given their name.
func (s *salon) talk(phone, name, surname string, lang models.Language, words string) (models.Conversation, models.Customer) {
	s.t.Helper()
	ctx := context.Background()
	registry := customers.New(s.DB, s.Clock)
	contact, err := registry.Contact(ctx, models.ChannelWhatsApp, phone, name)
	s.must(err)
	person, err := registry.Register(ctx, contact, name, surname, lang)
	s.must(err)
	conv, err := s.Thread.Of(ctx, contact, lang)
	s.must(err)
	_, _, err = s.Thread.Receive(ctx, conv, models.InboundMessage{
		Channel: models.ChannelWhatsApp, From: phone, ProviderID: "wamid." + phone, Content: models.Content{Kind: models.KindText, Text: words},
	})
	s.must(err)
	return conv, person
}

func (s *salon) visits(ctx context.Context) {
	s.t.Helper()
	var noor, maya models.Customer
	s.noor, noor = s.talk(noorPhone, "Noor", "Haddad", models.English, "I'd like highlights on Friday")
	_, _, err := s.Thread.Say(ctx, thread.Outgoing{
		ConversationID: s.noor.ID, Class: models.ClassReply, Language: models.English, Cause: "turn",
		Content: models.Content{Kind: models.KindButtons, Text: "Shall I book the pack for you?", Options: []models.Option{{ID: "yes", Title: "Yes"}, {ID: "no", Title: "No"}}},
	})
	s.must(err)
	pack, _ := s.menu.Pack("PACK_HC")
	s.confirmed, err = s.Diary.Hold(ctx, booking.HoldRequest{
		ConversationID: &s.noor.ID, CustomerID: noor.ID, BookedByID: noor.ID, StylistID: s.stylist("Dana").ID, PackID: &pack.ID,
		StartsAt: testNow.Add(150 * time.Minute), Actor: "customer",
	})
	s.must(err)
	_, err = s.Diary.Confirm(ctx, s.confirmed.ID, "stripe", "payment.completed")
	s.must(err)

	conv, maya := s.talk(mayaPhone, "Maya", "Lopez", models.Spanish, "¿Hay hueco hoy para un corte?")
	cut, _ := s.menu.Service("CUT")
	s.must(s.DB.InTx(ctx, func(ctx context.Context) error {
		s.held, err = s.Diary.Hold(ctx, booking.HoldRequest{
			ConversationID: &conv.ID, CustomerID: maya.ID, BookedByID: maya.ID, StylistID: s.stylist("Salma").ID, ServiceIDs: []models.ID{cut.ID},
			StartsAt: testNow.Add(390 * time.Minute), Actor: "customer",
		})
		if err != nil {
			return err
		}
		_, err := s.Till.RequestDeposit(ctx, s.held)
		return err
	}))
	s.sara, _ = s.talk(saraPhone, "سارة", "الحربي", models.Arabic, "أريد التحدث مع موظف من فضلك")
	_, _, err = s.Desk.Open(ctx, handoff.Request{
		ConversationID: s.sara.ID, Reason: models.ReasonManualRequest, Summary: "Asks for a person", Trigger: "أريد التحدث مع موظف من فضلك",
	})
	s.must(err)
}

// signIn signs a role in through the page itself and gives the cookie.
func (s *salon) signIn(role models.Role) string {
	s.t.Helper()
	form := s.call("GET", "/console/login", nil)
	token, _ := form.doc(s.t).Find("input[name=csrf]").Attr("value")
	body := url.Values{"email": {s.people[role]}, "password": {testPassword}, "csrf": {token}}.Encode()
	res := s.call("POST", "/console/login", []byte(body), typeForm, "Cookie: "+cookies(form))
	if res.StatusCode != 303 {
		s.t.Fatalf("sign in as %s: got %d: %.200s", role, res.StatusCode, res.body)
	}
	return cookies(res)
}

// see reads a page as a role.
func (s *salon) see(role models.Role, path string, headers ...string) answer {
	s.t.Helper()
	return s.call("GET", path, nil, append([]string{"Cookie: " + s.signIn(role), "Accept: text/html"}, headers...)...)
}

const typeForm = "Content-Type: application/x-www-form-urlencoded"

// cookies are the cookies an answer sets, as a browser sends them back.
func cookies(r answer) string {
	var out []string
	for _, c := range r.Cookies() {
		if c.Value != "" {
			out = append(out, c.Name+"="+c.Value)
		}
	}
	return strings.Join(out, "; ")
}

// doc is the body as a page.
func (r answer) doc(t *testing.T) *goquery.Document {
	t.Helper()
	d, err := goquery.NewDocumentFromReader(strings.NewReader(r.body))
	if err != nil {
		t.Fatal(err)
	}
	return d
}
