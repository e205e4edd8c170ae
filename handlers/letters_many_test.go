package handlers

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"frontdesk/models"
)

// dead counts the dead letters.
func (s *salon) dead() (n int) {
	s.t.Helper()
	s.must(s.DB.On(s.t.Context()).Raw("SELECT count(*) FROM river_job WHERE state = 'discarded'").Scan(&n).Error)
	return n
}

// What an act on many letters does not understand chooses nothing, whatever it is and however it is sent: left out, it would
// choose more, up to all there is (R-1405).
func TestWhatIsNotUnderstoodChoosesNothing(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	job := fmt.Sprint(s.died(5))
	all := s.dead()
	operator := s.open(models.RoleOperator)
	long := strings.Repeat("x", maxFilter+1)
	for _, act := range []string{"requeue", "discard"} {
		send := func(chosen string, count int) answer {
			form, err := url.ParseQuery(chosen)
			s.must(err)
			form.Set("count", fmt.Sprint(count))
			form.Set("until", "2100-01-01T00:00:00Z")
			if act == "discard" {
				form.Set("reason", "a test")
			} else {
				form.Set("rate", "0")
			}
			return operator.post(lettersPath+"/"+act, form, script)
		}
		for _, c := range []struct {
			chosen string
			code   int
		}{
			{"id=abc", 400}, {"id=0", 400}, {"id=-1", 400}, {"id=99999999999999999999", 400}, {"id=" + job + "&id=x", 400}, {"id=" + strings.Repeat(job+"&id=", 100) + job, 400},
			{"group=x", 404}, {"group=" + long, 400}, {"kind=long.gone", 400}, {"kind=notify.flush&kind=chat.turn", 400}, {"kind=" + long, 400},
			{"q=" + long, 400}, {"q=%ff", 400}, {"of=" + long, 400}, {"died.from=2026-13-01", 400}, {"died.to=tomorrow", 400},
			{"died.from=2026-01-01&died.to=2026-02-30", 400}, {"all=perhaps", 400}, {"all=yes&kind=notify.flush", 400}, {"all=yes&id=" + job, 400}, {"knid=notify.flush", 400},
			{"of=NOTHING-1", 422}, {"kind=+", 422}, {"", 422},
		} {
			if opened := operator.see(lettersPath+"/"+act+"?"+c.chosen, script); c.code != 422 && opened.StatusCode != c.code {
				t.Errorf("%s is opened with %q: %d, want %d", act, c.chosen, opened.StatusCode, c.code)
			}
			if page := operator.see(lettersPath+"/"+act+"?"+c.chosen, plain); strings.Contains(string(page.body), `name="count"`) && !strings.Contains(string(page.body), `name="count" value="0"`) {
				t.Errorf("%s of %q can be sent", act, c.chosen)
			}
			if got := send(c.chosen, all); got.StatusCode < 400 || got.StatusCode >= 500 {
				t.Errorf("%s is sent with %q: %d %s", act, c.chosen, got.StatusCode, got.body)
			}
			if n := s.dead(); n != all {
				t.Fatalf("%s of %q leaves %d of %d", act, c.chosen, n, all)
			}
		}
		for _, chosen := range []string{"kind=&all=yes", "kind=notify.flush", "id=" + job} { // and what is understood does
			want := all
			if strings.HasPrefix(chosen, "id") {
				want = 1
			}
			if page := operator.see(lettersPath+"/"+act+"?"+chosen, plain); !strings.Contains(string(page.body), fmt.Sprintf(`name="count" value="%d"`, want)) {
				t.Errorf("%s of %q: %d without %d jobs", act, chosen, page.StatusCode, want)
			}
			if got := send(chosen, 4); got.StatusCode != 409 || s.dead() != all {
				t.Errorf("another number of %q: %d %s, %d are dead", chosen, got.StatusCode, got.body, s.dead())
			}
		}
	}
	if list := operator.see(jobsPath+"?kind=long.gone", plain); strings.Contains(string(list.body), jobsPath+"/"+job) || strings.Contains(string(list.body), "/discard?") {
		t.Error("a list that is not understood lists all")
	}
}

// What is booked for a friend, its money and its notices are of the booker's line, whose conversation it is, and are found by
// the visit, the friend and whoever booked (R-1405).
func TestALineIsTheBookers(t *testing.T) {
	t.Parallel()
	s := newSalon(t)
	ctx, payment, event, code := t.Context(), models.NewID(), models.NewID(), models.NewID()
	for _, row := range []struct {
		sql    string
		values []any
	}{
		{"UPDATE appointments SET customer_id = ? WHERE id = ?", []any{s.held.CustomerID, s.confirmed.ID}},
		{`INSERT INTO payments (id, appointment_id, amount_minor, currency, state, session_id, expires_at, created_at, updated_at)
			VALUES (?, ?, 100, 'EUR', 'open', 'cs_friend', now(), now(), now())`, []any{payment, s.confirmed.ID}},
		{`INSERT INTO provider_events (id, provider, event_id, kind, payload, received_at)
			VALUES (?, 'stripe', 'evt_friend', 'checkout.session.completed', '{"data": {"object": {"id": "cs_friend"}}}', now())`, []any{event}},
	} {
		s.must(s.DB.On(ctx).Exec(row.sql, row.values...).Error)
	}
	s.must(s.DB.On(ctx).Exec(`WITH s AS (INSERT INTO shop_sessions (id, hash, created_at, expires_at) VALUES (gen_random_uuid(), sha256('x'), now(), now()) RETURNING id)
		INSERT INTO phone_codes (id, session_id, phone, language, nonce, created_at, expires_at) SELECT ?, id, ?, 'en', substr(sha256('x'), 1, 16), now(), now() FROM s`, code, noorPhone).Error)
	for what, args := range map[string]string{
		"told of the visit": fmt.Sprintf(`{"conversation_id": %q, "event": "visit.confirmed", "ref": %q}`, s.noor.ID, s.confirmed.ID),
		"sent":              fmt.Sprintf(`{"conversation_id": %q}`, s.noor.ID),
		"the stylist":       fmt.Sprintf(`{"appointment_id": %q, "event": "visit.confirmed"}`, s.confirmed.ID),
		"a link":            fmt.Sprintf(`{"payment_id": %q}`, payment),
		"a payment's event": fmt.Sprintf(`{"event_id": %q}`, event),
		"a code":            fmt.Sprintf(`{"code_id": %q}`, code),
	} {
		var got struct {
			Line  models.ID
			Finds bool
		}
		s.must(s.DB.On(ctx).Raw("SELECT line, refs @> ARRAY[CAST(? AS uuid)] AND (? OR refs @> ARRAY[CAST(? AS uuid), CAST(? AS uuid)]) AS finds FROM letter_refs(CAST(? AS jsonb))",
			s.confirmed.BookedByID, what == "sent" || what == "a code", s.confirmed.ID, s.held.CustomerID, args).Scan(&got).Error)
		if got.Line != s.confirmed.BookedByID || !got.Finds {
			t.Errorf("%s: line %s, want the booker's %s; found by all: %t", what, got.Line, s.confirmed.BookedByID, got.Finds)
		}
	}
}
