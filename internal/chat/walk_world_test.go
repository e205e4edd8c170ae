package chat

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/handoff"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// take is one step of the walk, with everything that follows from it and a look at all rules.
func (c *crowd) take(s step) {
	c.rng = rand.New(rand.NewPCG(s.seed, 3))
	g := c.guests[s.who]
	c.spoken, c.swept = nil, false
	c.hand.Advance(time.Duration(5+c.rng.IntN(90)) * time.Second)
	before := c.humans()
	switch n := c.rng.IntN(100); {
	case n < 70:
		c.customerWrites(g)
	case n < 73:
		for range 2 + c.rng.IntN(3) {
			c.customerWrites(g)
		}
	case n < 75:
		c.repeats(g)
	case n < 86:
		c.pay(g)
	case n < 91:
		c.timePasses()
	case n < 98:
		c.staffAct(g)
	default:
		c.salonChanges()
	}
	c.works()
	c.follow()
	c.checkSpoken(before)
	c.checkBooks()
}

// mayNot breaks the walk off when something went wrong that must not.
func (c *crowd) mayNot(what string, err error) {
	if err != nil {
		c.fails("%s: %v", what, err)
	}
}

// refusable is mayNot for what may be refused.
func (c *crowd) refusable(what string, err error) {
	var refused *fault.Fault
	if errors.As(err, &refused) {
		c.record("    refused: %s", refused.Key)
		return
	}
	c.mayNot(what, err)
}

// works the jobs that wait, now and then in another order than they came in.
func (c *crowd) works() {
	for rounds := 0; ; rounds++ {
		if rounds == 50 {
			c.fails("jobs beget jobs without end")
		}
		var jobs []job
		c.must(c.DB.On(c.ctx).Raw("SELECT id, kind, args FROM river_job WHERE id > ? ORDER BY id", c.lastJob).Scan(&jobs).Error)
		if len(jobs) == 0 {
			return
		}
		c.lastJob = jobs[len(jobs)-1].ID
		if c.chance(5) {
			c.rng.Shuffle(len(jobs), func(i, j int) { jobs[i], jobs[j] = jobs[j], jobs[i] })
		}
		for _, j := range jobs {
			c.mayNot(j.Kind, c.workOne(j))
		}
	}
}

func (c *crowd) workOne(j job) error {
	switch j.Kind {
	case queue.PaymentSession{}.Kind():
		return decoded(j, c.opensLink)
	case queue.RefundSend{}.Kind():
		return decoded(j, c.paysOut)
	default:
		return c.work(j)
	}
}

// opensLink is what the provider's session job does, with a provider that is slow now and then.
func (c *crowd) opensLink(a queue.PaymentSession) error {
	p, err := c.Till.Payment(c.ctx, a.PaymentID)
	if err != nil || p.State != models.PaymentRequested {
		return err
	}
	if c.chance(8) {
		return errors.Join(
			c.Queue.Enqueue(c.ctx, queue.Tell{ConversationID: a.ConversationID, Event: TellPaymentDelayed, Ref: p.ID}), c.Queue.Enqueue(c.ctx, a),
		)
	}
	visit, err := c.Diary.Appointment(c.ctx, p.AppointmentID)
	if err != nil {
		return err
	}
	if visit.Status != models.Provisional || !c.Clock.Now().Before(*visit.HoldExpiresAt) {
		return c.DB.On(c.ctx).Model(&p).Update("state", models.PaymentVoided).Error
	}
	var earlier int64
	if err := c.DB.On(c.ctx).Model(&models.Payment{}).Where("appointment_id = ? AND id <> ?", p.AppointmentID, p.ID).Count(&earlier).Error; err != nil {
		return err
	}
	event := TellPaymentLink
	if earlier > 0 {
		event = TellPaymentNewLink
	}
	err = c.DB.On(c.ctx).Model(&p).Updates(map[string]any{
		"state": models.PaymentOpen, "session_id": "cs_" + p.ID.String(), "url": "https://pay.test/c/" + strings.Map(letters, p.ID.String()),
	}).Error
	if err != nil || a.ConversationID == (models.ID{}) {
		return err
	}
	return c.Queue.Enqueue(c.ctx, queue.Tell{ConversationID: a.ConversationID, Event: event, Ref: p.ID})
}

// letters keeps digits out of links: a number in a reply is a fact or a fault.
func letters(r rune) rune {
	if r >= '0' && r <= '9' {
		return 'q' + (r - '0')
	}
	return r
}

// paysOut is what the provider's refund job does; now and then it fails.
func (c *crowd) paysOut(a queue.RefundSend) error {
	var r models.Refund
	if err := c.DB.On(c.ctx).Take(&r, "id = ?", a.RefundID).Error; err != nil || r.State != models.RefundPending {
		return err
	}
	status := "succeeded"
	if c.chance(12) {
		status = "failed"
	}
	return c.event("refund.updated", map[string]any{
		"id": "re_" + r.ID.String(), "object": "refund", "amount": r.AmountMinor, "currency": strings.ToLower(r.Currency), "status": status,
		"metadata": map[string]string{"refund_id": r.ID.String(), "payment_id": r.PaymentID.String()},
	})
}

// event stores an event of the payment provider's and applies it, twice.
func (c *crowd) event(kind string, object map[string]any) error {
	c.events++
	id := fmt.Sprint("evt_", c.events)
	raw, err := json.Marshal(map[string]any{"id": id, "object": "event", "type": kind, "data": map[string]any{"object": object}})
	if err != nil {
		return err
	}
	row := models.ProviderEvent{
		ID: models.NewID(), Provider: models.ProviderStripe, EventID: id, Kind: kind, Payload: raw, ReceivedAt: c.Clock.Now(),
	}
	if err := c.DB.On(c.ctx).Create(&row).Error; err != nil {
		return err
	}
	return errors.Join(c.Till.Apply(c.ctx, row.ID), c.Till.Apply(c.ctx, row.ID))
}

// pay has something happen to one of a customer's payments: mostly the newest is paid.
func (c *crowd) pay(g *guest) {
	var list []models.Payment
	c.must(c.DB.On(c.ctx).Raw(`SELECT p.* FROM payments p JOIN appointments a ON a.id = p.appointment_id
		WHERE a.conversation_id = ? AND p.session_id IS NOT NULL ORDER BY p.created_at, p.id`, g.conv).Scan(&list).Error)
	if len(list) == 0 {
		c.customerWrites(g)
		return
	}
	p := list[len(list)-1]
	if c.chance(5) {
		p = list[c.rng.IntN(len(list))]
	}
	session := map[string]any{
		"id": *p.SessionID, "object": "checkout.session", "payment_status": "paid", "status": "complete", "amount_total": p.AmountMinor,
		"currency": strings.ToLower(p.Currency), "payment_intent": "pi_" + p.ID.String(), "client_reference_id": p.ID.String(),
	}
	what, kind, object := "pays", "checkout.session.completed", session
	switch n := c.rng.IntN(100); {
	case n < 70:
	case n < 74:
		what, session["amount_total"] = "pays too little", p.AmountMinor-1
	case n < 76:
		what, session["currency"] = "pays in dollars", "usd"
	case n < 86:
		what, kind = "is declined", "payment_intent.payment_failed"
		object = map[string]any{
			"id": "pi_" + p.ID.String(), "object": "payment_intent", "amount": p.AmountMinor, "currency": "eur",
			"metadata": map[string]string{"payment_id": p.ID.String()}, "last_payment_error": map[string]string{"code": "card_declined"},
		}
	case n < 91:
		what, kind, session["payment_status"] = "fails later", "checkout.session.async_payment_failed", "unpaid"
	case n < 96:
		what, kind, session["payment_status"] = "lets the link run out", "checkout.session.expired", "unpaid"
	default:
		if p.ReceivedMinor == 0 {
			return
		}
		what, kind = "gets money back at the provider's site", "charge.refunded"
		object = map[string]any{
			"id": "ch_" + p.ID.String(), "object": "charge", "amount": p.AmountMinor, "currency": "eur", "payment_intent": "pi_" + p.ID.String(),
			"amount_refunded": 1 + c.rng.Int64N(p.ReceivedMinor), "metadata": map[string]string{"payment_id": p.ID.String()},
		}
	}
	c.record("  (%s %s: %d of a payment that is %s)", g.phone, what, p.AmountMinor, p.State)
	c.mayNot("payment", c.event(kind, object))
}

// timePasses turns the clock on and mostly does what has become due.
func (c *crowd) timePasses() {
	by := []time.Duration{
		4 * time.Minute, 12 * time.Minute, 21 * time.Minute, 31 * time.Minute, 3 * time.Hour, 14 * time.Hour, 25 * time.Hour, 50 * time.Hour,
	}[c.rng.IntN(8)]
	c.hand.Advance(by)
	c.record("  (%s later: %s)", by, c.Clock.Now().In(c.zone).Format("Mon 2 Jan 15:04"))
	if !c.chance(5) {
		c.sweep()
	}
}

// sweep does what has become due, as the sweep job does.
func (c *crowd) sweep() {
	for _, due := range []func(context.Context) (int, error){
		c.Diary.WarnHolds, c.Diary.ExpireHolds, c.Remind, c.Diary.MissReminders, c.Diary.EndChoices, c.ForgetIdle, c.Desk.Expire,
	} {
		_, err := due(c.ctx)
		c.mayNot("sweep", err)
	}
	c.swept = true
}

// staffAct has somebody of the salon act on a customer's visit or conversation.
func (c *crowd) staffAct(g *guest) {
	if g.conv == (models.ID{}) {
		return
	}
	var visits []models.Appointment
	c.must(c.DB.On(c.ctx).Order("created_at, id").Find(&visits, "conversation_id = ?", g.conv).Error)
	n := c.rng.IntN(10)
	if n < 3 || len(visits) == 0 {
		c.staffSpeak(g)
		return
	}
	visit := visits[c.rng.IntN(len(visits))]
	act := booking.Act{ID: visit.ID, Version: visit.Version, Actor: salma, Reason: "asked for on the phone"}
	menu, err := c.Diary.Menu(c.ctx)
	c.must(err)
	day := c.Clock.Now().In(c.zone).AddDate(0, 0, c.rng.IntN(9))
	at := time.Date(day.Year(), day.Month(), day.Day(), 10+c.rng.IntN(9), 30*c.rng.IntN(2), 0, 0, c.zone)
	stylist := menu.Stylists[c.rng.IntN(len(menu.Stylists))].ID
	verb := []string{"move", "move", "cancel", "cancel", "confirm", "let go", "hold again", "no-show", "book"}[c.rng.IntN(9)]
	c.record("  (staff: %s, for %s: %s of %s)", verb, g.phone, visit.Status, visit.StartsAt.In(c.zone).Format("2 Jan 15:04"))
	switch verb {
	case "move":
		_, err = c.Diary.Move(c.ctx, booking.MoveRequest{Act: act, StylistID: stylist, StartsAt: at})
	case "cancel":
		choice := []checkout.RefundChoice{checkout.RefundByPolicy, checkout.RefundFull, checkout.RefundNone}[c.rng.IntN(3)]
		_, err = c.Till.Cancel(c.ctx, checkout.CancelRequest{Act: act, Refund: choice})
	case "confirm":
		_, err = c.Diary.ConfirmWithoutDeposit(c.ctx, act)
	case "let go":
		_, err = c.Diary.LetGo(c.ctx, act)
	case "hold again":
		_, err = c.Till.HoldAgain(c.ctx, act)
	case "no-show":
		_, err = c.Till.NoShow(c.ctx, checkout.NoShowRequest{Act: act, Waive: c.chance(2)})
	case "book":
		_, err = c.Till.Book(c.ctx, checkout.BookRequest{
			CustomerID: &visit.BookedByID, StylistID: stylist, StartsAt: at, Actor: salma,
			ServiceIDs: []models.ID{menu.Services[c.rng.IntN(len(menu.Services))].ID},
		})
	}
	c.refusable("staff "+verb, err)
}

// staffSpeak has somebody take a conversation over, write in it, or give it back.
func (c *crowd) staffSpeak(g *guest) {
	who := c.colleague()
	conv, err := c.Thread.Conversation(c.ctx, g.conv)
	c.must(err)
	if !conv.Human(c.Clock.Now()) && c.chance(2) {
		c.record("  (staff take %s over)", g.phone)
		_, err = c.Desk.TakeOver(c.ctx, handoff.Claim{ConversationID: g.conv, StaffID: who})
		c.refusable("take over", err)
		_, _, err = c.Thread.Say(c.ctx, thread.Outgoing{
			ConversationID: g.conv, Class: models.ClassStaff, Content: text("Let me see."), Language: conv.Language, Cause: "staff", StaffID: &who,
		})
		c.mayNot("write", err)
		return
	}
	if conv.AssigneeID != nil {
		who = *conv.AssigneeID
	}
	c.record("  (staff give %s back)", g.phone)
	cases, err := c.Desk.OfConversation(c.ctx, g.conv)
	c.must(err)
	for _, k := range cases {
		c.refusable("resolve", c.Desk.Resolve(c.ctx, handoff.Resolution{CaseID: k.ID, StaffID: who, Label: models.LabelNeeded}))
	}
	c.refusable("hand back", c.Desk.HandBack(c.ctx, g.conv, who))
}

// salonChanges has a policy, a closure or a stylist change.
func (c *crowd) salonChanges() {
	menu, err := c.Diary.Menu(c.ctx)
	c.must(err)
	if c.chance(3) {
		day := c.Clock.Now().In(c.zone).AddDate(0, 0, 1+c.rng.IntN(6))
		from := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, c.zone)
		r := booking.BlockRequest{
			Span: models.Span{Start: from, End: from.AddDate(0, 0, 1)}, Kind: models.BlockHoliday, Actor: salma, KeepVisits: c.chance(2),
			Reason: models.Text{"en": "public holiday", "es": "festivo", "ar": "عطلة رسمية"},
		}
		c.record("  (the salon closes on %s)", from.Format("2 Jan"))
		_, err = c.Diary.Upkeep().Close(c.ctx, r)
		c.refusable("close", err)
		return
	}
	if c.chance(4) && len(menu.Stylists) > 3 {
		s := menu.Stylists[c.rng.IntN(len(menu.Stylists))]
		c.record("  (%s leaves)", s.Code)
		_, err = c.Diary.Upkeep().RetireStylist(c.ctx, salma, s.ID)
		c.refusable("retire", err)
		return
	}
	edits := []struct {
		key   string
		value any
	}{
		{"hold.minutes", 20 + c.rng.IntN(40)}, {"deposit.percent", 10 + c.rng.IntN(41)}, {"cancel.refund_hours", 12 + c.rng.IntN(60)},
		{"cancel.staff_only_hours", c.rng.IntN(12)}, {"same_day.lead_min", c.rng.IntN(240)}, {"payment.max_attempts", 1 + c.rng.IntN(3)},
		{"payment.keep_until_expiry", c.chance(2)}, {"deposit.enabled", c.chance(2)}, {"slots.offer", 1 + c.rng.IntN(6)},
		{"cancel.late_moves", c.rng.IntN(3)}, {"pack.max_extra_percent", c.rng.IntN(100)},
	}
	e := edits[c.rng.IntN(len(edits))]
	c.record("  (policy %s = %v)", e.key, e.value)
	c.refusable("policy", c.Settings.Set(c.ctx, e.key, e.value, salma))
}
