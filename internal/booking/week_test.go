package booking

import (
	"strings"
	"testing"
	"time"

	"frontdesk/models"
)

// crowd fills the diary with n past and coming visits around the clock's day, a hundred a working day: made
// by few statements, as only their number matters, each far from the database's limit on how long one may take.
func (s *salon) crowd(n int) {
	s.t.Helper()
	p, service := s.person(), s.service("BLOW_DRY").ID
	const batch = 1000
	for from := 0; from < n; from += batch {
		s.crowdOf(p, service, from, min(from+batch, n), n)
	}
	s.must(s.db.On(s.ctx).Exec("ANALYZE appointments").Error)
	s.must(s.db.On(s.ctx).Exec("ANALYZE appointment_lines").Error)
}

// crowdOf adds the visits from..to-1 of n.
func (s *salon) crowdOf(p person, service models.ID, from, to, n int) {
	s.t.Helper()
	s.must(s.db.On(s.ctx).Exec(`
		WITH stylist AS (SELECT id, row_number() OVER (ORDER BY position) - 1 AS nr FROM stylists WHERE active),
		visit AS (
			INSERT INTO appointments (id, stylist_id, customer_id, booked_by_id, starts_at, ends_at, status, total_minor, currency,
				deposit_minor, deposit_state, terms, created_at, updated_at)
			SELECT gen_random_uuid(), stylist.id, @customer, @customer, t.starts_at, t.starts_at + interval '30 minutes',
				CASE WHEN i.n % 10 = 0 THEN 'cancelled' WHEN t.starts_at < @now THEN 'completed' ELSE 'confirmed' END, 820, 'EUR', 0, 'none', '{}', @now, @now
			FROM generate_series(CAST(@from AS int), @to - 1) AS i(n)
			JOIN stylist ON stylist.nr = i.n % 5
			CROSS JOIN LATERAL (SELECT CAST(@now AS timestamptz) + (i.n / 100 - @n / 200) * interval '1 day' + (i.n % 100 / 5) * interval '30 minutes' AS starts_at) t
			RETURNING id)
		INSERT INTO appointment_lines (id, appointment_id, service_id, position, minutes, price_minor)
		SELECT gen_random_uuid(), id, @service, 0, 30, 820 FROM visit`,
		map[string]any{"customer": p.customer, "service": service, "from": from, "to": to, "n": n, "now": s.clock.Now()}).Error)
}

// A week is what stands, what has ended and what is closed, of all or of one.
func TestWeek(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	dana := s.stylist("dana")
	visit := s.confirmed(s.person(), "dana", "2026-10-08 11:30", "CUT")
	hold := s.held(s.person(), "omar", "2026-10-09 11:30", "CUT")
	gone := s.held(s.person(), "omar", "2026-10-09 16:30", "CUT")
	s.must(s.Release(s.ctx, gone.ID, "customer", "test"))
	s.held(s.person(), "omar", "2026-10-13 11:30", "CUT") // next week
	s.block(&dana, s.at("2026-10-07 10:00"), s.at("2026-10-07 12:00"), models.BlockBusy)
	omar := s.stylist("omar")
	s.block(&omar, s.at("2026-10-07 10:00"), s.at("2026-10-07 12:00"), models.BlockBusy)
	from, to := s.day("2026-10-05"), s.day("2026-10-12")
	w, err := s.Week(s.ctx, from, to, nil)
	s.must(err)
	if len(w.Visits) != 2 || w.Visits[0].ID != visit.ID || w.Visits[1].ID != hold.ID || len(w.Ended) != 1 || w.Ended[0].ID != gone.ID || len(w.Blocks) != 2 {
		t.Errorf("got %d visits, %d ended, %d blocks", len(w.Visits), len(w.Ended), len(w.Blocks))
	}
	if v := w.Visits[0]; v.Customer.Name == "" || len(v.Services) != 1 || v.Services[0].Code != "CUT" {
		t.Errorf("got %+v", v)
	}
	own, err := s.Week(s.ctx, from, to, &dana)
	s.must(err)
	if len(own.Visits) != 1 || len(own.Ended) != 0 || len(own.Blocks) != 1 || *own.Blocks[0].StylistID != dana {
		t.Errorf("of one: %d visits, %d ended, %d blocks", len(own.Visits), len(own.Ended), len(own.Blocks))
	}
	// What only touches the stretch belongs to it; what ends as it begins does not.
	for span, want := range map[[2]string]int{
		{"2026-10-08 12:00", "2026-10-08 12:05"}: 1, {"2026-10-08 12:10", "2026-10-08 13:00"}: 0, {"2026-10-08 11:00", "2026-10-08 11:30"}: 0,
	} {
		if w, err := s.Week(s.ctx, s.at(span[0]), s.at(span[1]), &dana); err != nil || len(w.Visits) != want {
			t.Errorf("%v: got %d visits, %v, want %d", span, len(w.Visits), err, want)
		}
	}
}

// However many visits the salon ever had, a week is found by an index and read in the same queries.
func TestAWeekAmongManyVisitsIsFoundByAnIndex(t *testing.T) {
	s := openSalon(t, "2026-10-05 10:00")
	s.crowd(10_000)
	from, to := s.day("2026-10-05"), s.day("2026-10-12")
	var plan []string
	s.must(s.db.On(s.ctx).Raw("EXPLAIN SELECT * FROM appointments WHERE starts_at >= ? AND starts_at < ? AND ends_at > ? ORDER BY starts_at, id",
		from.Add(-longestVisit), to, from).Scan(&plan).Error)
	if text := strings.Join(plan, "\n"); strings.Contains(text, "Seq Scan") {
		t.Errorf("the week is looked for among all visits:\n%s", text)
	}
	w, err := s.Week(s.ctx, from, to, nil)
	s.must(err)
	if len(w.Visits)+len(w.Ended) != 700 {
		t.Errorf("got %d visits and %d ended, want 700 together", len(w.Visits), len(w.Ended))
	}
}

func BenchmarkWeek(b *testing.B) {
	s := openSalon(b, "2026-10-05 10:00")
	s.crowd(20_000)
	from := s.day("2026-10-05")
	took := make([]time.Duration, 0, b.N)
	for b.Loop() {
		began := time.Now()
		if _, err := s.Week(s.ctx, from, from.AddDate(0, 0, 7), nil); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
	}
	log := raceLog{attempts: make([]attempt, len(took))}
	for i, d := range took {
		log.attempts[i].took = d
	}
	b.ReportMetric(float64(log.quantile(0.95).Microseconds())/1000, "p95-ms")
	b.Logf("p50 %s, p95 %s", log.quantile(0.5), log.quantile(0.95))
}
