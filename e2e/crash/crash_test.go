// Package crash ends processes with kill -9 at every commit point of what the product is for, a
// booking and its payment, and holds each story to the same end: nothing twice, nothing lost (R-235,
// R-1406). With one process it starts again; with two the other finishes without it first.
package crash

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"frontdesk/e2e/harness"
)

// stories are told and killed.
func stories() []harness.Story {
	return []harness.Story{
		harness.Booking(), harness.ThreeInARow(), harness.PaidInCopies(), harness.PaidLate(), harness.PaidTooLate(), harness.LinkFails(), harness.CalledOff(),
		harness.Reminded(),
	}
}

// TestKilledAtEveryCommit tells every story once undisturbed and then once per commit point and side of
// it, taking turns: what one process is killed before, one of two is killed after, and the other way
// round. By default a few of the points are taken; LONG=1 takes all.
func TestKilledAtEveryCommit(t *testing.T) {
	r := &report{}
	t.Cleanup(func() { r.write(t) })
	for processes := 1; processes <= 2; processes++ {
		for share := range slices.Chunk(stories(), together()) {
			t.Run(fmt.Sprintf("processes=%d", processes), func(t *testing.T) {
				t.Parallel()
				s := start(t, processes)
				for _, story := range share {
					t.Run(story.Name, func(t *testing.T) { s.matrix(t, story, r) })
				}
			})
		}
	}
}

// together is how many stories one stack is for. A kill is waiting for the most part: with many of them,
// several stacks wait at once.
func together() int {
	if os.Getenv("LONG") != "" {
		return 3
	}
	return len(stories())
}

// stack is the app whose processes die.
type stack struct {
	app     *harness.App
	proxies []*harness.Proxy // one per process, counting together
}

func start(t *testing.T, processes int) *stack {
	t.Helper()
	first := harness.StartProxy(t)
	s := &stack{
		app:     harness.Start(t, harness.Options{StandInsApart: true, Database: first.Through}),
		proxies: []*harness.Proxy{first},
	}
	for len(s.proxies) < processes {
		next := first.Beside(t)
		s.app.Another(harness.Options{Database: next.Through})
		s.proxies = append(s.proxies, next)
	}
	return s
}

// matrix kills at the commit points of a story.
func (s *stack) matrix(t *testing.T, story harness.Story, r *report) {
	phone := story.Begin(t, s.app)
	s.proxies[0].Arm(-1, harness.Before, nil)
	story.Tell(t, s.app, phone)
	want := story.End(t, s.app, phone)
	s.proxies[0].Disarm()
	points := s.proxies[0].Seen()
	if points < 4 {
		t.Fatalf("the story has %d commits: the proxy does not see them", points)
	}
	r.add(line{story: story.Name, processes: len(s.proxies), points: points, ending: want})

	step := 1
	if os.Getenv("LONG") == "" {
		step = points/2 + 1
	}
	for n := 1; n <= points; n += step {
		phase := [2]harness.Phase{harness.Before, harness.After}[(n/step+len(s.proxies))%2]
		t.Run(fmt.Sprintf("%s commit %d", phase, n), func(t *testing.T) {
			began := time.Now()
			got, struck := s.killAt(t, story, n, phase)
			r.add(line{story: story.Name, processes: len(s.proxies), phase: phase, n: n, struck: struck, took: time.Since(began)})
			if got != want {
				t.Errorf("the story ended differently.\ngot  %s\n\nwant %s", got, want)
			}
		})
	}
}

// killAt tells a story and kills the process whose commit is the nth, on one side of it.
func (s *stack) killAt(t *testing.T, story harness.Story, n int, phase harness.Phase) (end harness.Ending, struck bool) {
	phone := story.Begin(t, s.app)
	alone := len(s.proxies) == 1
	var killed *harness.Process
	var restart sync.WaitGroup
	defer func() { // a telling that fails half-way leaves the next one a whole stack
		s.proxies[0].Disarm()
		restart.Wait()
		if killed != nil && !killed.Runs() {
			killed.Launch()
		}
	}()
	s.proxies[0].Arm(n, phase, func(by *harness.Proxy) {
		killed = s.app.Processes()[slices.Index(s.proxies, by)]
		killed.Kill()
		if alone {
			restart.Go(killed.Launch)
		}
	})
	story.Tell(t, s.app, phone)
	end = story.End(t, s.app, phone)
	if struck = s.proxies[0].Disarm(); struck && !alone {
		killed.Launch()
		if after := story.End(t, s.app, phone); after != end {
			t.Errorf("the process that came back did something again.\nafter  %s\n\nbefore %s", after, end)
		}
		return end, struck
	}
	restart.Wait()
	return end, struck
}

// report is the artefact: how every story was killed, and how it ends.
type report struct {
	mu    sync.Mutex
	lines []line
}

type line struct {
	story     string
	processes int
	points    int // of the undisturbed telling
	ending    harness.Ending
	phase     harness.Phase
	n         int
	struck    bool
	took      time.Duration
}

func (r *report) add(l line) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, l)
}

func (r *report) write(t *testing.T) {
	var b strings.Builder
	for _, story := range stories() {
		for processes := 1; processes <= 2; processes++ {
			points, kills, spent := 0, map[harness.Phase]int{}, time.Duration(0)
			for _, l := range r.lines {
				if l.story != story.Name || l.processes != processes {
					continue
				}
				points += l.points
				spent += l.took
				if l.struck {
					kills[l.phase]++
				}
			}
			fmt.Fprintf(&b, "%-32s processes %d: %3d commit points, killed before %3d, after %3d, in %s\n",
				story.Name, processes, points, kills[harness.Before], kills[harness.After], spent.Round(time.Second))
		}
	}
	for _, l := range r.lines {
		if l.points > 0 {
			fmt.Fprintf(&b, "\n%s, %d processes, undisturbed:\n%s\n", l.story, l.processes, l.ending)
			continue
		}
		fmt.Fprintf(&b, "%s, %d processes, %s commit %d: struck %t, %s\n", l.story, l.processes, l.phase, l.n, l.struck, l.took.Round(time.Millisecond))
	}
	harness.Artefact(t, "crash-matrix.txt", b.String())
}
