package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// watch observes what the machine, Postgres and the program do while something is measured, to name what
// limits it from figures.
type watch struct {
	b      *bench
	begun  time.Time
	groups []group
	before []time.Duration // CPU of each group
	total  cpuTotal
	stop   context.CancelFunc
	ended  chan struct{}

	waits   map[string]int // what the active sessions waited for, by samples
	samples int
	commits []time.Duration // of a probe of one row
	failed  error
}

// group is processes that are one thing to the reader.
type group struct {
	name  string
	pids  []int
	alone bool // without their children, which are in other groups
}

// cpuTotal is the machine's CPU time.
type cpuTotal struct{ busy, all time.Duration }

// sampleEvery is how often the sessions are looked at, and a commit is tried.
const sampleEvery = 50 * time.Millisecond

// watching begins to observe. End it with report.
func watching(b *bench, more ...*app) *watch {
	ctx, stop := context.WithTimeout(context.Background(), limit)
	w := &watch{b: b, begun: time.Now(), stop: stop, ended: make(chan struct{}), waits: map[string]int{}}
	w.groups = b.groups(more...)
	for _, g := range w.groups {
		w.before = append(w.before, g.cpu())
	}
	w.total = totalCPU()
	go func() {
		defer close(w.ended)
		w.failed = w.sample(ctx)
	}()
	return w
}

// sample looks at the sessions until the context ends.
func (w *watch) sample(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, w.b.database)
	if err != nil {
		return fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // done
	if _, err := conn.Exec(ctx, `CREATE TABLE IF NOT EXISTS bench_commits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY)`); err != nil {
		return fmt.Errorf("make the probe's table: %w", err)
	}
	for sleepUntil(ctx, time.Now().Add(sampleEvery)) {
		rows, err := conn.Query(ctx, `SELECT coalesce(wait_event_type || ' ' || wait_event, 'CPU'), count(*) FROM pg_stat_activity
			WHERE application_name = 'frontdesk' AND state = 'active' GROUP BY 1`)
		if err != nil {
			break // the context has ended
		}
		var what string
		var n int
		if _, err := pgx.ForEachRow(rows, []any{&what, &n}, func() error { w.waits[what] += n; return nil }); err != nil {
			break
		}
		w.samples++
		began := time.Now()
		if _, err := conn.Exec(ctx, "INSERT INTO bench_commits DEFAULT VALUES"); err != nil {
			break
		}
		w.commits = append(w.commits, time.Since(began))
	}
	return nil
}

// drop ends the watch and says nothing.
func (w *watch) drop() {
	w.stop()
	<-w.ended
}

// report ends the watch and says what was seen, and what that limits.
func (w *watch) report(what string) {
	w.stop()
	<-w.ended
	if w.failed != nil {
		w.b.say("%s: nothing was seen: %v", what, w.failed)
		return
	}
	took := time.Since(w.begun)
	now := totalCPU()
	busy := share(now.busy-w.total.busy, now.all-w.total.all)
	cores := float64(now.all-w.total.all) / float64(took)
	var parts []string
	var ours, largest float64
	var first string
	for i, g := range w.groups {
		used := float64(g.cpu()-w.before[i]) / float64(took) / max(cores, 1)
		ours += used
		if used > largest {
			largest, first = used, g.name
		}
		parts = append(parts, fmt.Sprintf("%s %.0f %%", g.name, 100*used))
	}
	parts = append(parts, fmt.Sprintf("everything else on the machine %.0f %%", 100*max(0, busy-ours)))
	w.b.say("%s: CPU busy %.0f %% (%s)", what, 100*busy, strings.Join(parts, ", "))
	w.b.say("%s: a one-row commit takes p50 %s, p95 %s; sessions at work: %s", what,
		ms(percentile(w.commits, 50)), ms(percentile(w.commits, 95)), w.sessions())
	w.b.say("%s: limited by %s", what, w.limit(busy, first))
}

// limit names the scarcest thing. A machine whose CPU is used up is limited by it whatever else waits,
// because everything waits then.
func (w *watch) limit(busy float64, first string) string {
	if busy > 0.85 {
		return "the CPU, most of it used by " + first
	}
	worst, n := "", 0
	for what, count := range w.waits {
		if what != "CPU" && !strings.HasPrefix(what, "Client") && count > n {
			worst, n = what, count
		}
	}
	if n > w.samples { // on average more than one session waits for it
		return "Postgres: sessions wait for " + worst
	}
	return "nothing that is used up: the time is that of the steps one after the other"
}

// sessions lists what the active sessions waited for, the most first.
func (w *watch) sessions() string {
	var names []string
	total := 0
	for name, n := range w.waits {
		names = append(names, name)
		total += n
	}
	slices.SortFunc(names, func(a, b string) int { return w.waits[b] - w.waits[a] })
	var parts []string
	for _, name := range names[:min(4, len(names))] {
		parts = append(parts, fmt.Sprintf("%s %.0f %%", name, 100*share(w.waits[name], total)))
	}
	return fmt.Sprintf("%.1f on average (%s)", float64(total)/float64(max(w.samples, 1)), strings.Join(parts, ", "))
}

func share[N int | time.Duration](part, whole N) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// groups are the processes of the run.
func (b *bench) groups(more ...*app) []group {
	programs := group{name: "the program", pids: []int{b.app.pid()}}
	for _, a := range more {
		programs.pids = append(programs.pids, a.pid())
	}
	return []group{programs, {name: "Postgres", pids: b.postgres}, {name: "Redis", pids: b.redis}, {name: "the load itself", pids: []int{os.Getpid()}, alone: true}}
}

// tick is a unit of /proc's CPU times (USER_HZ, 100 on every Linux).
const tick = 10 * time.Millisecond

// cpu is what the processes of a group and their ended children have used.
func (g group) cpu() (used time.Duration) {
	for _, pid := range g.pids {
		used += cpuOf(pid, g.alone)
		if g.alone {
			continue
		}
		for _, child := range children(pid) {
			used += cpuOf(child, false)
		}
	}
	return used
}

// cpuOf is the CPU time of a process and, unless alone, of its ended children; 0 when it is not there.
func cpuOf(pid int, alone bool) (used time.Duration) {
	fields := procStat(pid)
	if len(fields) < 15 {
		return 0
	}
	times := fields[11:15] // utime, stime, cutime, cstime
	if alone {
		times = times[:2]
	}
	for _, f := range times {
		n, err := strconv.Atoi(f)
		if err != nil {
			return 0
		}
		used += time.Duration(n) * tick
	}
	return used
}

// procStat are the fields of /proc/pid/stat after the process's name.
func procStat(pid int) []string {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(raw), ") ")
	return strings.Fields(rest)
}

// children are the running processes whose parent is pid.
func children(pid int) (found []int) {
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	for _, dir := range all {
		child, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if fields := procStat(child); len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			found = append(found, child)
		}
	}
	return found
}

// totalCPU is the machine's CPU time from /proc/stat.
func totalCPU() (t cpuTotal) {
	raw, err := os.ReadFile("/proc/stat")
	if err != nil {
		return t
	}
	line, _, _ := strings.Cut(string(raw), "\n")
	for i, f := range strings.Fields(line)[1:] {
		n, err := strconv.Atoi(f)
		if err != nil || i > 7 { // guest time is in user time already
			break
		}
		t.all += time.Duration(n) * tick
		if i != 3 && i != 4 { // idle, waiting for a disk
			t.busy += time.Duration(n) * tick
		}
	}
	return t
}
