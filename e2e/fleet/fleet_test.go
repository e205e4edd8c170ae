// Package fleet runs several processes on one database and Redis and holds them to behaving as one:
// order, locks, sweeps, sessions, live screens, clock and policies are shared, and a process that is
// stopped or dies hands its work over (R-1408, R-1409).
package fleet

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"frontdesk/e2e/harness"
)

// fleet is an app of several processes, each known by the crew of workers it runs.
type fleet struct {
	*harness.App
	fatalf func(string, ...any)
	crews  map[*harness.Process]int64 // the key of each crew's presence lock
}

func start(t *testing.T, processes int) *fleet {
	t.Helper()
	f := &fleet{App: harness.Start(t, harness.Options{StandInsApart: true}), fatalf: t.Fatalf, crews: map[*harness.Process]int64{}}
	f.meet(f.First())
	for len(f.crews) < processes {
		f.meet(f.Another(harness.Options{}))
	}
	return f
}

// in is the fleet for a subtest.
func (f *fleet) in(t *testing.T) *fleet {
	return &fleet{App: f.For(t), fatalf: t.Fatalf, crews: f.crews}
}

// locks are the presence locks that crews hold, each by its key: jobs/presence.go. The one that all of them share is none.
const locks = `SELECT (classid::bigint << 32) | objid::bigint AS key FROM pg_locks
	WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`

// meet notes the crew of a process that has just become ready: the lock that nobody known holds.
func (f *fleet) meet(p *harness.Process) {
	known := []int64{}
	for other, key := range f.crews {
		if other != p {
			known = append(known, key)
		}
	}
	f.crews[p] = f.Number("SELECT key FROM ("+locks+") held WHERE NOT key = ANY($1)", known)
}

// revive starts a process again that was killed or stopped.
func (f *fleet) revive(p *harness.Process) {
	p.Launch()
	f.meet(p)
}

// at is the process whose crew has a name, given as an SQL expression, or nil.
func (f *fleet) at(crew string) *harness.Process {
	key := f.Number("SELECT coalesce((SELECT hashtextextended('frontdesk:crew:' || name, 0) FROM (" + crew + ") one(name) LIMIT 1), 0)")
	for p, held := range f.crews {
		if held == key {
			return p
		}
	}
	return nil
}

// Who does what, as SQL for fleet.at.
const (
	leading  = `SELECT leader_id FROM river_leader WHERE expires_at > now()`
	sweeping = `SELECT attempted_by[array_upper(attempted_by, 1)] FROM river_job WHERE kind = 'sweep.due' AND state = 'running'`
	sending  = `SELECT attempted_by[array_upper(attempted_by, 1)] FROM river_job JOIN messages ON job_id = river_job.id WHERE messages.status = 'sending' AND state = 'running'`
)

// oneSweep asks for a sweep, as every process does now and then, unless some wait already.
const oneSweep = `INSERT INTO river_job (kind, args, max_attempts, queue, state) SELECT 'sweep.due', '{}', 3, 'default', 'available'
	WHERE (SELECT count(*) FROM river_job WHERE kind = 'sweep.due' AND state IN ('available', 'running')) < 12`

// phone is the nth phone of the customers who are nobody in particular.
func phone(n int) string { return fmt.Sprintf("+4477009%05d", 50_000+n) }

// count is how many texts hold a word.
func count(texts []string, word string) (n int) {
	for _, text := range texts {
		if strings.Contains(text, word) {
			n++
		}
	}
	return n
}

// runs is how often a race for one time is run: R-1608 asks for ten.
func runs() int { return inShort(2, 10) }

// crowds is how often many customers book at once.
func crowds() int { return inShort(1, 10) }

// bookers is how many customers book at once: R-443 asks for fifty, and a few turns of each process's
// workers show the same sooner.
func bookers() int { return inShort(20, 50) }

// inShort is one number by default and another with LONG=1.
func inShort(short, long int) int {
	if os.Getenv("LONG") != "" {
		return long
	}
	return short
}
