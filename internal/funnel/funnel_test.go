package funnel_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/logging"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

type desk struct {
	*funnel.Log
	t    *testing.T
	ctx  context.Context
	db   *database.DB
	hand *clock.Hand
}

// open is a log of a test's own, on a Tuesday morning in Madrid.
func open(t *testing.T) *desk {
	t.Helper()
	c, hand := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	return &desk{Log: funnel.New(db, c, settings.New(db, c)), t: t, ctx: context.Background(), db: db, hand: hand}
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// did records acts of one visit by one way.
func (d *desk) did(by funnel.Channel, lang models.Language, acts ...funnel.Event) {
	d.t.Helper()
	visit := models.NewID()
	for _, e := range acts {
		e.Channel, e.Language, e.Visit = by, lang, visit
		d.must(d.Record(d.ctx, e))
	}
}

func act(kind funnel.Kind) funnel.Event { return funnel.Event{Kind: kind} }

func wants(step string) funnel.Event { return funnel.Event{Kind: funnel.WhatsAppIntent, Step: step} }

func lookup(outcome funnel.Outcome, reason string) funnel.Event {
	return funnel.Event{Kind: funnel.SupportLookup, Outcome: outcome, Reason: reason}
}

func paid(minor int64, currency string) funnel.Event {
	return funnel.Event{Kind: funnel.Pay, AmountMinor: minor, Currency: currency}
}

var today = funnel.Span{From: time.Date(2026, 10, 6, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 10, 6, 0, 0, 0, 0, time.UTC)}

// day is a synthetic day: ten visits on the web in English, of which four fill a cart, two check out and one pays; four
// conversations in Arabic, of which two stop at the cart, one pays and one asks for a person; four lookups.
func (d *desk) day() {
	d.t.Helper()
	look, again := act(funnel.ViewList), act(funnel.ViewProduct)
	for range 6 {
		d.did(funnel.Web, "en", look, again, again)
	}
	for range 2 {
		d.did(funnel.Web, "en", again, act(funnel.AddToCart), act(funnel.AddToCart), act(funnel.ViewCart))
	}
	d.did(funnel.Web, "en", look, act(funnel.AddToCart), act(funnel.StartCheckout))
	d.did(funnel.Web, "en", look, act(funnel.AddToCart), act(funnel.StartCheckout), paid(6800, "EUR"))

	d.did(funnel.WhatsApp, "ar", wants("browse"), wants("show"), wants("add"), act(funnel.AddToCart), wants("cart"))
	d.did(funnel.WhatsApp, "ar", wants("search"), wants("add"), act(funnel.AddToCart), wants("cart"))
	d.did(funnel.WhatsApp, "ar", wants("browse"), wants("add"), act(funnel.AddToCart), act(funnel.StartCheckout), wants("checkout"), paid(3000, "EUR"), paid(1001, "EUR"), paid(500, "GBP"))
	d.did(funnel.WhatsApp, "ar", wants("browse"), wants("person"))

	d.did(funnel.Web, "es", lookup(funnel.Start, ""), lookup(funnel.Success, ""))
	d.did(funnel.Web, "es", lookup(funnel.Start, ""), lookup(funnel.Success, ""))
	d.did(funnel.Web, "es", lookup(funnel.Start, ""), lookup(funnel.Success, ""))
	d.did(funnel.Web, "es", lookup(funnel.Start, ""), lookup(funnel.Fail, "not_found"), funnel.Event{Kind: funnel.ClickHandoff, Place: "support"})
	d.did(funnel.Web, "es", funnel.Event{Kind: funnel.ClickHandoff, Place: "product"}, act(funnel.HandoffOpened))

	test := funnel.AsTest(d.ctx) // what somebody tries counts nowhere
	for _, e := range []funnel.Event{look, act(funnel.AddToCart), paid(999900, "EUR"), wants("add"), lookup(funnel.Fail, "")} {
		e.Channel, e.Language = funnel.Web, "en"
		d.must(d.Record(test, e))
	}
	d.must(d.Record(d.ctx, funnel.Event{Kind: funnel.Preview, Channel: funnel.API, Language: "en", Step: "browse"}))
}

// the funnel of a day, per channel and language, from what was stored.
func TestASyntheticDayGivesTheExpectedFunnel(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.day()
	rows, err := d.Rows(d.ctx, today)
	d.must(err)
	got := map[string]funnel.Row{}
	for _, r := range rows {
		if r.Day.Format(time.DateOnly) != "2026-10-06" {
			t.Errorf("a row of %s", r.Day)
		}
		key := string(r.Channel) + " " + r.Language
		r.Day, r.Channel, r.Language = time.Time{}, "", ""
		got[key] = r
	}
	want := map[string]funnel.Row{
		"web en":      {Looked: 10, Carted: 4, Started: 2, Paid: 1},
		"whatsapp ar": {Looked: 4, Carted: 3, Started: 1, Paid: 1},
		"web es":      {Asked: 4, Found: 3, Missed: 1, Chatted: 1, Handed: 2},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	web, support := got["web en"], got["web es"]
	for name, ratio := range map[string][2]float64{
		"conversion": {web.Conversion(), 0.1}, "cart": {web.CartShare(), 0.4}, "checkout": {web.CheckoutShare(), 0.5}, "pay": {web.PayShare(), 0.5},
		"support": {support.SupportShare(), 0.75}, "chat": {support.ChatShare(), 0.25}, "of nothing": {support.Conversion(), 0},
	} {
		if ratio[0] != ratio[1] {
			t.Errorf("%s: %v, want %v", name, ratio[0], ratio[1])
		}
	}
	if rows, err := d.Rows(d.ctx, funnel.Span{From: today.From.AddDate(0, 0, 1), To: today.To.AddDate(0, 0, 9)}); err != nil || len(rows) != 0 {
		t.Errorf("other days: %v, %v", rows, err)
	}
	for _, wrong := range []funnel.Span{{From: today.To, To: today.From.AddDate(0, 0, -1)}, {From: today.From, To: today.From.AddDate(2, 0, 0)}} {
		if _, err := d.Rows(d.ctx, wrong); !fault.Is(err, "funnel.span") {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

// what was paid, in each currency by itself, and where conversations end.
func TestASyntheticDayGivesTheExpectedBusiness(t *testing.T) {
	t.Parallel()
	d := open(t)
	d.day()
	sales, err := d.Sales(d.ctx, today)
	d.must(err)
	var got []string
	for _, s := range sales {
		got = append(got, fmt.Sprint(s.Channel, s.Language, s.Currency, s.Orders, s.TotalMinor, s.AverageMinor()))
	}
	if want := "[webenEUR1 6800 6800 whatsapparEUR2 4001 2000 whatsapparGBP1 500 500]"; fmt.Sprint(got) != want {
		t.Errorf("sales %v, want %s", got, want)
	}
	left, err := d.LeftAt(d.ctx, today)
	d.must(err)
	if len(left) != 1 || left[0].Step != "cart" || left[0].Visits != 2 || left[0].Language != "ar" {
		t.Errorf("conversations end at %+v", left)
	}
}

// how soon the first answer of a day left.
func TestFirstReplies(t *testing.T) {
	t.Parallel()
	d := open(t)
	morning := time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC)
	for i, waits := range []time.Duration{2 * time.Second, 4 * time.Second, 30 * time.Second, 0} {
		contact := models.Contact{ID: models.NewID(), Channel: models.ChannelWhatsApp, Address: fmt.Sprintf("+4477009003%02d", i), CreatedAt: morning, UpdatedAt: morning}
		d.must(d.db.On(d.ctx).Create(&contact).Error)
		conv := models.Conversation{ID: models.NewID(), ContactID: contact.ID, Language: "es", State: []byte("{}"), CreatedAt: morning, UpdatedAt: morning}
		d.must(d.db.On(d.ctx).Create(&conv).Error)
		said := func(way models.Direction, at time.Time, left *time.Time) {
			m := models.Message{ID: models.NewID(), ConversationID: conv.ID, Direction: way, Class: models.ClassInbound, Status: models.Handled, CreatedAt: at, SentAt: left, Content: models.Content{Kind: models.KindText}}
			if way == models.Out {
				m.Class, m.Status = models.ClassReply, models.Sent
			}
			d.must(d.db.On(d.ctx).Create(&m).Error)
		}
		said(models.In, morning, nil)
		said(models.In, morning.Add(time.Second), nil)
		if waits > 0 {
			left, later := morning.Add(waits), morning.Add(time.Hour)
			said(models.Out, morning, &left)
			said(models.Out, later, &later)
		}
	}
	replies, err := d.FirstReplies(d.ctx, today)
	d.must(err)
	if len(replies) != 1 || replies[0].Heard != 4 || replies[0].Answered != 3 || replies[0].Median != 4*time.Second || replies[0].P95 != 27400*time.Millisecond || replies[0].Language != "es" {
		t.Errorf("%+v", replies)
	}
}

// nothing of a person is stored, and what could be a person's is refused by the room and by the table.
func TestNothingOfAPersonIsStored(t *testing.T) {
	t.Parallel()
	d := open(t)
	phone := "+447700900301"
	for name, e := range map[string]funnel.Event{
		"a phone as reason": {Kind: funnel.SupportLookup, Outcome: funnel.Fail, Reason: phone},
		"a phone as step":   {Kind: funnel.WhatsAppIntent, Step: phone},
		"words as step":     {Kind: funnel.WhatsAppIntent, Step: "where is my order"},
		"a phone as place":  {Kind: funnel.ClickHandoff, Place: "447700900301"},
		"an unknown kind":   {Kind: "call"},
		"no outcome":        {Kind: funnel.SupportLookup},
		"a stray outcome":   {Kind: funnel.Pay, Outcome: funnel.Fail},
		"no currency":       {Kind: funnel.Pay, AmountMinor: 1},
	} {
		e.Channel = funnel.Web
		if err := d.Record(d.ctx, e); err == nil {
			t.Errorf("%s is taken", name)
		} else if strings.Contains(err.Error(), "4477") {
			t.Errorf("%s is repeated: %v", name, err)
		}
	}
	for column, value := range map[string]string{"reason": phone, "step": phone, "place": phone, "channel": phone, "language": phone, "kind": phone, "outcome": phone} {
		d.did(funnel.Web, "en", act(funnel.ViewCart))
		if err := d.db.On(d.ctx).Exec("UPDATE funnel_events SET "+column+" = ?", value).Error; err == nil {
			t.Errorf("the table takes a phone as %s", column)
		}
	}
	who := models.NewID()
	for _, request := range []string{phone, "447700900301", "0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11"} {
		d.must(d.Record(logging.WithRequest(d.ctx, request), funnel.Event{Kind: funnel.ViewList, Channel: funnel.Web, Language: "fr", Visit: who}))
	}
	var rows []struct{ Row string }
	d.must(d.db.On(d.ctx).Raw("SELECT e::text AS row FROM funnel_events e WHERE kind = 'view_list' ORDER BY id").Scan(&rows).Error)
	if len(rows) != 3 || strings.Contains(fmt.Sprint(rows), "4477") || strings.Contains(fmt.Sprint(rows), who.String()) || !strings.Contains(rows[2].Row, "0199f3a1") {
		t.Errorf("stored: %v", rows)
	}
}

// A visit's digest is the same on one day and another one on the next, and the word that made it is thrown away.
func TestAVisitLeadsNowhereLater(t *testing.T) {
	t.Parallel()
	d := open(t)
	who := models.NewID()
	for range 4 {
		for range 2 {
			d.must(d.Record(d.ctx, funnel.Event{Kind: funnel.ViewList, Channel: funnel.Web, Language: "en", Visit: who}))
		}
		d.hand.Advance(24 * time.Hour)
	}
	var got struct{ Digests, Days, Words int }
	d.must(d.db.On(d.ctx).Raw(`SELECT count(DISTINCT visit) AS digests, count(DISTINCT day) AS days, (SELECT count(*) FROM funnel_words) AS words FROM funnel_events`).Scan(&got).Error)
	if got.Digests != 4 || got.Days != 4 || got.Words != 2 {
		t.Errorf("%+v", got)
	}
}

// Who begins as a test is one when the provider tells that they paid, and nobody else is.
func TestATestPaysAsATest(t *testing.T) {
	t.Parallel()
	d := open(t)
	for i, ctx := range []context.Context{funnel.AsTest(d.ctx), d.ctx} {
		visit := models.NewID()
		begun := funnel.Event{Kind: funnel.StartCheckout, Channel: funnel.API, Language: "en", Visit: visit, AmountMinor: 100, Currency: "EUR"}
		d.must(d.Record(ctx, begun))
		begun.Kind = funnel.Pay
		d.must(d.Record(d.ctx, begun))
		rows, err := d.Rows(d.ctx, today)
		d.must(err)
		if i == 0 && len(rows) != 0 || i == 1 && (len(rows) != 1 || rows[0].Paid != 1 || rows[0].Started != 1) {
			t.Errorf("after %d: %+v", i+1, rows)
		}
	}
}

// What is taken back was not done, and a day is the salon's.
func TestActsFollowTheirTransactionAndTheSalonsDay(t *testing.T) {
	t.Parallel()
	d := open(t)
	err := d.db.InTx(d.ctx, func(ctx context.Context) error {
		d.must(d.Record(ctx, funnel.Event{Kind: funnel.AddToCart, Channel: funnel.API, Language: "en"}))
		return context.Canceled
	})
	if err == nil {
		t.Fatal("not taken back")
	}
	d.hand.Set(time.Date(2026, 10, 6, 22, 30, 0, 0, time.UTC)) // past midnight in Madrid
	d.must(d.Record(d.ctx, funnel.Event{Kind: funnel.AddToCart, Channel: funnel.API, Language: "en"}))
	rows, err := d.Rows(d.ctx, funnel.Span{From: today.From, To: today.To.AddDate(0, 0, 3)})
	d.must(err)
	if len(rows) != 1 || rows[0].Day.Format(time.DateOnly) != "2026-10-07" || rows[0].Carted != 1 {
		t.Errorf("%+v", rows)
	}
}

// The first act of a day within a transaction waits for no second connection. Its visit has its digest where its day was made
// ready before; where it was not, it is kept as nobody's in particular.
func TestTheFirstActOfADayNeedsOneConnection(t *testing.T) {
	t.Parallel()
	for _, ready := range []bool{true, false} {
		d := open(t)
		testkit.OneConnection(t, d.db)
		if ready {
			d.Ready(d.ctx)
		}
		d.must(d.db.InTx(d.ctx, func(ctx context.Context) error {
			d.Ready(ctx)
			return d.Record(ctx, funnel.Event{Kind: funnel.AddToCart, Channel: funnel.API, Language: "en", Visit: models.NewID()})
		}))
		d.must(d.Lookup(d.ctx, funnel.Web, "en", funnel.Success, ""))
		var named, words int
		d.must(d.db.Pool.QueryRow(d.ctx, "SELECT (SELECT count(visit) FROM funnel_events), (SELECT count(*) FROM funnel_words)").Scan(&named, &words))
		if (named == 1) != ready || words != 1 {
			t.Errorf("ready %v: %d acts have a visit, there are %d words", ready, named, words)
		}
	}
}
