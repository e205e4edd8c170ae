package fleet

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/e2e/harness"
)

const (
	customers = 5
	questions = 20
	rivals    = 2
	// promised is within what a booking is done, in 95 of 100 cases.
	promised = 10 * time.Second
)

// TestProcessesServeOneSalon lets customers' messages come in through three processes in turn.
func TestProcessesServeOneSalon(t *testing.T) {
	t.Parallel()
	f := start(t, 3)
	r := &verdicts{}
	t.Cleanup(func() { harness.Artefact(t, "fleet-races.txt", r.String()) })
	t.Run("a customer's messages are answered in order", func(t *testing.T) { f.in(t).answersInOrder(t) })
	for n := range runs() {
		t.Run(fmt.Sprint("two want the same time ", n+1), func(t *testing.T) { f.in(t).raceForOne(t, r.run("two customers, one time", rivals)) })
	}
	for n := range crowds() {
		t.Run(fmt.Sprint("many want different times ", n+1), func(t *testing.T) { f.in(t).crowd(t, r.run("each customer another time", bookers())) })
	}
}

// answersInOrder: every customer asks two questions in turn without waiting; the answers must take
// turns too, whichever process took the question in and whichever answered it.
func (f *fleet) answersInOrder(t *testing.T) {
	f.regulars(customers)
	f.Exec(`INSERT INTO settings (key, value, updated_at, updated_by) VALUES ('sender.rate_per_min', '1000', now(), 'test')`)
	defer f.Exec(`DELETE FROM settings WHERE key = 'sender.rate_per_min'`)
	asks := [2]string{"Where can I park?", "What are your Saturday hours?"}
	answers := [2]string{"Calle del Olmo", "10:00–14:00"}
	var all sync.WaitGroup
	for n := range customers {
		all.Go(func() {
			for q := range questions {
				f.Tell(phone(n), asks[q%2])
			}
		})
	}
	all.Wait()
	f.Rest()
	for n := range customers {
		got := f.Received(phone(n))
		if len(got) != questions {
			t.Errorf("customer %d: %d answers to %d questions", n, len(got), questions)
			continue
		}
		for q, text := range got {
			if !strings.Contains(text, answers[q%2]) {
				t.Errorf("customer %d: answer %d is %q, want one with %q", n, q+1, text, answers[q%2])
				break
			}
		}
	}
}

// raceForOne: two customers who were offered the same time take it at once; one gets it, the other is
// offered times anew.
func (f *fleet) raceForOne(t *testing.T, r *run) {
	f.regulars(rivals)
	for n := range rivals {
		f.Say(phone(n), "a haircut on Thursday 15 October at 11:00 with Bruno please")
	}
	replies := make([][]harness.Reply, rivals)
	r.all(rivals, func(n int) { replies[n] = f.Say(phone(n), "yes, book it") })
	won, lost := 0, 0
	for n := range rivals {
		switch said := harness.Said(replies[n]); {
		case harness.Link(replies[n]) != "":
			won++
		case strings.Contains(said, "Oct"):
			lost++
		default:
			t.Errorf("customer %d is told neither of a hold nor of other times:\n%s", n, said)
		}
	}
	held := f.Number("SELECT count(*) FROM appointments WHERE status = 'provisional'")
	r.is(t, won == 1 && lost == 1 && held == 1, fmt.Sprintf("%d won, %d were offered other times, %d holds", won, lost, held))
}

// crowd: customers who were offered as many different times take them in the same moment.
func (f *fleet) crowd(t *testing.T, r *run) {
	bookers := len(r.took)
	f.regulars(bookers)
	wishes := wishes(bookers)
	var asked sync.WaitGroup
	for n := range bookers {
		asked.Go(func() { f.Say(phone(n), "a haircut on "+wishes[n]+" please") })
	}
	asked.Wait()
	before := f.Number(timeouts)
	r.all(bookers, func(n int) {
		if replies := f.Say(phone(n), "yes, book it"); harness.Link(replies) == "" {
			t.Errorf("%s: no payment link:\n%s", wishes[n], harness.Said(replies))
		}
	})
	held := f.Number("SELECT count(*) FROM appointments WHERE status = 'provisional'")
	met := f.Number(timeouts) - before
	r.is(t, held == int64(bookers) && met == 0, fmt.Sprintf("%d holds, %d attempts of jobs met a database time-out", held, met))
}

// regulars begins a day with so many customers whom the salon knows.
func (f *fleet) regulars(n int) {
	f.Given("S18", "en")
	phones := make([]string, n)
	for i := range phones {
		phones[i] = phone(i)
	}
	f.Exec(`WITH known AS (
			INSERT INTO customers (id, name, surname, phone, language, created_at, updated_at)
			SELECT gen_random_uuid(), 'Ana', 'Lopez', phone, 'en', now(), now() FROM unnest($1::text[]) phone RETURNING id, phone)
		INSERT INTO contacts (id, channel, address, customer_id, created_at, updated_at)
		SELECT gen_random_uuid(), 'whatsapp', phone, id, now(), now() FROM known`, phones)
}

// timeouts counts the attempts that the database cut off: statement_timeout is 57014, lock_timeout 55P03.
const timeouts = `SELECT count(*) FROM river_job, unnest(errors) e WHERE e->>'error' LIKE '%57014%' OR e->>'error' LIKE '%55P03%'`

// wishes are up to eighty times that do not overlap: four stylists, every full hour of two days.
func wishes(n int) []string {
	var out []string
	for _, day := range []string{"Thursday 15 October", "Friday 16 October"} {
		for hour := 10; hour < 20; hour++ {
			for _, stylist := range []string{"Salma", "Dana", "Omar", "Bruno"} {
				out = append(out, fmt.Sprintf("%s at %d:00 with %s", day, hour, stylist))
			}
		}
	}
	return out[:n]
}

// verdicts are the artefact of the races.
type verdicts struct{ runs []*run }

// run is one run of a race: how long every attempt took, and what came of it.
type run struct {
	name    string
	took    []time.Duration
	kept    bool
	outcome string
}

func (v *verdicts) run(name string, attempts int) *run {
	r := &run{name: name, took: make([]time.Duration, attempts), outcome: "not finished"}
	v.runs = append(v.runs, r)
	return r
}

// all lets so many people act at once and times each.
func (r *run) all(people int, act func(n int)) {
	var ready, done sync.WaitGroup
	ready.Add(people)
	for n := range people {
		done.Go(func() {
			ready.Done()
			ready.Wait()
			began := time.Now()
			act(n)
			r.took[n] = time.Since(began)
		})
	}
	done.Wait()
}

func (r *run) is(t *testing.T, kept bool, outcome string) {
	t.Helper()
	r.kept, r.outcome = kept, outcome
	if !kept {
		t.Error(outcome)
	}
}

// p95 is what 95 of 100 attempts took at most.
func (r *run) p95() time.Duration {
	sorted := slices.Sorted(slices.Values(r.took))
	return sorted[(len(sorted)*95+99)/100-1]
}

// String lists every run with its attempts and ends with the verdict. How long an attempt takes says as
// much about the machine as about the product: it is told, and judged here alone.
func (v *verdicts) String() string {
	var b strings.Builder
	kept, slow := 0, 0
	for n, r := range v.runs {
		fmt.Fprintf(&b, "run %d, %s: %s; p95 %s\n", n+1, r.name, r.outcome, r.p95().Round(time.Millisecond))
		for attempt, took := range r.took {
			fmt.Fprintf(&b, "  attempt %2d %s\n", attempt+1, took.Round(time.Millisecond))
		}
		if r.kept {
			kept++
		}
		if r.p95() > promised {
			slow++
		}
	}
	fmt.Fprintf(&b, "\nverdict: %d of %d runs as promised, no double booking; %d with a p95 over %s\n", kept, len(v.runs), slow, promised)
	return b.String()
}
