package reconcile_test

import (
	"errors"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/stripeapi"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// What both sides know is no difference, and both sides add up to the same.
func TestBothSidesAgree(t *testing.T) {
	t.Parallel()
	h := open(t)
	h.paid(1600)
	p := h.paid(2000)
	h.givesBack(p, 500)
	h.hear()
	h.at(noon)
	r := h.compare()
	h.wants(models.DifferenceOpen)
	h.wants(models.DifferenceMended)
	figures, err := reconcile.FiguresOf(r)
	h.must(err)
	want := []reconcile.Figures{{What: "payments", Currency: "EUR", Here: 2, HereMinor: 3600, There: 2, ThereMinor: 3600}, {What: "refunds", Currency: "EUR", Here: 1, HereMinor: 500, There: 1, ThereMinor: 500}}
	if len(figures) != 2 || figures[0] != want[0] || figures[1] != want[1] || r.Found != 0 || r.Unchecked != 0 {
		t.Errorf("figures %+v of %+v", figures, r)
	}
}

// Each kind of difference is induced, found once however often it is looked for, and gone when it is mended.
func TestEachKindOfDifference(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		spoil  func(h *house) (mend func())
		want   string
		mended bool
	}{
		{name: "paid there, unknown here", want: "unknown_here - 1600EUR", spoil: func(h *house) func() {
			h.pays(h.page(models.Payment{ID: models.NewID(), AppointmentID: models.NewID(), AmountMinor: 1600, Currency: "EUR"}))
			return nil
		}},
		{name: "paid here, unknown there", want: "unknown_there 1600EUR -", spoil: func(h *house) func() {
			p := h.asked(1600)
			h.exec("UPDATE payments SET state = 'paid', paid_at = ?, received_minor = 1600, received_in = 'EUR', payment_intent = 'pi_none' WHERE id = ?", morning, p.ID)
			h.exec("UPDATE appointments SET status = 'confirmed', deposit_state = 'paid' WHERE id = ?", p.AppointmentID)
			return nil
		}},
		{name: "amount differs", want: "amount 1500EUR 1600EUR", mended: true, spoil: func(h *house) func() {
			p := h.paid(1600)
			h.exec("UPDATE payments SET received_minor = 1500 WHERE id = ?", p.ID)
			return func() { h.exec("UPDATE payments SET received_minor = 1600 WHERE id = ?", p.ID) }
		}},
		{name: "currency differs", want: "amount 1600USD 1600EUR", spoil: func(h *house) func() {
			h.exec("UPDATE payments SET received_in = 'USD' WHERE id = ?", h.paid(1600).ID)
			return nil
		}},
		{name: "paid there, waiting here", want: "state 0EUR 1600EUR", spoil: func(h *house) func() {
			h.pays(*h.asked(1600).SessionID)
			h.deaf()
			return nil
		}},
		{name: "captured twice for one payment", want: "twice 1600EUR 1600EUR", spoil: func(h *house) func() {
			h.pays(h.page(h.paid(1600)))
			h.deaf()
			return nil
		}},
		{name: "captured twice for one visit", want: "twice 1600EUR -", spoil: func(h *house) func() {
			p := h.paid(1600)
			h.exec(`INSERT INTO payments (id, appointment_id, amount_minor, currency, state, received_minor, received_in, expires_at, created_at, updated_at, paid_at)
				SELECT gen_random_uuid(), appointment_id, 1600, 'EUR', 'refund_pending', 1600, 'EUR', expires_at, created_at, updated_at, paid_at FROM payments WHERE id = ?`, p.ID)
			return nil
		}},
		{name: "given back there, unknown here", want: "refund_unknown_here - 400EUR", mended: true, spoil: func(h *house) func() {
			p := h.paid(1600)
			h.givesBack(p, 400)
			h.deaf()
			return func() {
				h.exec(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, created_at, updated_at) VALUES (gen_random_uuid(), ?, 400, 'EUR', 'succeeded', 'at_provider', ?, ?)`, p.ID, morning, morning)
			}
		}},
		{name: "given back here, unknown there", want: "refund_unknown_there 400EUR -", spoil: func(h *house) func() {
			p := h.paid(1600)
			h.exec(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, provider_id, created_at, updated_at) VALUES (gen_random_uuid(), ?, 400, 'EUR', 'succeeded', 'goodwill', 're_none', ?, ?)`, p.ID, morning, morning)
			return nil
		}},
		{name: "never sent for hours", want: "refund_unknown_there 400EUR -", spoil: func(h *house) func() {
			p := h.paid(1600)
			h.exec(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, created_at, updated_at) VALUES (gen_random_uuid(), ?, 400, 'EUR', 'pending', 'goodwill', ?, ?)`, p.ID, morning, morning)
			return nil
		}},
		{name: "out there, failed here", want: "refund_state 400EUR 400EUR", spoil: func(h *house) func() {
			p, id := h.paid(1600), models.NewID()
			h.exec(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, created_at, updated_at) VALUES (?, ?, 400, 'EUR', 'failed', 'goodwill', ?, ?)`, id, p.ID, morning, morning)
			h.givesBack(p, 400, "refund_id", id.String())
			h.deaf()
			return nil
		}},
		{name: "refund of another amount", want: "refund_amount 400EUR 300EUR", spoil: func(h *house) func() {
			p, id := h.paid(1600), models.NewID()
			h.exec(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, created_at, updated_at) VALUES (?, ?, 400, 'EUR', 'succeeded', 'goodwill', ?, ?)`, id, p.ID, morning, morning)
			h.givesBack(p, 300, "refund_id", id.String())
			h.deaf()
			return nil
		}},
		{name: "the same refund out twice", want: "refund_unknown_here - 400EUR", spoil: func(h *house) func() {
			p, id := h.paid(1600), models.NewID()
			h.exec(`INSERT INTO refunds (id, payment_id, amount_minor, currency, state, reason, created_at, updated_at) VALUES (?, ?, 400, 'EUR', 'succeeded', 'goodwill', ?, ?)`, id, p.ID, morning, morning)
			h.givesBack(p, 400, "refund_id", id.String())
			h.givesBack(p, 400, "refund_id", id.String())
			h.deaf()
			return nil
		}},
		{name: "money for no visit", want: "serves_nothing 1600EUR -", mended: true, spoil: func(h *house) func() {
			p := h.paid(1600)
			h.exec("UPDATE appointments SET deposit_state = 'none' WHERE id = ?", p.AppointmentID)
			return func() { h.exec("UPDATE appointments SET deposit_state = 'paid' WHERE id = ?", p.AppointmentID) }
		}},
		{name: "a visit without its money", want: "unpaid 1600EUR -", mended: true, spoil: func(h *house) func() {
			p := h.asked(1600)
			h.exec("UPDATE appointments SET status = 'confirmed', deposit_state = 'paid' WHERE id = ?", p.AppointmentID)
			return func() {
				h.exec("UPDATE appointments SET status = 'cancelled', deposit_state = 'none' WHERE id = ?", p.AppointmentID)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			h.paid(1000) // which is as it should be
			mend := c.spoil(h)
			h.at(noon)
			if r := h.compare(); r.Found != 1 {
				t.Errorf("found %d", r.Found)
			}
			if r := h.compare(); r.Found != 0 {
				t.Errorf("found %d once more", r.Found)
			}
			h.wants(models.DifferenceOpen, c.want)
			if n := h.number("SELECT count(*) FROM audit_log WHERE action = 'reconciliation.found'"); n != 1 {
				t.Errorf("%d alerts", n)
			}
			if !c.mended {
				return
			}
			mend()
			if r := h.compare(); r.Cleared != 1 {
				t.Errorf("cleared %d", r.Cleared)
			}
			h.wants(models.DifferenceOpen)
			h.wants(models.DifferenceGone, c.want)
		})
	}
}

// An event that never came is fetched and taken as a webhook: the visit stands, and the row says so. Twice changes nothing.
func TestALostEventIsFetched(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.asked(1600)
	h.pays(*p.SessionID)
	h.at(morning.Add(30 * time.Minute)) // the hold is not over
	r, err := h.Begin(h.ctx, "machine", day)
	h.must(err)
	h.finish(r.ID)
	h.wants(models.DifferenceOpen)
	h.wants(models.DifferenceMended, "event_lost - 1600EUR")
	if n := h.number("SELECT count(*) FROM appointments WHERE id = ? AND status = 'confirmed' AND deposit_state = 'paid'", p.AppointmentID); n != 1 {
		t.Error("the visit does not stand")
	}
	h.at(noon)
	h.compare()
	h.hear()
	h.wants(models.DifferenceOpen)
	h.wants(models.DifferenceMended, "event_lost - 1600EUR")
	if n := h.number("SELECT count(*) FROM provider_events"); n != 1 {
		t.Errorf("%d events", n)
	}
}

// Money without a visit raises an alert within a quarter of an hour of the clock's own looks, once, and goes by itself.
func TestAnAlertWithinAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := models.Payment{ID: models.NewID(), AppointmentID: models.NewID(), AmountMinor: 1600, Currency: "EUR"}
	session := h.page(other)
	idle := h.paid(1000)
	h.pays(session)
	h.deaf() // its event has come and led to nothing
	h.exec("UPDATE appointments SET deposit_state = 'none', updated_at = ? WHERE id = ?", morning, idle.AppointmentID)
	looks := 0
	for m := range 15 {
		h.at(morning.Add(time.Duration(m+1) * time.Minute))
		h.must(h.Due(h.ctx))
		if n := h.number("SELECT count(*) FROM river_job WHERE kind = 'reconcile.watch'"); n > looks {
			looks = n
			h.must(h.Watch(h.ctx))
		}
	}
	h.wants(models.DifferenceOpen, "unknown_here - 1600EUR", "serves_nothing 1000EUR -")
	if n := h.number("SELECT count(*) FROM audit_log WHERE action = 'reconciliation.found'"); n != 2 || looks != 3 {
		t.Errorf("%d alerts by %d looks", n, looks)
	}
	h.exec("UPDATE appointments SET deposit_state = 'paid' WHERE id = ?", idle.AppointmentID)
	h.at(morning.Add(time.Hour))
	h.must(h.Watch(h.ctx))
	h.wants(models.DifferenceOpen, "unknown_here - 1600EUR")
	h.wants(models.DifferenceGone, "serves_nothing 1000EUR -")
}

// What is explained stays so while its figures do; other figures are another matter.
func TestAnExplanationIsOfItsFigures(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.paid(1600)
	h.exec("UPDATE payments SET received_minor = 1500 WHERE id = ?", p.ID)
	h.at(noon)
	h.compare()
	list, err := h.Differences(h.ctx, reconcile.Filter{Limit: 10})
	h.must(err)
	d, err := h.Explain(h.ctx, list[0].ID, list[0].Version, "staff:x", "a fee")
	h.must(err)
	if _, err := h.Explain(h.ctx, d.ID, d.Version, "staff:x", "again"); !fault.Is(err, "reconciliation.changed") {
		t.Errorf("explained twice: %v", err)
	}
	h.compare()
	h.wants(models.DifferenceOpen)
	h.exec("UPDATE payments SET received_minor = 1400 WHERE id = ?", p.ID)
	h.compare()
	h.wants(models.DifferenceOpen, "amount 1400EUR 1600EUR")
}

// The clock asks once a day whichever process notices, takes in days that were missed, and asks for no day twice.
func TestTheClockComparesEachDayOnce(t *testing.T) {
	t.Parallel()
	h := open(t)
	other := h.process()
	done := make(chan error, 8)
	for i := range 8 {
		go func() {
			if i%2 == 0 {
				done <- h.Due(h.ctx)
			} else {
				done <- other.Due(h.ctx)
			}
		}()
	}
	for range 8 {
		h.must(<-done)
	}
	if n := h.number("SELECT count(*) FROM river_job WHERE kind = 'reconcile.run'"); n != 1 {
		t.Fatalf("%d comparisons", n)
	}
	runs, err := h.Runs(h.ctx, 5)
	h.must(err)
	first := runs[0]
	if first.ToAt.Sub(first.FromAt) != 24*time.Hour || first.ToAt.After(morning) {
		t.Errorf("the first day: %s to %s", first.FromAt, first.ToAt)
	}
	if _, err := h.Begin(h.ctx, "machine", day); !fault.Is(err, "reconciliation.running") {
		t.Errorf("two at once: %v", err)
	}
	h.finish(first.ID)
	h.must(h.Due(h.ctx))
	h.at(morning.AddDate(0, 0, 3))
	h.must(h.Due(h.ctx))
	runs, err = h.Runs(h.ctx, 5)
	h.must(err)
	if len(runs) != 2 || !runs[0].FromAt.Equal(first.ToAt) || !runs[0].ToAt.Equal(first.ToAt.AddDate(0, 0, 3)) {
		t.Errorf("what was missed: %+v", runs)
	}
}

// A comparison that was killed begins anew and counts once; an attempt that was overtaken writes nothing.
func TestAKilledComparisonBeginsAnew(t *testing.T) {
	t.Parallel()
	h := open(t)
	p := h.paid(1600)
	h.exec("UPDATE payments SET received_minor = 1500 WHERE id = ?", p.ID)
	h.at(noon)
	r, err := h.Begin(h.ctx, "machine", day)
	h.must(err)
	h.exec("UPDATE reconciliations SET attempt = gen_random_uuid(), stage = 'refunds', stepped_at = stepped_at - interval '1 hour' WHERE id = ?", r.ID)
	h.exec("DELETE FROM river_job WHERE kind = 'reconcile.run'")
	h.must(h.Due(h.ctx))
	h.must(h.process().Due(h.ctx))
	if n := h.number("SELECT count(*) FROM river_job WHERE kind = 'reconcile.run'"); n != 1 {
		t.Fatalf("taken up %d times", n)
	}
	other, done := h.process(), make(chan error, 2)
	go func() { done <- other.Work(h.ctx, r.ID, false) }()
	go func() { done <- h.Work(h.ctx, r.ID, false) }()
	h.must(<-done)
	h.must(<-done)
	h.wants(models.DifferenceOpen, "amount 1500EUR 1600EUR")
	r, err = h.Run(h.ctx, r.ID)
	h.must(err)
	if r.State != models.ReconciliationDone || r.Found != 1 {
		t.Errorf("comparison %+v", r)
	}
}

// While the provider is away a comparison waits and says why; the look at our own books does not.
func TestTheProviderIsAway(t *testing.T) {
	t.Parallel()
	h := open(t)
	idle := h.paid(1000)
	h.exec("UPDATE appointments SET deposit_state = 'none', updated_at = ? WHERE id = ?", morning, idle.AppointmentID)
	h.at(morning.Add(10 * time.Minute))
	h.control("fault", map[string]any{"service": "stripe", "mode": "500"})
	if err := h.Watch(h.ctx); !stripeapi.Temporary(err) {
		t.Errorf("got %v", err)
	}
	h.wants(models.DifferenceOpen, "serves_nothing 1000EUR -")
	r, err := h.Begin(h.ctx, "machine", stripeapi.Window{From: day.From, To: morning})
	h.must(err)
	if err := h.Work(h.ctx, r.ID, false); !stripeapi.Temporary(err) {
		t.Errorf("got %v", err)
	}
	if r, err = h.Run(h.ctx, r.ID); err != nil || r.State != models.ReconciliationRunning || r.Code == "" {
		t.Errorf("comparison %+v, %v", r, err)
	}
	if err := h.Work(h.ctx, r.ID, true); err == nil {
		t.Error("the last attempt ended well")
	}
	if r, err = h.Run(h.ctx, r.ID); err != nil || r.State != models.ReconciliationFailed {
		t.Errorf("comparison %+v, %v", r, err)
	}
	h.control("fault", map[string]any{"service": "stripe", "mode": "ok"})
	h.stripe.Breaker().Forget()
	h.must(h.Watch(h.ctx))
	if w, err := h.Watched(h.ctx); err != nil || w.LookedTo == nil || w.Code != "" {
		t.Errorf("watched %+v, %v", w, err)
	}
}

// A window that cannot be compared is refused by its field.
func TestWindowsThatAreRefused(t *testing.T) {
	t.Parallel()
	h := open(t)
	for name, c := range map[string]struct {
		w     stripeapi.Window
		field string
	}{
		"backwards": {stripeapi.Window{From: noon, To: morning}, "to"}, "empty": {stripeapi.Window{From: morning.AddDate(0, 0, -1), To: morning.AddDate(0, 0, -1)}, "to"},
		"too long": {stripeapi.Window{From: morning.AddDate(0, 0, -33), To: morning}, "to"}, "to come": {stripeapi.Window{From: noon, To: noon.Add(time.Hour)}, "from"},
	} {
		_, err := h.Begin(h.ctx, "machine", c.w)
		var f *fault.Fault
		if !asFault(err, &f) || f.Fields[c.field] == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := h.number("SELECT count(*) FROM river_job WHERE kind = ?", queue.Reconcile{}.Kind()); n != 0 {
		t.Errorf("%d jobs", n)
	}
}

func asFault(err error, f **fault.Fault) bool { return errors.As(err, f) }
