package notify

import (
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/content"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// booked puts a confirmed visit of Noor Haddad with Salma into the diary: 12:30 to 13:30 in Madrid.
func (o *office) booked(phone string) models.Appointment {
	o.t.Helper()
	stamp := at
	salma := models.Stylist{ID: models.NewID(), Code: "salma", Names: models.Text{"en": "Salma", "ar": "سلمى"}, Categories: models.Strings{"hair"}, Phone: phone, Active: true}
	cut := models.Service{ID: models.NewID(), Code: "CUT", Category: models.Hair, Minutes: 40, PriceMinor: 2620, Currency: "EUR", Names: models.Text{"en": "Haircut", "es": "Corte de pelo", "ar": "قص شعر"}}
	dry := models.Service{ID: models.NewID(), Code: "DRY", Category: models.Hair, Minutes: 20, PriceMinor: 820, Currency: "EUR", Names: models.Text{"en": "Blow-dry", "es": "Secado", "ar": "تجفيف"}}
	noor := models.Customer{ID: models.NewID(), Name: "Noor", Surname: "Haddad", Language: models.Arabic}
	visit := models.Appointment{
		ID: models.NewID(), StylistID: salma.ID, CustomerID: noor.ID, BookedByID: noor.ID, Status: models.Confirmed, Currency: "EUR",
		StartsAt: stamp.Add(150 * time.Minute), EndsAt: stamp.Add(210 * time.Minute), TotalMinor: 3440, DepositMinor: 688, DepositState: models.DepositPaid,
		Lines: []models.AppointmentLine{
			{ID: models.NewID(), ServiceID: cut.ID, Position: 1, Minutes: 40, PriceMinor: 2620},
			{ID: models.NewID(), ServiceID: dry.ID, Position: 2, Minutes: 20, PriceMinor: 820},
		},
	}
	o.create(&salma, &cut, &dry, &noor, &visit)
	return visit
}

func (o *office) create(rows ...any) {
	o.t.Helper()
	for _, row := range rows {
		if err := o.db.On(context.Background()).Create(row).Error; err != nil {
			o.t.Fatal(err)
		}
	}
}

// approve stores the stylists' templates.
func (o *office) approve() {
	o.t.Helper()
	for _, lang := range models.Languages() {
		o.create(
			&models.MessageText{ID: models.NewID(), Key: content.VisitStylist, Language: lang, Channel: "template", Active: true,
				Body:   lang + " {{.Stylist}}, {{.Event}}: {{.Customer}}, {{.Services}}, {{.When}}",
				Values: models.Strings{"Stylist", "Event", "Customer", "Services", "When"}},
			&models.MessageText{ID: models.NewID(), Key: content.UrgentStylist, Language: lang, Channel: "template", Active: true,
				Body:   lang + " {{.Stylist}}: {{.Customer}}, {{.Services}}, {{.When}}, {{.Left}}",
				Values: models.Strings{"Stylist", "Customer", "Services", "When", "Left"}},
		)
	}
}

func (o *office) tell(visit models.Appointment, event string) error {
	return o.Stylist(context.Background(), queue.StylistNotice{AppointmentID: visit.ID, Event: event})
}

func TestAStylistIsToldOnce(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	var wait sync.WaitGroup
	for range 5 {
		wait.Go(func() {
			if err := o.tell(visit, EventVisitConfirmed); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	notices := o.notices(EventVisitConfirmed)
	if len(notices) != 1 {
		t.Fatalf("%d notices", len(notices))
	}
	n := notices[0]
	if *n.StylistID != visit.StylistID || *n.AppointmentID != visit.ID || n.Urgent || n.Channel != models.ChannelWhatsApp || !n.DueAt.Equal(at.Add(ordinary)) || n.MessageID == nil {
		t.Errorf("got %+v", n)
	}
	m := o.message(*n.MessageID)
	want := &models.Template{Name: content.VisitStylist, Language: "en", Values: []string{"Salma", "New visit", "Noor", "Haircut + Blow-dry", "Tue 6 Oct, 12:30"}}
	if m.Class != models.ClassNotice || m.Content.Kind != models.KindTemplate || !reflect.DeepEqual(m.Content.Template, want) {
		t.Errorf("got %s %+v", m.Class, m.Content.Template)
	}
	if m.Content.Text != "en Salma, New visit: Noor, Haircut + Blow-dry, Tue 6 Oct, 12:30" {
		t.Errorf("got text %q", m.Content.Text)
	}
	if err := o.Flush(context.Background(), m.ConversationID, o.job("running")); err != nil {
		t.Fatal(err)
	}
	if got := o.wa.said(); !slices.Equal(got, []string{"[visit_stylist]"}) || o.wa.calls[0].To != "447700900201" {
		t.Errorf("got %v to %v", got, o.wa.calls)
	}
	contact, err := o.customers.ContactByAddress(context.Background(), models.ChannelWhatsApp, "+447700900201")
	if err != nil || contact.StylistID == nil || *contact.StylistID != visit.StylistID || contact.CustomerID != nil {
		t.Errorf("contact %+v, error %v", contact, err)
	}
}

func TestUrgentNoticesSayHowMuchTimeIsLeft(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	o.create(&models.Staff{ID: models.NewID(), Email: "salma@luma.test", Name: "Salma", Role: models.RoleStylist, StylistID: &visit.StylistID, PasswordHash: "x", Language: models.Arabic})
	if err := o.tell(visit, EventVisitUrgent); err != nil {
		t.Fatal(err)
	}
	n := o.notices(EventVisitUrgent)[0]
	if !n.Urgent || !n.DueAt.Equal(at.Add(2*time.Minute)) || !n.CreatedAt.Equal(at) {
		t.Errorf("got %+v", n)
	}
	m := o.message(*n.MessageID)
	want := []string{"سلمى", "Noor", "قص شعر + تجفيف", "الثلاثاء 6 أكتوبر، 12:30", "ساعتان و30 دقيقة"}
	if m.Content.Template.Name != content.UrgentStylist || m.Language != models.Arabic || !slices.Equal(m.Content.Template.Values, want) {
		t.Errorf("got %s %v", m.Content.Template.Name, m.Content.Template.Values)
	}
	if strings.Contains(m.Content.Text, "Haddad") {
		t.Error("the stylist reads more than the first name")
	}
}

func TestTimeLeft(t *testing.T) {
	o := open(t)
	texts, err := o.content.Texts(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		lang  models.Language
		until time.Duration
		want  string
	}{
		{"en", 3*time.Hour + 22*time.Minute + 59*time.Second, "3 hours and 22 minutes"},
		{"en", time.Hour, "1 hour"},
		{"en", time.Minute, "1 minute"},
		{"en", -time.Hour, "0 minutes"},
		{"es", time.Hour + time.Minute, "1 hora y 1 minuto"},
		{"es", 2 * time.Hour, "2 horas"},
		{"ar", 3*time.Hour + 5*time.Minute, "3 ساعات و5 دقائق"},
		{"ar", 11 * time.Hour, "11 ساعة"},
	} {
		if got, err := left(texts, c.lang, c.until); err != nil || got != c.want {
			t.Errorf("%s %s: got %q, want %q, error %v", c.lang, c.until, got, c.want, err)
		}
	}
}

func TestWhoComesAndForWhat(t *testing.T) {
	o := open(t)
	o.approve()
	visit := o.booked("+447700900201")
	pack := models.Pack{ID: models.NewID(), Code: "P", Category: models.Hair, Minutes: 60, PriceMinor: 8000, Currency: "EUR", Names: models.Text{"en": "The pack"}}
	pack.Services = []models.PackService{{PackID: pack.ID, ServiceID: visit.Lines[0].ServiceID, Category: models.Hair, Position: 1}}
	o.create(&pack)
	err := o.db.On(context.Background()).Model(&models.Appointment{}).Where("id = ?", visit.ID).
		UpdateColumns(map[string]any{"pack_id": pack.ID, "for_name": "Dal Rossi"}).Error
	if err != nil {
		t.Fatal(err)
	}
	if err := o.tell(visit, EventVisitConfirmed); err != nil {
		t.Fatal(err)
	}
	got := o.message(*o.notices(EventVisitConfirmed)[0].MessageID).Content.Template.Values
	if got[2] != "Dal" || got[3] != "The pack + Blow-dry" { // the haircut is in it
		t.Errorf("got %v", got)
	}
}

func TestWhereNoMessageCanGoTheConsoleStillTells(t *testing.T) {
	t.Run("no phone", func(t *testing.T) {
		o := open(t)
		o.approve()
		if err := o.tell(o.booked(""), EventVisitConfirmed); err != nil {
			t.Fatal(err)
		}
		if n := o.notices(EventVisitConfirmed); len(n) != 1 || n[0].Channel != models.ChannelConsole || n[0].MessageID != nil {
			t.Errorf("got %+v", n)
		}
	})
	t.Run("no template for the event", func(t *testing.T) {
		o := open(t)
		if err := o.tell(o.booked("+447700900201"), "visit.noted"); err != nil {
			t.Fatal(err)
		}
		if n := o.notices("visit.noted"); len(n) != 1 || n[0].Channel != models.ChannelConsole {
			t.Errorf("got %+v", n)
		}
	})
	t.Run("template not approved yet", func(t *testing.T) {
		o := open(t)
		visit := o.booked("+447700900201")
		if err := o.tell(visit, EventVisitConfirmed); err != nil {
			t.Fatal(err) // trying again would not approve it
		}
		if n := o.notices(EventVisitConfirmed); len(n) != 1 || n[0].MessageID != nil || n[0].Channel != models.ChannelConsole {
			t.Fatalf("got %+v", n)
		}
		o.approve()
		if err := o.tell(visit, EventVisitConfirmed); err != nil {
			t.Fatal(err)
		}
		if n := o.notices(EventVisitConfirmed); len(n) != 1 || n[0].MessageID == nil || n[0].Channel != models.ChannelWhatsApp {
			t.Errorf("after approval: got %+v", n)
		}
	})
	t.Run("visit gone", func(t *testing.T) {
		o := open(t)
		if err := o.tell(models.Appointment{ID: models.NewID()}, EventVisitConfirmed); err != nil {
			t.Error(err)
		}
	})
}

func TestACaseIsNoticedOnce(t *testing.T) {
	o := open(t)
	c := models.Case{ID: models.NewID(), ConversationID: o.conv.ID, Reason: models.ReasonManualRequest, Status: models.CaseOpen, Language: "en", Summary: "x", LastMessages: []byte("[]"), OpenedAt: at}
	o.create(&c)
	for range 2 {
		if err := o.Case(context.Background(), c.ID); err != nil {
			t.Fatal(err)
		}
	}
	n := o.notices(EventCaseOpened)
	if len(n) != 1 || n[0].StylistID != nil || *n[0].CaseID != c.ID || n[0].Channel != models.ChannelConsole || n[0].SeenAt != nil {
		t.Errorf("got %+v", n)
	}
}
