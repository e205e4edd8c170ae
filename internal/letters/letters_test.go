package letters_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/letters"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// desk is a tray with a clock and a database of its own.
type desk struct {
	*letters.Tray
	t   *testing.T
	db  *database.DB
	ctx context.Context
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	c, _ := clock.Fixed(time.Now())
	db := testkit.DB(t, c)
	return &desk{letters.New(db, c, queue.New(db), testkit.Redis(t)), t, db, t.Context()}
}

func (d *desk) exec(sql string, args ...any) {
	d.t.Helper()
	err := d.db.Patiently(d.ctx, 2*time.Minute, func(ctx context.Context) error { return d.db.On(ctx).Exec(sql, args...).Error }) // much at once
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) number(sql string, args ...any) (n int) {
	d.t.Helper()
	if err := d.db.On(d.ctx).Raw(sql, args...).Scan(&n).Error; err != nil {
		d.t.Fatal(err)
	}
	return n
}

func (d *desk) id(sql string) (id models.ID) {
	d.t.Helper()
	if err := d.db.On(d.ctx).Raw(sql).Row().Scan(&id); err != nil {
		d.t.Fatal(err)
	}
	return id
}

// talks are n conversations, each of somebody of their own.
func (d *desk) talks(n int) {
	d.t.Helper()
	d.exec(`INSERT INTO customers (id, name, language, created_at, updated_at) SELECT md5('p' || n)::uuid, 'Somebody', 'en', now(), now() FROM generate_series(1, ?) n`, n)
	d.exec(`INSERT INTO contacts (id, channel, address, customer_id, created_at, updated_at)
		SELECT md5('c' || n)::uuid, 'whatsapp', '+4477' || n, md5('p' || n)::uuid, now(), now() FROM generate_series(1, ?) n`, n)
	d.exec(`INSERT INTO conversations (id, contact_id, language, created_at, updated_at)
		SELECT md5('t' || n)::uuid, md5('c' || n)::uuid, 'en', now(), now() FROM generate_series(1, ?) n`, n)
}

// dead lets n jobs die, one of each of so many conversations in turn, of so many errors.
func (d *desk) dead(kind string, n, talks, causes int) {
	d.t.Helper()
	d.exec(`INSERT INTO river_job (kind, args, max_attempts) SELECT ?, jsonb_build_object('conversation_id', md5('t' || (1 + n % ?))::uuid), 12 FROM generate_series(1, ?) n`,
		kind, talks, n)
	for n > 0 { // as they die: few at a time
		n -= min(n, 100)
		d.exec(`UPDATE river_job SET `+died+` WHERE id = ANY (ARRAY(SELECT id FROM river_job WHERE state = 'available' AND kind = ? ORDER BY id LIMIT 100))`, causes, kind)
	}
}

// died is what becomes of a job that dies of one of so many causes.
const died = `state = 'discarded', attempt = max_attempts, finalized_at = now(),
	errors = ARRAY[jsonb_build_object('at', now(), 'attempt', 12, 'trace', '', 'error',
		'ask cause ' || repeat('x', 1 + (id % ?)::int) || ': took ' || id || ' ms for ' || gen_random_uuid())]`

// finish does what a run has to do, and what the jobs it brings back have to do, until nothing is left.
func (d *desk) finish(id models.ID) {
	d.t.Helper()
	for range 10_000 {
		err := d.Continue(d.ctx, id)
		d.exec("UPDATE river_job SET state = 'completed', finalized_at = now() WHERE state = 'available' AND kind <> 'letters.back'")
		switch {
		case err == nil:
			return
		case !errors.As(err, new(*queue.Later)):
			d.t.Fatal(err)
		}
	}
	d.t.Fatal("the run does not end")
}

// counted wants what is kept to be what there is.
func (d *desk) counted() {
	d.t.Helper()
	off := d.number(`SELECT count(*) FROM letter_groups g WHERE g.open <> (SELECT count(*) FROM letters l WHERE l.group_id = g.id AND l.state = 'open')`)
	lost := d.number(`SELECT count(*) FROM river_job j WHERE (j.state = 'discarded') <> EXISTS (SELECT FROM letters l WHERE l.job_id = j.id AND l.state = 'open')`)
	if off != 0 || lost != 0 {
		d.t.Errorf("%d groups are miscounted, %d jobs are not where they are said to be", off, lost)
	}
}

// Five hundred failures of the same are one group, what differs is told apart, and what dies again is counted again (R-1108, R-1405).
func TestTheSameFailureIsOneGroup(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(20)
	d.dead("chat.turn", 500, 20, 1)
	d.dead("notify.flush", 30, 20, 2)
	groups, err := d.Groups(d.ctx, letters.Filter{}, letters.Page{Limit: 50})
	if err != nil || len(groups) != 3 {
		t.Fatalf("%d groups, %v", len(groups), err)
	}
	one := groups[slices.IndexFunc(groups, func(g letters.Group) bool { return g.Kind == "chat.turn" })]
	if one.Open != 500 || one.Deaths != 500 || one.Error != "ask cause x: took {n} ms for {id}" {
		t.Errorf("got %+v", one)
	}
	if got, err := d.Groups(d.ctx, letters.Filter{Words: "cause xx"}, letters.Page{Limit: 50}); err != nil || len(got) != 1 || got[0].Open != 15 {
		t.Errorf("by words: %+v, %v", got, err)
	}
	d.counted()
	d.exec("UPDATE river_job SET state = 'available', finalized_at = NULL WHERE kind = 'chat.turn' AND id % 2 = 0")
	d.exec("UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE kind = 'chat.turn' AND state = 'available' AND id % 4 = 0")
	d.exec("DELETE FROM river_job WHERE kind = 'notify.flush' AND id % 2 = 0")
	d.counted()
	if one, err = d.Group(d.ctx, one.ID); err != nil || one.Open != 375 || one.Deaths != 625 {
		t.Errorf("after some have died again: %+v, %v", one, err)
	}
	d.exec("DROP TRIGGER letters_move ON river_job; DROP TRIGGER letters_come ON river_job; DROP TRIGGER letters_go ON river_job")
	d.exec("TRUNCATE letters, letter_groups CASCADE")
	d.exec("SELECT letters_watch()")
	d.counted()
	if n := d.number("SELECT count(*) FROM letters"); n != 390 {
		t.Errorf("%d were taken in of those that were dead before, want 390", n)
	}
}

// What differs from one failure to the next is left out of what it is called, and so is what may be a person's.
func TestAnErrorIsCalledTheSame(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for message, want := range map[string]string{
		`post "https://host/talks/018f3c1e-7a4b-7cde-8f00-0123456789ab/x?token=abc": EOF`: `post {text}: EOF`,
		`parse "he said \"call Ana\" now": no`:                                            `parse {text}: no`,
		`customer's address 'Calle 1' and 'O'Brien' are wrong`:                            `customer's address {text} and {text} are wrong`,
		`get https://host/p/Ana?t=abc failed`:                                             `get {url} failed`,
		`to ٠٧٧٠٠٩٠٠١٢٣ of مرحبا بك`:                                                      `to {text} of {text}`,
		`say "Ana Ort`:                  `say {text}`,
		`Key (name)=(Ana Ortiz) exists`: `Key (name)=({text}) exists`,
		`code 123456 was said`:          `code {n} was said`,
		`whatsapp: retry (status 503, code 131026): breaker is open`: `whatsapp: retry (status 503, code 131026): breaker is open`,
		`stripe refund: api (status 500, request req_AbC12dEf)`:      `stripe refund: api (status 500, request {id})`,
		`status 447700900123`:                                                `status {n}`,
		`lock x: ERROR: deadlock detected (SQLSTATE 40P01)`:                  `lock x: ERROR: deadlock detected (SQLSTATE 40P01)`,
		`send to +44 7700 900-123: 503`:                                      `send to {n}: {n}`,
		`read row 018f3c1e-7a4b-7cde-8f00-0123456789ab: no rows`:             `read row {id}: no rows`,
		`Post "https://api.example.com/v1/x?y=1": context deadline exceeded`: `Post {text}: context deadline exceeded`,
		`mail to ana@example.com: refused`:                                   `mail to {mail}: refused`,
		"say “مرحبا” to 'Ana'":                                               `say {text} to {text}`,
	} {
		var got string
		if err := d.db.On(d.ctx).Raw("SELECT letter_error(?)", message).Scan(&got).Error; err != nil || got != want {
			t.Errorf("%s: got %q, want %q; %v", message, got, want, err)
		}
	}
}

// A run brings back exactly what its filter found when it was confirmed, whatever dies or leaves meanwhile (property).
func TestARunTouchesExactlyItsFilter(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(12)
	for round := range 12 {
		kinds := []string{"chat.turn", "notify.flush", "chat.tell"}
		for _, kind := range kinds {
			d.dead(kind, 20+rand.IntN(40), 12, 3)
		}
		groups, err := d.Groups(d.ctx, letters.Filter{}, letters.Page{Limit: 50})
		if err != nil {
			t.Fatal(err)
		}
		talk := d.id(fmt.Sprintf("SELECT md5('t%d')::uuid", 1+rand.IntN(12)))
		f := []letters.Filter{
			{Kind: kinds[rand.IntN(3)]}, {Group: groups[rand.IntN(len(groups))].ID}, {Words: "cause xx"}, {About: talk}, {About: talk, Kind: "chat.turn"}, {},
		}[round%6]
		want := d.jobsOf(f)
		plan, err := d.Plan(d.ctx, f)
		if err != nil || plan.Back != len(want) {
			t.Fatalf("%+v: the plan says %+v, %v; want %d", f, plan, err, len(want))
		}
		if _, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Filter: f, Count: plan.Back + 1}); !fault.Is(err, "letters.count_changed") {
			t.Fatalf("another number than was named: %v", err)
		}
		r, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Filter: f, Count: plan.Back})
		if err != nil {
			t.Fatal(err)
		}
		d.dead("chat.turn", 10, 12, 3) // not of it, though the filter would find some
		first := want[0]
		if err := d.Return(d.ctx, "machine", first, 1+d.number("SELECT deaths - 1 FROM letters WHERE job_id = ?", first)); err != nil {
			t.Fatal(err)
		}
		d.exec("UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE id = ?", first) // it dies again: another matter
		d.finish(r.ID)
		if r, err = d.Run(d.ctx, r.ID); err != nil || r.State != "done" || r.Back != len(want)-1 || r.Refused != 1 {
			t.Fatalf("%+v, %v; want %d back and one refused", r, err, len(want)-1)
		}
		var back []int64
		if err := d.db.On(d.ctx).Raw("SELECT job_id FROM letter_run_jobs WHERE run_id = ? AND state = 'back' ORDER BY job_id", r.ID).Scan(&back).Error; err != nil || !slices.Equal(back, want[1:]) {
			t.Fatalf("%+v: %d jobs came back, %v; want %d", f, len(back), err, len(want)-1)
		}
		if n := d.number("SELECT count(*) FROM river_job WHERE id IN ? AND state = 'completed'", want[1:]); n != len(want)-1 {
			t.Fatalf("%d of %d were worked", n, len(want)-1)
		}
		d.counted()
	}
}

// jobsOf are the open letters of a filter by the list, page by page.
func (d *desk) jobsOf(f letters.Filter) (jobs []int64) {
	d.t.Helper()
	p := letters.Page{Limit: 7}
	for {
		list, err := d.Letters(d.ctx, f, p)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, l := range list {
			jobs = append(jobs, l.JobID)
		}
		if len(list) < p.Limit {
			break
		}
		p.At, p.Job = list[len(list)-1].DiedAt, list[len(list)-1].JobID
	}
	slices.Sort(jobs)
	if n, err := d.Count(d.ctx, f); err != nil || n != len(jobs) {
		d.t.Fatalf("%+v: %d are counted, %v; %d are listed", f, n, err, len(jobs))
	}
	return jobs
}

// One customer's jobs come back one after the other, in the order they were asked for; nobody waits for somebody else's.
func TestOneCustomersJobsKeepTheirOrder(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(3)
	d.dead("chat.turn", 6, 3, 1)
	d.dead("notify.flush", 6, 3, 1)
	r, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Count: 12})
	if err != nil {
		t.Fatal(err)
	}
	last := map[string]int64{}
	for worked := 0; worked < 12; {
		if err := d.Continue(d.ctx, r.ID); err != nil && !errors.As(err, new(*queue.Later)) {
			t.Fatal(err)
		}
		var now []struct {
			ID   int64
			Talk string
		}
		err := d.db.On(d.ctx).Raw("SELECT id, args->>'conversation_id' AS talk FROM river_job WHERE state = 'available' AND kind <> 'letters.back' ORDER BY id").Scan(&now).Error
		if err != nil || worked == 0 && len(now) != 3 {
			t.Fatalf("%d come at first, %v; want one of each customer", len(now), err)
		}
		seen := map[string]bool{}
		for _, j := range now {
			if seen[j.Talk] || j.ID < last[j.Talk] {
				t.Fatalf("job %d overtakes another of its customer", j.ID)
			}
			seen[j.Talk], last[j.Talk] = true, j.ID
			d.exec("UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id = ?", j.ID)
			worked++
		}
	}
}

// Discarding names a reason and a number, and can be taken back for a day.
func TestDiscardingIsTakenBackForADay(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(5)
	d.dead("chat.turn", 20, 5, 1)
	before := d.jobsOf(letters.Filter{})
	if _, err := d.Discard(d.ctx, "machine", letters.Filter{}, 19, "a test"); !fault.Is(err, "letters.count_changed") {
		t.Errorf("another number than was named: %v", err)
	}
	drop, err := d.Discard(d.ctx, "machine", letters.Filter{}, 20, "a test")
	if err != nil {
		t.Fatal(err)
	}
	if n := d.number("SELECT count(*) FROM river_job WHERE state = 'cancelled'"); n != 20 {
		t.Errorf("%d are discarded", n)
	}
	d.counted()
	if _, err := d.Undo(d.ctx, "machine", drop.ID); err != nil {
		t.Fatal(err)
	}
	if after := d.jobsOf(letters.Filter{}); !slices.Equal(before, after) {
		t.Errorf("%d of %d are there again", len(after), len(before))
	}
	d.counted()
	if _, err := d.Undo(d.ctx, "machine", drop.ID); !fault.Is(err, "letters.undo_over") {
		t.Errorf("taken back twice: %v", err)
	}
	if drop, err = d.Discard(d.ctx, "machine", letters.Filter{Kind: "chat.turn"}, 20, "a test"); err != nil {
		t.Fatal(err)
	}
	d.exec("UPDATE letter_drops SET at = at - interval '24 hours' WHERE id = ?", drop.ID)
	if _, err := d.Undo(d.ctx, "machine", drop.ID); !fault.Is(err, "letters.undo_over") {
		t.Errorf("taken back after a day: %v", err)
	}
}

// Other arguments are read strictly; what they were stands in the log.
func TestOtherArgumentsAreRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(2)
	d.dead("chat.turn", 1, 1, 1)
	job := d.jobsOf(letters.Filter{})[0]
	other := d.id("SELECT md5('t2')::uuid").String()
	for _, wrong := range []string{`{}`, `[]`, `{"conversation_id": "x"}`, `{"conversation_id": "` + other + `", "more": 1}`, `{"conversation_id": "` + other + `"} 1`, `{`} {
		if err := d.Edit(d.ctx, "machine", job, 1, wrong, "a test"); !fault.Is(err, "letters.args") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	if err := d.Edit(d.ctx, "machine", job, 1, `{"conversation_id": "`+models.NewID().String()+`"}`, "a test"); !fault.Is(err, "letters.why.gone") {
		t.Errorf("a conversation that is not there: %v", err)
	}
	edit := func(job int64, args string) error { return d.Edit(d.ctx, "machine", job, 1, args, "a test") }
	if err := edit(job, `{"conversation_id": "`+other+`"}`); !fault.Is(err, "letters.args_other") {
		t.Errorf("another customer's conversation: %v", err)
	}
	d.exec(`INSERT INTO contacts (id, channel, address, customer_id, created_at, updated_at) VALUES (md5('again')::uuid, 'chatwoot', '+44779', md5('p1')::uuid, now(), now())`)
	d.exec("INSERT INTO conversations (id, contact_id, language, created_at, updated_at) VALUES (md5('again')::uuid, md5('again')::uuid, 'en', now(), now())")
	again := d.id("SELECT md5('again')::uuid").String()
	if err := edit(job, `{"conversation_id": "`+again+`"}`); err != nil {
		t.Fatal(err)
	}
	if n := d.number("SELECT count(*) FROM river_job WHERE id = ? AND state = 'available' AND args->>'conversation_id' = ?", job, again); n != 1 {
		t.Error("it did not come back with its other arguments")
	}
	if n := d.number("SELECT count(*) FROM letter_edits WHERE job_id = ? AND args->>'conversation_id' = md5('t1')::uuid::text", job); n != 1 {
		t.Error("what it was given before is not kept")
	}
	var before string
	if err := d.db.On(d.ctx).Raw("SELECT before->>'conversation_id' FROM audit_log WHERE action = 'letter.edited'").Scan(&before).Error; err != nil || before == "" || before == again {
		t.Errorf("the log says %q before, %v", before, err)
	}
	d.counted()
}

// What was one person's stays theirs, and nobody is told of another's things; where nobody can be told from the arguments before,
// anybody may be meant. That a hidden value has changed is seen and stands in the log, and what it was is kept (R-1108).
func TestOtherArgumentsStayWithTheirPerson(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(2)
	d.exec(`INSERT INTO river_job (kind, args, max_attempts) VALUES
		('chat.tell', jsonb_build_object('conversation_id', md5('t1')::uuid, 'event', 'step-1', 'ref', md5('t1')::uuid), 12),
		('chat.tell', jsonb_build_object('conversation_id', gen_random_uuid(), 'event', 'step', 'ref', gen_random_uuid()), 12)`)
	d.exec("UPDATE river_job SET "+died, 1)
	jobs := d.jobsOf(letters.Filter{})
	tell := func(talk, event, ref string) string {
		id := func(name string) string { return d.id("SELECT md5('" + name + "')::uuid").String() }
		return `{"conversation_id": "` + id(talk) + `", "event": "` + event + `", "ref": "` + id(ref) + `"}`
	}
	edit := func(job int64, args string) error { return d.Edit(d.ctx, "machine", job, 1, args, "a test") }
	for args, want := range map[string]string{
		tell("t2", "step-1", "t2"): "letters.args_other", tell("t1", "step-1", "t2"): "letters.args_apart", tell("t2", "step-1", "t1"): "letters.args_apart",
		tell("t1", "step-1", "t1"): "letters.args_same",
	} {
		if err := edit(jobs[0], args); !fault.Is(err, want) {
			t.Errorf("%s: %v, want %s", args, err, want)
		}
	}
	if n := d.number("SELECT count(*) FROM letter_edits"); n != 0 {
		t.Errorf("%d changes are kept that were refused", n)
	}
	if err := edit(jobs[0], tell("t1", "step-2", "t1")); err != nil {
		t.Fatalf("another word that is hidden: %v", err)
	}
	var told struct{ Before, After string }
	if err := d.db.On(d.ctx).Raw("SELECT before->>'event' AS before, after->>'event' AS after FROM audit_log WHERE action = 'letter.edited'").Scan(&told).Error; err != nil || told.Before == told.After || strings.Contains(told.Before+told.After, "step") {
		t.Errorf("the log says %+v, %v", told, err)
	}
	if n := d.number("SELECT count(*) FROM letter_edits WHERE job_id = ? AND args->>'event' = 'step-1'", jobs[0]); n != 1 {
		t.Error("what it was given before is not kept")
	}
	if err := edit(jobs[1], tell("t2", "step", "t2")); err != nil {
		t.Errorf("what was about nobody who is there: %v", err)
	}
	d.counted()
}
