package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/clock"
	"frontdesk/internal/content"
	"frontdesk/internal/customers"
	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/internal/privacy"
	"frontdesk/internal/settings"
	"frontdesk/internal/shop"
	"frontdesk/internal/stripeapi"
	"frontdesk/internal/testkit"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// The customer of the tests, in the reserved range.
const phone = "+447700900101"

// house is the demo salon with everything the conversation works with, on a database and a clock of
// its own. Its jobs are worked by hand (drain); links and money come without a provider.
type house struct {
	*Clerk
	t       testing.TB
	ctx     context.Context
	hand    *clock.Hand
	zone    *time.Location
	profile string
	sent    int
	lastJob int64
	lastOut int64
}

func openHouse(t testing.TB, now string) *house {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Madrid")
	if err != nil {
		t.Fatal(err)
	}
	s := &house{t: t, ctx: context.Background(), zone: zone, profile: "Noor"}
	c, hand := clock.Fixed(s.at(now))
	s.hand = hand
	db := testkit.DB(t, c)
	q, redis := queue.New(db), testkit.Redis(t)
	texts, err := i18n.Load()
	s.must(err)
	policies := settings.New(db, c)
	lib := content.New(db, texts, c)
	s.must(booking.Seed(s.ctx, db, c))
	s.must(lib.Seed(s.ctx))
	s.must(policies.Set(s.ctx, "sender.rate_per_min", 1000, "system")) // tests write faster than people
	th := thread.New(db, c, q, redis)
	diary := booking.New(db, c, q, policies, redis)
	desk := handoff.New(db, c, q, policies, th, redis)
	base := func() string { return "https://luma.test" }
	people, store := customers.New(db, c), shop.New(db, c, q, policies, redis)
	s.Clerk = New(Rooms{
		DB: db, Clock: c, Queue: q, Redis: redis, Settings: policies, Customers: people, Thread: th,
		Content: lib, Diary: diary, Desk: desk, BaseURL: base,
		Shop: store, Privacy: privacy.New(db, c, policies, people, q, diary),
		Till: checkout.New(db, c, q, diary, desk, stripeapi.New(stripeapi.Config{SecretKey: "sk_test_x"}), store, policies, redis, texts, base,
			checkout.WithReturns(checkout.ReturnTerms{Enabled: true, Days: 30})),
	})
	s.patience = time.Minute // a busy machine is not a Redis that is away
	return s
}

func (s *house) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// colleague is somebody of the salon with an account.
func (s *house) colleague() models.ID {
	s.t.Helper()
	id := models.NewID()
	row := models.Staff{ID: id, Email: id.String() + "@luma.example", Name: "Marta", Role: models.RoleOperator, CreatedAt: s.Clock.Now(), UpdatedAt: s.Clock.Now()}
	s.must(s.DB.On(s.ctx).Create(&row).Error)
	return id
}

// at is a wall time of Madrid: "2026-10-06 10:00".
func (s *house) at(wall string) time.Time {
	s.t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", wall, s.zone)
	s.must(err)
	return at
}

// free closes every stylist's diary but for the windows: "salma 2026-10-09 10:30-11:30".
func (s *house) free(windows ...string) {
	s.t.Helper()
	menu, err := s.Diary.Menu(s.ctx)
	s.must(err)
	from := s.Clock.Now().Add(-24 * time.Hour)
	until := from.AddDate(0, 0, 90)
	for _, stylist := range menu.Stylists {
		begin := from
		for _, w := range windows {
			parts := strings.Fields(w)
			if parts[0] != stylist.Code {
				continue
			}
			opens, closes, _ := strings.Cut(parts[2], "-")
			s.block(stylist.ID, begin, s.at(parts[1]+" "+opens))
			begin = s.at(parts[1] + " " + closes)
		}
		s.block(stylist.ID, begin, until)
	}
}

func (s *house) block(stylist models.ID, from, to time.Time) {
	s.t.Helper()
	if !from.Before(to) {
		return
	}
	row := models.TimeBlock{
		ID: models.NewID(), StylistID: &stylist, StartsAt: from, EndsAt: to, Kind: models.BlockBusy,
		Reason: models.Text{}, CreatedAt: s.Clock.Now(),
	}
	s.must(s.DB.On(s.ctx).Create(&row).Error)
}

// returning makes a customer who has been here before.
func (s *house) returning(name, surname, lang string) models.Customer {
	s.t.Helper()
	number, visited := phone, s.Clock.Now().AddDate(0, -1, 0)
	c := models.Customer{
		ID: models.NewID(), Name: name, Surname: surname, Phone: &number, Language: lang, LastVisitAt: &visited,
		CreatedAt: visited, UpdatedAt: visited,
	}
	s.must(s.DB.On(s.ctx).Create(&c).Error)
	return c
}

// hears delivers a message as the channel would, without answering it.
func (s *house) hears(id string, c models.Content) string {
	s.t.Helper()
	raw, err := json.Marshal(models.InboundMessage{
		Channel: models.ChannelWhatsApp, From: phone, ProfileName: s.profile, ProviderID: id, Content: c,
	})
	s.must(err)
	outcome, err := s.Receive(s.ctx, models.ProviderEvent{ID: models.NewID(), Payload: raw})
	s.must(err)
	return outcome
}

// writes delivers a text, or a tap when it stands in brackets, and works everything that follows.
func (s *house) writes(text string) {
	s.t.Helper()
	s.sent++
	c := models.Content{Kind: models.KindText, Text: text}
	if title, tap := strings.CutPrefix(text, "["); tap {
		title = strings.TrimSuffix(title, "]")
		c = models.Content{Kind: models.KindButtonReply, ReplyTitle: title, ReplyID: s.optionID(title)}
	}
	if text == "(voice note)" {
		c = models.Content{Kind: models.KindMedia, MediaType: "audio"}
	}
	if text == "(photo)" {
		c = models.Content{Kind: models.KindMedia, MediaType: "image", MediaID: fmt.Sprintf("media-%d", s.sent)}
	}
	s.hears(fmt.Sprintf("wamid.%d", s.sent), c)
	s.drain()
}

// optionID finds the newest option with a title.
func (s *house) optionID(title string) string {
	s.t.Helper()
	messages := s.transcript()
	for i := len(messages) - 1; i >= 0; i-- {
		for _, o := range messages[i].Content.Options {
			if o.Title == title {
				return o.ID
			}
		}
	}
	s.t.Fatalf("no option %q was shown", title)
	return ""
}

func (s *house) conversation() models.Conversation {
	s.t.Helper()
	contact, err := s.Customers.ContactByAddress(s.ctx, models.ChannelWhatsApp, phone)
	s.must(err)
	conv, err := s.Thread.Of(s.ctx, contact, models.English)
	s.must(err)
	return conv
}

func (s *house) transcript() []models.Message {
	s.t.Helper()
	messages, err := s.Thread.Last(s.ctx, s.conversation().ID, 1000)
	s.must(err)
	return messages
}

type job struct {
	ID   int64
	Kind string
	Args json.RawMessage
}

// drain works the jobs that the conversation lives on, oldest first, until none is left.
func (s *house) drain() {
	s.t.Helper()
	for {
		var next job
		err := s.DB.On(s.ctx).Raw("SELECT id, kind, args FROM river_job WHERE id > ? ORDER BY id LIMIT 1", s.lastJob).Scan(&next).Error
		s.must(err)
		if next.ID == 0 {
			return
		}
		s.lastJob = next.ID
		s.must(s.work(next))
	}
}

func (s *house) work(j job) error {
	switch j.Kind {
	case queue.ChatTurn{}.Kind():
		return decoded(j, func(a queue.ChatTurn) error { return s.Turn(s.ctx, a.ConversationID) })
	case queue.Tell{}.Kind():
		return decoded(j, func(a queue.Tell) error {
			return errors.Join(s.Tell(s.ctx, a), s.Tell(s.ctx, a)) // twice: it must not matter
		})
	case queue.PaymentSession{}.Kind():
		return decoded(j, s.openLink)
	default:
		return nil
	}
}

func decoded[T any](j job, work func(T) error) error {
	var args T
	if err := json.Unmarshal(j.Args, &args); err != nil {
		return err
	}
	return work(args)
}

// openLink is what the provider's session job does, without the provider.
func (s *house) openLink(a queue.PaymentSession) error {
	var n int64
	err := s.DB.On(s.ctx).Model(&models.Payment{}).Where("session_id IS NOT NULL").Count(&n).Error
	if err != nil {
		return err
	}
	var asked models.Payment
	if err := s.DB.On(s.ctx).Take(&asked, "id = ?", a.PaymentID).Error; err != nil {
		return err
	}
	if asked.OrderID != nil {
		return s.linkOrder(a, n)
	}
	event := TellPaymentLink
	if n > 0 {
		var failed int64
		if err := s.DB.On(s.ctx).Model(&models.Payment{}).Where("failed_at IS NOT NULL").Count(&failed).Error; err != nil {
			return err
		}
		if failed > 0 {
			event = TellPaymentNewLink
		}
	}
	done := s.DB.On(s.ctx).Model(&models.Payment{}).Where("id = ? AND state = 'requested'", a.PaymentID).Updates(map[string]any{
		"state": models.PaymentOpen, "session_id": fmt.Sprintf("cs_test_%d", n+1),
		"url": fmt.Sprintf("https://pay.test/c/%c", 'a'+n),
	})
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error
	}
	return s.Queue.Enqueue(s.ctx, queue.Tell{ConversationID: a.ConversationID, Event: event, Ref: a.PaymentID})
}

// pays delivers the provider's event for the newest link, or for the first one.
func (s *house) pays(first bool) {
	s.t.Helper()
	order := "created_at DESC, id DESC"
	if first {
		order = "created_at, id"
	}
	var p models.Payment
	s.must(s.DB.On(s.ctx).Where("session_id IS NOT NULL").Order(order).Take(&p).Error)
	payload := fmt.Sprintf(`{"id":"evt_%s","object":"event","type":"checkout.session.completed","data":{"object":{"id":%q,"object":"checkout.session",
		"payment_status":"paid","status":"complete","amount_total":%d,"currency":"eur","payment_intent":"pi_%s","client_reference_id":%q}}}`,
		p.ID, *p.SessionID, p.AmountMinor, p.ID, p.ID)
	row := models.ProviderEvent{
		ID: models.NewID(), Provider: models.ProviderStripe, EventID: "evt_" + p.ID.String(), Kind: "checkout.session.completed",
		Payload: json.RawMessage(payload), ReceivedAt: s.Clock.Now(),
	}
	s.must(s.DB.On(s.ctx).Create(&row).Error)
	s.must(s.Till.Apply(s.ctx, row.ID))
	s.drain()
}

// sweeps does what has become due.
func (s *house) sweeps() {
	s.t.Helper()
	_, err := s.Diary.WarnHolds(s.ctx)
	s.must(err)
	_, err = s.Diary.ExpireHolds(s.ctx)
	s.must(err)
	_, err = s.Diary.EndChoices(s.ctx)
	s.must(err)
	s.drain()
}

// rival has another customer book what is offered, or a given time: "dana 2026-10-09 12:30".
func (s *house) rival(code, wall, service string) {
	s.t.Helper()
	menu, err := s.Diary.Menu(s.ctx)
	s.must(err)
	other := models.Customer{ID: models.NewID(), Name: "Rival", Surname: "One", Language: models.English,
		CreatedAt: s.Clock.Now(), UpdatedAt: s.Clock.Now()}
	s.must(s.DB.On(s.ctx).Create(&other).Error)
	wanted, ok := menu.Service(service)
	if !ok {
		s.t.Fatalf("no service %q", service)
	}
	for _, stylist := range menu.Stylists {
		if stylist.Code != code {
			continue
		}
		_, err := s.Diary.Hold(s.ctx, booking.HoldRequest{
			CustomerID: other.ID, BookedByID: other.ID, StylistID: stylist.ID, ServiceIDs: []models.ID{wanted.ID},
			StartsAt: s.at(wall), Actor: "customer",
		})
		s.must(err)
	}
}

// state is what is stored about the customer, in a line each.
func (s *house) state() string {
	s.t.Helper()
	var b strings.Builder
	menu, err := s.Diary.Menu(s.ctx)
	s.must(err)
	customer, known, err := s.Customers.ByPhone(s.ctx, phone)
	s.must(err)
	who := "nobody"
	if known {
		who = fmt.Sprintf("%s, %s, spent %s", customer.FullName(), customer.Language, i18n.Amount(customer.TotalSpentMinor))
	}
	b.WriteString("= " + who + "\n")
	visits, err := s.Diary.OfCustomer(s.ctx, customer.ID)
	s.must(err)
	for i := len(visits) - 1; i >= 0; i-- {
		v := visits[i]
		stylist, _ := menu.Stylist(v.StylistID)
		fmt.Fprintf(&b, "= %s %s %s–%s %s, total %s, deposit %s %s\n", v.Status, stylist.Code,
			v.StartsAt.In(s.zone).Format("Mon 2 Jan 15:04"), i18n.Clock(v.EndsAt.In(s.zone)),
			serviceNames(menu, v, models.English), i18n.Amount(v.TotalMinor), i18n.Amount(v.DepositMinor), v.DepositState)
	}
	var cases []models.Case
	s.must(s.DB.On(s.ctx).Order("opened_at, id").Find(&cases).Error)
	for _, c := range cases {
		fmt.Fprintf(&b, "= case %s: %s\n", c.Reason, strings.ReplaceAll(c.Summary, "\n", " / "))
	}
	return b.String()
}

// heard renders the messages that reached the customer since the last call.
func (s *house) heard() string {
	s.t.Helper()
	conv := s.conversation()
	var b strings.Builder
	for _, m := range s.transcript() {
		if m.Direction != models.Out || m.Seq <= s.lastOut {
			continue
		}
		s.lastOut = m.Seq
		if m.Class == models.ClassReply && conv.Human(s.Clock.Now()) {
			continue // silenced where messages are sent (rule 5)
		}
		if m.Content.Kind == models.KindImage {
			b.WriteString("> (picture " + m.Content.URL + ") " + m.Content.Text + "\n")
			continue
		}
		b.WriteString("> " + strings.ReplaceAll(strings.ReplaceAll(m.Content.Text, "\n", "\n  "), "  \n", "\n") + "\n")
		if len(m.Content.Options) > 0 {
			b.WriteString("  ")
			if m.Content.Kind == models.KindList {
				b.WriteString("(" + m.Content.ListLabel + ") ")
			}
			for _, o := range m.Content.Options {
				b.WriteString("[" + o.Title)
				if o.Description != "" {
					b.WriteString(" — " + o.Description)
				}
				b.WriteString("]")
			}
			b.WriteString("\n")
		}
	}
	return masked(b.String())
}
