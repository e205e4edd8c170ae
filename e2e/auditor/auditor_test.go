package auditor_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/e2e/auditor"
	"frontdesk/e2e/harness"
)

// world is a salon that is at rest: a visit whose deposit was paid, an order paid by card and one paid on delivery, a
// refund, and all that was said.
type world struct {
	*harness.App
	phone  string
	now    time.Time
	theirs auditor.Theirs
}

// played lets a little of everything happen.
func played(t *testing.T) world {
	t.Helper()
	app := harness.Start(t, harness.Options{})
	story := harness.Booking()
	w := world{App: app, phone: story.Begin(t, app)}
	story.Tell(t, app, w.phone)
	app.Rest()
	var told auditor.Told
	card := w.order(t, `{"method":"stripe"}`)
	app.Pay(card.URL, "paid", 2)
	cash := w.order(t, `{"method":"cod"}`)
	w.ask(t, "/checkout/confirm", fmt.Sprintf(`{"orderId":%q}`, cash.OrderID), cash.session, http.StatusOK, nil)
	for _, o := range []placed{card, cash} {
		told.Orders = append(told.Orders, auditor.OrderTold{ID: o.OrderID, Number: o.Number, TotalMinor: o.TotalMinor})
	}
	var given struct{ Refund struct{ ID string } }
	status, answer := app.Person("FINANCE").Post("/salon/refunds", harness.JSON, fmt.Sprintf(`{"order":%q,"key":"one","amountMinor":300,"reason":"goodwill"}`, card.OrderID))
	if err := json.Unmarshal(answer, &given); err != nil || status != http.StatusCreated {
		t.Fatalf("a refund: %d %s", status, answer)
	}
	told.Refunds = []auditor.RefundTold{{ID: given.Refund.ID, AmountMinor: 300}}
	app.Rest()
	var clock struct{ Now time.Time }
	if err := app.Control("clock", map[string]any{"advance": "0s"}, &clock); err != nil {
		t.Fatal(err)
	}
	app.Rest()
	theirs, err := auditor.ReadTheirs(t.Context(), app.SimURL, []string{"salma", "dana", "iris", "omar", "bruno"})
	if err != nil {
		t.Fatal(err)
	}
	theirs.Told = told
	w.now, w.theirs = clock.Now, theirs
	return w
}

type placed struct {
	OrderID    string `json:"orderId"`
	Number     string `json:"number"`
	TotalMinor int64  `json:"totalMinor"`
	URL        string `json:"checkoutUrl"`
	session    string
}

// order puts something into a new cart and orders it.
func (w world) order(t *testing.T, body string) (o placed) {
	t.Helper()
	session := w.ask(t, "/cart/items", `{"sku":"OIL-ARG-50","qty":1}`, "", http.StatusCreated, nil)
	w.ask(t, "/checkout/init", body, session, http.StatusOK, &o)
	o.session = session
	return o
}

// ask posts JSON as a shopper, who has a session from their first cart on.
func (w world) ask(t *testing.T, path, body, session string, want int, into any) (opened string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, w.BaseURL+path, bytes.NewBufferString(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if session != "" {
		req.Header.Set("X-Session-Token", session)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != want {
		t.Fatalf("%s: %d %s", path, res.StatusCode, raw)
	}
	if into != nil {
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatal(err)
		}
	}
	return res.Header.Get("X-Session-Token")
}

// audited is what the auditor finds after something was planted in a transaction that is undone.
func (w world) audited(t *testing.T, theirs auditor.Theirs, planted ...string) (found []auditor.Violation) {
	t.Helper()
	w.For(t).Query(func(ctx context.Context, conn *pgx.Conn) error {
		tx, err := conn.Begin(ctx)
		if err != nil {
			return err
		}
		defer tx.Rollback(ctx)                                                                             //nolint:errcheck // that is what it is for
		for _, sql := range append([]string{"SET LOCAL session_replication_role = replica"}, planted...) { // no trigger and no reference stops us
			done, err := tx.Exec(ctx, sql)
			if err != nil {
				return fmt.Errorf("plant %s: %w", sql, err)
			}
			if sql == planted[len(planted)-1] && done.RowsAffected() == 0 {
				return fmt.Errorf("plant %s: nothing was changed", sql)
			}
		}
		found, err = auditor.Audit(ctx, tx, theirs, w.now)
		return err
	})
	return found
}

// What is in order has no violation; each kind of violation, planted by itself, is found.
func TestAuditorFindsWhatIsPlanted(t *testing.T) {
	t.Parallel()
	w := played(t)
	t.Run("in order", func(t *testing.T) {
		if found := w.audited(t, w.theirs, "SELECT 1"); len(found) > 0 {
			t.Fatalf("a day without trouble:\n%s", auditor.Report(found))
		}
	})
	t.Run("a refund that failed, and somebody has its case", func(t *testing.T) {
		found := w.audited(t, w.theirs, failedRefund, openCase+"(SELECT appointment_id FROM payments WHERE NOT ("+ofOrder+") LIMIT 1) FROM conversations LIMIT 1")
		for _, v := range found {
			if v.Rule == auditor.ChargedForOne || strings.Contains(v.Says, "went nowhere") {
				t.Errorf("not for nothing: %s", v)
			}
		}
	})
	for name, p := range plants() {
		t.Run(name, func(t *testing.T) {
			theirs := w.copied(t)
			if p.theirs != nil {
				p.theirs(w, &theirs)
			}
			if p.ours == nil {
				p.ours = []string{"SELECT 1"}
			}
			found := w.audited(t, theirs, p.ours...)
			if !slices.ContainsFunc(found, func(v auditor.Violation) bool { return v.Rule == p.want && strings.Contains(v.Says, p.says) }) {
				t.Errorf("planted, and %q is not among what was found:\n%s", p.want, auditor.Report(found))
			}
		})
	}
}

// Each rule there is has something planted that it must find.
func TestEveryRuleHasAPlant(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("auditor.go")
	if err != nil {
		t.Fatal(err)
	}
	planted := map[string]bool{}
	for _, p := range plants() {
		planted[string(p.want)] = true
	}
	rules := regexp.MustCompile(`(?m)^\t\w+\s+Rule = "(.+)"$`).FindAllSubmatch(source, -1)
	for _, rule := range rules {
		if !planted[string(rule[1])] {
			t.Errorf("nothing is planted for %q", rule[1])
		}
	}
	if len(rules) < len(planted) {
		t.Errorf("%d rules are in the source, %d are planted for", len(rules), len(planted))
	}
}

// copied are their records, to be changed.
func (w world) copied(t *testing.T) (theirs auditor.Theirs) {
	t.Helper()
	raw, err := json.Marshal(w.theirs)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &theirs); err != nil {
		t.Fatal(err)
	}
	return theirs
}

// plant is something that must never be, ours or theirs, and the rule that finds it.
type plant struct {
	ours   []string
	theirs func(world, *auditor.Theirs)
	want   auditor.Rule
	says   string // a part of the sentence; empty: any
}

func plants() map[string]plant {
	all := map[string]plant{}
	for _, some := range []map[string]plant{plantsOfMessages(), plantsOfMoney(), plantsOfRefunds(), plantsOfTheRest()} {
		maps.Copy(all, some)
	}
	return all
}
