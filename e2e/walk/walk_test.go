// Package walk lets a crowd of customers write, tap, order and pay, and people of the salon give money back, at two
// processes behind one address while what the product depends on comes and goes and processes die, and then lets the
// auditor hold everybody's records against each other.
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
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/e2e/auditor"
	"frontdesk/e2e/harness"
	"frontdesk/internal/chat/understand/phrases"
	"frontdesk/models"
)

// Who takes part. They go on for as long as there is trouble.
const (
	customers = 20
	shoppers  = 6
	patience  = 2500 // milliseconds that a customer waits for an answer before they write again
)

// scene is the program with everybody who does something to it.
type scene struct {
	*harness.App
	seed            uint64
	postgres, redis *harness.Server
	crowd           []*customer

	over chan struct{} // closed when nobody begins anything any more
	acts atomic.Int64  // calls that people made and that were answered or refused

	mu       sync.Mutex
	told     auditor.Told
	paid     []string // orders that were paid by card
	troubles []met    // in the order they came
}

// TestACrowdThroughTroubles deals out every trouble once, in an order that the seed decides.
func TestACrowdThroughTroubles(t *testing.T) {
	if os.Getenv("LONG") == "" {
		t.Skip("takes minutes: LONG=1")
	}
	s := raise(t)
	t.Logf("WALK_SEED=%d", s.seed)
	var people sync.WaitGroup
	leave := sync.OnceFunc(func() { close(s.over); people.Wait() })
	defer leave() // whatever ends the test, nobody calls a program that is gone
	for _, c := range s.crowd {
		people.Go(c.visit)
	}
	for n := range shoppers {
		people.Go(func() { s.shopper(n).goShopping() })
	}
	finance, second, manager := s.Person("FINANCE"), s.Person("FINANCE_2"), s.Person("PM")
	people.Go(func() { s.giveBack(finance, second) })
	people.Go(func() { s.callOff(manager) })
	began := time.Now()
	for _, tr := range s.deck() {
		tr.happens(t)
	}
	leave()
	t.Logf("%d calls through %d troubles in %s", s.acts.Load(), len(s.troubles), time.Since(began).Round(time.Second))
	s.settle(t)
	s.wasBusy(t)
}

// raise brings two processes up behind one address, with servers of their own, and gathers the crowd.
func raise(t *testing.T) *scene {
	t.Helper()
	s := &scene{seed: 1, over: make(chan struct{}), postgres: harness.OwnPostgres(t), redis: harness.OwnRedis(t)}
	if said := os.Getenv("WALK_SEED"); said != "" {
		n, err := strconv.ParseUint(said, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		s.seed = n
	}
	s.App = harness.Start(t, harness.Options{StandInsApart: true, Env: []string{"SEND_GRACE=2s"}, Postgres: s.postgres, Redis: s.redis})
	s.Another(harness.Options{})
	s.Given("S01", models.English)
	s.Exec("UPDATE products SET stock = 100000 WHERE active")
	s.Exec(`INSERT INTO settings (key, value, updated_at, updated_by) VALUES ('refund.alone_minor', to_jsonb(1000), now(), 'test')`)
	s.crowd = s.gather(t)
	return s
}

// rests is somebody doing nothing for a while, as people do between two acts; false when it is over.
func (s *scene) rests(d time.Duration) bool {
	select {
	case <-s.over:
		return false
	case <-time.After(d):
		return true
	}
}

// heard counts a call to which the program said something, be it no. Status 0: nobody said anything.
func (s *scene) heard(status int) {
	if status != 0 {
		s.acts.Add(1)
	}
}

// customer is one phone.
type customer struct {
	scene *scene
	phone string
	lang  models.Language
	words []phrases.Phrase
	rng   *rand.Rand
	paid  []string // links whose payment the provider has taken
}

func (s *scene) gather(t *testing.T) (crowd []*customer) {
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
			scene: s, phone: fmt.Sprintf("+4477009%05d", 61_000+i), lang: lang, words: words[lang], rng: rand.New(rand.NewPCG(s.seed, uint64(i+1))),
		})
	}
	return crowd
}

// visit is all that a customer does. What fails on the way is not theirs to mind: the end is looked at.
func (c *customer) visit() {
	for c.scene.rests(time.Duration(1000+c.rng.IntN(4000)) * time.Millisecond) { // people read before they write
		seen, _ := c.seen()
		if link := c.openLink(seen); link != "" && c.rng.IntN(3) > 0 {
			c.pay(link)
			continue
		}
		body := c.next(seen)
		body["from"], body["name"], body["wait_ms"] = c.phone, "Noor Haddad", patience
		var said struct{ Done bool }
		if c.scene.Control("say", body, &said) == nil && said.Done {
			c.scene.acts.Add(1)
		}
	}
}

// wants are the words of who knows what they want, where nothing can be tapped.
func wants() []string {
	return []string{"I'd like a haircut this week", "first available", "Haddad", "yes", "highlights on Friday please", "a haircut tomorrow, any stylist"}
}

// next is what they send: mostly a tap, else words of any kind. Who writes English means to book, the others now and then.
func (c *customer) next(seen []harness.Reply) map[string]any {
	if c.lang == models.English || c.rng.IntN(3) == 0 {
		for i := len(seen) - 1; i >= 0 && seen[i].Direction == "out"; i-- {
			switch {
			case len(seen[i].Rows) > 0:
				return map[string]any{"list": seen[i].Rows[c.rng.IntN(len(seen[i].Rows))].ID}
			case len(seen[i].Buttons) > 0:
				return map[string]any{"button": seen[i].Buttons[0].ID}
			}
		}
		return map[string]any{"text": wants()[c.rng.IntN(len(wants()))]}
	}
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
	err := c.scene.Control("pay", map[string]any{"url": link, "outcome": outcome, "copies": 1 + c.rng.IntN(2), "wait_ms": patience}, nil)
	if err == nil && outcome == "paid" {
		c.paid = append(c.paid, link)
	}
}

// seen is everything on the phone's screen.
func (c *customer) seen() ([]harness.Reply, error) {
	res, err := http.Get(c.scene.SimURL + "/control/transcript?phone=" + url.QueryEscape(c.phone))
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

// settle lets everything come to rest and has the auditor hold all records against each other, then and a day later.
func (s *scene) settle(t *testing.T) {
	t.Helper()
	check := func(when string) {
		s.Rest()
		var clock struct{ Now time.Time }
		if err := s.Control("clock", map[string]any{"advance": "0s"}, &clock); err != nil {
			t.Fatal(err)
		}
		s.Rest()
		theirs, err := auditor.ReadTheirs(t.Context(), s.SimURL, []string{"salma", "dana", "iris", "omar", "bruno"})
		if err != nil {
			t.Fatal(err)
		}
		theirs.Told = s.told
		s.Query(func(ctx context.Context, db *pgx.Conn) error {
			found, err := auditor.Audit(ctx, db, theirs, clock.Now)
			for _, v := range found {
				t.Errorf("%s: %s", when, v)
			}
			return err
		})
	}
	check("when all is well again")
	s.Advance(26 * time.Hour)
	check("a day later")
}
