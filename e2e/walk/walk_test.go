// Package walk lets a crowd of customers write, tap and pay at two processes at once while what the product
// depends on comes and goes, and then asks the database, the phones and the provider whether everything that
// must always hold does.
package walk

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/e2e/harness"
	"frontdesk/internal/chat/understand/phrases"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// How long the walk is. Troubles come one after the other for as long as the customers have something to say.
const (
	customers = 30
	turns     = 20
	patience  = 2500 // milliseconds that a customer waits for an answer before they write again
)

func TestACrowdThroughTroubles(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("takes minutes: LONG=1")
	}
	seed := uint64(1)
	if s := os.Getenv("WALK_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	t.Logf("WALK_SEED=%d", seed)
	app := harness.Start(t, harness.Options{StandInsApart: true, Env: []string{"SEND_GRACE=2s"}})
	second := app.Another(harness.Options{})
	app.Given("S01", models.English)
	crowd := gather(t, app, seed)
	over := make(chan struct{})
	go func() {
		defer close(over)
		var wait sync.WaitGroup
		for _, c := range crowd {
			wait.Go(c.visit)
		}
		wait.Wait()
	}()
	rng := rand.New(rand.NewPCG(seed, 0))
	for round := 1; !ended(over); round++ {
		disturb(t, app, rng)
		if round == 5 {
			second.Kill()
			second.Launch()
		}
	}
	settle(t, app, crowd)
}

func ended(over <-chan struct{}) bool {
	select {
	case <-over:
		return true
	default:
		return false
	}
}

// disturb is one trouble from its beginning to its end.
func disturb(t *testing.T, app *harness.App, rng *rand.Rand) {
	services := []string{"whatsapp", "stripe", "postgres", "redis"}
	modes := []string{"down", "slow", "hang", "429", "500", "garbage", "duplicate", "reorder"}
	service := services[rng.IntN(len(services))]
	if service == "postgres" || service == "redis" {
		modes = modes[:6]
	}
	mode := modes[rng.IntN(len(modes))]
	t.Logf("%s %s", service, mode)
	app.Fault(service, mode)
	<-time.After(time.Duration(800+rng.IntN(1700)) * time.Millisecond)
	app.Fault(service, "ok")
	if rng.IntN(4) == 0 { // holds lapse, reminders fall due
		if err := app.Control("clock", map[string]any{"advance": []string{"6m", "16m", "40m"}[rng.IntN(3)]}, nil); err != nil {
			t.Logf("the clock was not moved: %v", err)
		}
	}
}

// customer is one phone.
type customer struct {
	app   *harness.App
	phone string
	lang  models.Language
	words []phrases.Phrase
	rng   *rand.Rand
	paid  []string // links whose payment the provider has taken
}

func gather(t *testing.T, app *harness.App, seed uint64) (crowd []*customer) {
	t.Helper()
	words := map[models.Language][]phrases.Phrase{}
	for _, lang := range models.Languages() {
		list, err := phrases.Load(filepath.Join(harness.Root(), "internal", "chat", "understand"), phrases.Dev, lang)
		if err != nil {
			t.Fatal(err)
		}
		words[lang] = list
	}
	for i := range customers {
		lang := models.Languages()[i%3]
		crowd = append(crowd, &customer{
			app: app, phone: fmt.Sprintf("+4477009%05d", 61_000+i), lang: lang, words: words[lang], rng: rand.New(rand.NewPCG(seed, uint64(i+1))),
		})
	}
	return crowd
}

// visit is all that a customer does. What fails on the way is not theirs to mind: the end is looked at.
func (c *customer) visit() {
	for range turns {
		<-time.After(time.Duration(1000+c.rng.IntN(4000)) * time.Millisecond) // people read before they write
		seen, _ := c.seen()
		if link := c.openLink(seen); link != "" && c.rng.IntN(3) > 0 {
			c.pay(link)
			continue
		}
		body := c.next(seen)
		body["from"], body["name"], body["wait_ms"] = c.phone, "Noor Haddad", patience
		_ = c.app.Control("say", body, nil)
	}
}

// next is what they send: mostly a tap, else words of any kind.
func (c *customer) next(seen []harness.Reply) map[string]any {
	for i := len(seen) - 1; i >= 0; i-- {
		if n := len(seen[i].Buttons); n > 0 && c.rng.IntN(3) > 0 {
			return map[string]any{"button": seen[i].Buttons[min(c.rng.IntN(n), c.rng.IntN(n))].ID}
		}
		if n := len(seen[i].Rows); n > 0 && c.rng.IntN(3) > 0 {
			return map[string]any{"list": seen[i].Rows[c.rng.IntN(n)].ID}
		}
		if seen[i].Direction == "out" {
			break
		}
	}
	wanted := []string{"book", "book", "book", "answer", "yes", "cancel", "move", "price", "usual"}[c.rng.IntN(9)]
	var fit []string
	for _, p := range c.words {
		if p.Intent == wanted {
			fit = append(fit, p.Text)
		}
	}
	return map[string]any{"text": fit[c.rng.IntN(len(fit))]}
}

// openLink is the newest payment link on the phone, unless it was paid.
func (c *customer) openLink(seen []harness.Reply) string {
	link := harness.Link(seen)
	if slices.Contains(c.paid, link) {
		return ""
	}
	return link
}

func (c *customer) pay(link string) {
	outcome := []string{"paid", "paid", "paid", "declined"}[c.rng.IntN(4)]
	err := c.app.Control("pay", map[string]any{"url": link, "outcome": outcome, "copies": 1 + c.rng.IntN(2), "wait_ms": patience}, nil)
	if err == nil && outcome == "paid" {
		c.paid = append(c.paid, link)
	}
}

// seen is everything on the phone's screen.
func (c *customer) seen() ([]harness.Reply, error) {
	res, err := http.Get(c.app.SimURL + "/control/transcript?phone=" + url.QueryEscape(c.phone))
	if err != nil {
		return nil, err
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	var got struct{ Messages []harness.Reply }
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
		return nil, err
	}
	return got.Messages, nil
}

// settle lets everything come to rest and holds the database, the phones and the provider against each other.
func settle(t *testing.T, app *harness.App, crowd []*customer) {
	t.Helper()
	app.Rest()
	check := func(when string) {
		var clock struct{ Now time.Time }
		if err := app.Control("clock", map[string]any{"advance": "0s"}, &clock); err != nil {
			t.Fatal(err)
		}
		app.Rest()
		app.Query(func(ctx context.Context, db *pgx.Conn) error {
			wrong, err := testkit.Books(ctx, db, clock.Now, true)
			for _, w := range wrong {
				t.Errorf("%s: %s", when, w)
			}
			return err
		})
		for _, c := range crowd {
			c.check(t, when)
		}
	}
	check("when all is well again")
	app.Advance(26 * time.Hour)
	app.Rest()
	check("a day later")
	t.Logf("%d visits, %d of them confirmed; %d payments received, %d refunds; %d cases", app.Number("SELECT count(*) FROM appointments"),
		app.Number("SELECT count(*) FROM appointments WHERE status = 'confirmed'"), app.Number("SELECT count(*) FROM payments WHERE received_minor > 0"),
		app.Number("SELECT count(*) FROM refunds"), app.Number("SELECT count(*) FROM cases"))
}

// check compares a phone with what the product believes it has sent, and with what was paid from it.
func (c *customer) check(t *testing.T, when string) {
	t.Helper()
	const sent = `SELECT coalesce(string_agg(m.provider_id, ' ' ORDER BY m.seq), '') FROM messages m JOIN conversations v ON v.id = m.conversation_id
		JOIN contacts k ON k.id = v.contact_id WHERE k.address = $1 AND m.direction = 'out' AND m.status IN ('sent', 'delivered', 'read')`
	const waiting = `SELECT count(*) FROM messages m JOIN conversations v ON v.id = m.conversation_id
		JOIN contacts k ON k.id = v.contact_id WHERE k.address = $1 AND m.direction = 'out' AND m.status IN ('queued', 'sending', 'failed')`
	seen, err := c.seen()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range seen {
		if m.Direction == "out" {
			got = append(got, m.ID)
		}
	}
	if want := c.app.Text(sent, c.phone); strings.Join(got, " ") != want {
		t.Errorf("%s: %s has received\n%s\nand the product has sent\n%s", when, c.phone, strings.Join(got, " "), want)
	}
	if n := c.app.Number(waiting, c.phone); n > 0 {
		t.Errorf("%s: %d messages to %s were never sent", when, n, c.phone)
	}
	for _, link := range c.paid {
		if n := c.app.Number("SELECT count(*) FROM payments WHERE url = $1 AND received_minor > 0", link); n != 1 {
			t.Errorf("%s: %d payments know of the money paid at %s", when, n, link)
		}
	}
}
