package chat

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/checkout"
	"frontdesk/models"
)

// The random walk: customers of one salon write, tap, pay and are interrupted, in three languages, while
// staff, clock and provider do as they please. After each step everything must hold that always holds
// (walk_rules_test.go). What a step does is drawn from the step's own seed, so that a walk that fails is
// made shorter by leaving steps out.
//
//	go test ./internal/chat -run RandomWalk -v                  the usual walks
//	WALK_SEED=17 go test ./internal/chat -run RandomWalk -v     one of them, with its transcript
//	WALK_SEED=500-900 go test ./internal/chat -run RandomWalk   others
const (
	walkGuests = 10  // customers of a walk
	walkSteps  = 100 // of all of them together
	walkTrials = 60  // shorter walks that are tried when one fails
)

// step is one thing that happens, to or by one of the customers.
type step struct {
	who  int
	seed uint64
}

func TestRandomWalk(t *testing.T) {
	t.Parallel()
	first, last := uint64(1), uint64(20)
	told := os.Getenv("WALK_SEED")
	if told != "" {
		first, last = seeds(t, told)
	}
	phrases := loadSayings(t)
	for seed := first; seed <= last; seed++ {
		t.Run(fmt.Sprint("seed=", seed), func(t *testing.T) {
			t.Parallel()
			plan := planned(seed)
			c := walked(t, phrases, seed, plan)
			if told != "" && first == last {
				t.Log("\n" + strings.Join(c.trail, "\n"))
			}
			if c.problem == "" {
				return
			}
			c = shortened(t, phrases, seed, c)
			t.Errorf("WALK_SEED=%d: %s\nafter %d steps, the least that are needed of %d:\n%s",
				seed, c.problem, c.done, len(plan), strings.Join(c.trail, "\n"))
		})
	}
}

// seeds reads "17" or "500-900".
func seeds(t *testing.T, s string) (first, last uint64) {
	t.Helper()
	from, to, several := strings.Cut(s, "-")
	if !several {
		to = from
	}
	first, err := strconv.ParseUint(from, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	if last, err = strconv.ParseUint(to, 10, 64); err != nil {
		t.Fatal(err)
	}
	return first, last
}

func planned(seed uint64) []step {
	rng := rand.New(rand.NewPCG(seed, 1))
	plan := make([]step, walkSteps)
	busy := rng.IntN(walkGuests) // whoever is in the middle of something goes on
	for i := range plan {
		if rng.IntN(3) == 0 {
			busy = rng.IntN(walkGuests)
		}
		plan[i] = step{busy, rng.Uint64()}
	}
	return plan
}

// shortened leaves out steps for as long as what is left fails in the same way.
func shortened(t *testing.T, phrases sayings, seed uint64, failed *crowd) *crowd {
	t.Helper()
	kind := func(problem string) string { what, _, _ := strings.Cut(problem, ":"); return what }
	best, plan := failed, failed.plan[:failed.done]
	trials := 0
	for chunk := max(1, len(plan)/2); chunk > 0 && trials < walkTrials; chunk /= 2 {
		for at := 0; at+chunk < len(plan) && trials < walkTrials; {
			trials++
			shorter := append(append([]step{}, plan[:at]...), plan[at+chunk:]...)
			c := walked(t, phrases, seed, shorter)
			if kind(c.problem) != kind(best.problem) {
				at += chunk
				continue
			}
			best, plan = c, c.plan[:c.done]
		}
	}
	return best
}

// crowd is a salon and the customers who write to it.
type crowd struct {
	*house
	rng     *rand.Rand // of the present step
	phrases sayings
	guests  []*guest
	plan    []step
	done    int
	trail   []string
	problem string
	spoken  []spoken
	events  int
	swept   bool
}

// guest is one customer's phone.
type guest struct {
	phone, profile string
	lang           models.Language
	erratic        int // percent of what they write that answers nothing
	conv           models.ID
	known          *models.ID
	sent           []sent
}

type sent struct {
	id      string
	content models.Content
}

// broken ends a walk.
type broken struct{ what string }

// walked goes through a plan until it ends or something does not hold.
func walked(t *testing.T, phrases sayings, seed uint64, plan []step) (c *crowd) {
	t.Helper()
	t.Run(fmt.Sprint(len(plan), "steps"), func(t *testing.T) {
		c = openCrowd(t, phrases, seed)
		c.plan = plan
		defer func() {
			if b, is := recover().(broken); is {
				c.problem = b.what
				c.follow()
			}
		}()
		for _, s := range plan {
			c.done++
			c.take(s)
		}
		c.settles()
	})
	return c
}

// openCrowd is a salon with customers of whom some have been here before.
func openCrowd(t *testing.T, phrases sayings, seed uint64) *crowd {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 2))
	begins := []string{"2026-10-06 10:00", "2026-10-06 16:40", "2026-10-10 19:30", "2026-10-23 12:00", "2026-12-30 11:00"}[rng.IntN(5)]
	c := &crowd{house: openHouse(t, begins), rng: rng, phrases: phrases}
	c.overhear = c.witness
	c.record("%s", begins)
	if rng.IntN(3) == 0 {
		day := c.Clock.Now().AddDate(0, 0, 2).In(c.zone).Format("2006-01-02")
		c.free("salma "+day+" 10:30-12:30", "dana "+day+" 12:30-14:00", "omar "+day+" 16:00-18:00")
	}
	for i := range walkGuests {
		g := &guest{
			phone: fmt.Sprintf("+4477009003%02d", i), profile: []string{"Noor", "🌙", "María José", "محمد", "X", ""}[rng.IntN(6)],
			lang: models.Languages()[(i+int(seed))%3], erratic: []int{10, 30, 60}[rng.IntN(3)],
		}
		if rng.IntN(2) == 0 {
			c.known(g, i)
		}
		if rng.IntN(2) == 0 && g.known != nil {
			c.expects(g)
		}
		c.guests = append(c.guests, g)
	}
	return c
}

// known makes a customer who has been here before.
func (c *crowd) known(g *guest, i int) {
	visited := c.Clock.Now().AddDate(0, -1, 0)
	names := []string{"Maya Stone", "Lucía Vega", "هدى منصور", "Ana", "Sara Haddad", "Omar Rey"}
	name, surname, _ := strings.Cut(names[i%len(names)], " ")
	phone, id := g.phone, models.NewID()
	g.known = &id
	c.must(c.DB.On(context.Background()).Create(&models.Customer{
		ID: id, Name: name, Surname: surname, Phone: &phone, Language: g.lang, LastVisitAt: &visited, CreatedAt: visited, UpdatedAt: visited,
	}).Error)
}

// expects books a visit for a customer, paid ahead as usual.
func (c *crowd) expects(g *guest) {
	menu, err := c.Diary.Menu(c.ctx)
	c.must(err)
	day := c.Clock.Now().In(c.zone).AddDate(0, 0, 1+c.rng.IntN(4))
	visit, err := c.Till.Book(c.ctx, checkout.BookRequest{
		CustomerID: g.known, StylistID: menu.Stylists[c.rng.IntN(len(menu.Stylists))].ID, Actor: salma,
		StartsAt:   time.Date(day.Year(), day.Month(), day.Day(), 10+c.rng.IntN(9), 0, 0, 0, c.zone),
		ServiceIDs: []models.ID{menu.Services[c.rng.IntN(len(menu.Services))].ID},
	})
	c.refusable("book", err)
	if err != nil {
		return
	}
	c.record("  (%s has a visit on %s)", g.phone, visit.StartsAt.In(c.zone).Format("Mon 2 Jan 15:04"))
	g.conv = *visit.ConversationID
	c.works()
	c.pay(g)
	c.works()
}

// record writes a line into the trail.
func (c *crowd) record(format string, args ...any) {
	c.trail = append(c.trail, fmt.Sprintf(format, args...))
}

// fails ends the walk.
func (c *crowd) fails(what string, args ...any) { panic(broken{fmt.Sprintf(what, args...)}) }
