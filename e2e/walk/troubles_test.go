package walk

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"frontdesk/e2e/harness"
	"frontdesk/internal/clock"
)

// A trouble lasts until so many of the crowd's calls were answered or refused amid it, or for longest: more than any caller
// waits for a server that says nothing.
const (
	amid    = 20
	longest = 15 * time.Second
)

// trouble is something that goes wrong, from its beginning to its end.
type trouble struct {
	name string
	do   func(t *testing.T)
	of   *scene
}

func (tr trouble) happens(t *testing.T) {
	t.Helper()
	tr.of.troubles = append(tr.of.troubles, met{name: tr.name})
	tr.do(t)
	tr.of.meanwhile() // and some of what goes well
}

// met is a trouble that was, and how many of the crowd's calls came to an end amid it.
type met struct {
	name  string
	calls int64
	known bool
}

// meanwhile waits until calls that people made were answered or refused, and remembers how many. What the first of a
// trouble's two waits saw is what came to an end amid it; the second is for what goes well.
func (s *scene) meanwhile() {
	before, end := s.acts.Load(), time.After(longest)
	for s.acts.Load() < before+amid {
		select {
		case <-end:
			s.lasted(s.acts.Load() - before)
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
	s.lasted(s.acts.Load() - before)
}

func (s *scene) lasted(calls int64) {
	if of := &s.troubles[len(s.troubles)-1]; !of.known {
		of.calls, of.known = calls, true
	}
}

// deck is every trouble there is, as the seed has shuffled it.
func (s *scene) deck() (all []trouble) {
	ways := []string{"down", "slow", "hang", "429", "500", "garbage"}
	for _, service := range []string{"whatsapp", "stripe", "postgres", "redis"} {
		modes := ways
		if service == "whatsapp" || service == "stripe" {
			modes = slices.Concat(ways, []string{"duplicate", "reorder"})
		}
		for _, mode := range modes {
			all = append(all, s.fault(mode, service))
		}
	}
	for _, mode := range ways {
		all = append(all, s.fault(mode, "mail", "sms", "calendar"))
	}
	for n := range s.Processes() {
		all = append(all, s.killed(n, ""), s.killed(n, "whatsapp"), s.killed(n, "stripe"), s.stopped(n))
	}
	for name, server := range map[string]*harness.Server{"postgres": s.postgres, "redis": s.redis} {
		all = append(all, s.restarted(name, server), s.restarted(name, server))
	}
	for _, by := range []time.Duration{6 * time.Minute, 16 * time.Minute, 40 * time.Minute} {
		all = append(all, s.later(by), s.later(by))
	}
	slices.SortFunc(all, func(a, b trouble) int { return cmp.Compare(a.name, b.name) }) // a map has no order, the seed's shuffle has
	rng := rand.New(rand.NewPCG(s.seed, 0))
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// fault is services that misbehave.
func (s *scene) fault(mode string, services ...string) trouble {
	return trouble{of: s, name: services[0] + " " + mode, do: func(t *testing.T) {
		for _, service := range services {
			s.For(t).Fault(service, mode)
		}
		s.meanwhile()
		for _, service := range services {
			s.For(t).Fault(service, "ok")
		}
	}}
}

// killed is a process that dies at once, maybe while a provider is away, and comes back.
func (s *scene) killed(n int, away string) trouble {
	return trouble{of: s, name: fmt.Sprintf("kill -9 process %d, %s hangs", n+1, cmp.Or(away, "nobody")), do: func(t *testing.T) {
		if away != "" {
			s.For(t).Fault(away, "hang")
		}
		s.Processes()[n].Kill()
		s.meanwhile()
		if away != "" {
			s.For(t).Fault(away, "ok")
		}
		s.Processes()[n].Launch()
	}}
}

// stopped is a process that is asked to stop, as when a new version comes.
func (s *scene) stopped(n int) trouble {
	return trouble{of: s, name: fmt.Sprintf("stop process %d", n+1), do: func(*testing.T) {
		s.Processes()[n].Stop()
		s.meanwhile()
		s.Processes()[n].Launch()
	}}
}

// restarted is a server that is stopped, with all its connections, and comes back a while later; Redis has forgotten all.
func (s *scene) restarted(name string, server *harness.Server) trouble {
	return trouble{of: s, name: name + " started again", do: func(t *testing.T) {
		if err := server.Stop(); err != nil {
			t.Fatal(err)
		}
		s.meanwhile()
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
	}}
}

// later is time that passes: holds lapse, reminders fall due.
func (s *scene) later(by time.Duration) trouble {
	return trouble{of: s, name: by.String() + " later", do: func(t *testing.T) {
		file := filepath.Join(s.DataDir, "clock")
		now, stopped := clock.StoppedAt(file)
		if !stopped {
			t.Fatal("the clock runs")
		}
		if err := clock.Stop(file, now.Add(by)); err != nil {
			t.Fatal(err)
		}
		s.For(t).Exec(`INSERT INTO river_job (kind, args, max_attempts, queue, state) VALUES ('sweep.due', '{}', 3, 'default', 'available')`)
		s.meanwhile()
	}}
}
