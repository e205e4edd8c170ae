package letters_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/internal/letters"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// begin brings the letters of a filter back.
func (d *desk) begin(f letters.Filter, rate int) letters.Run {
	d.t.Helper()
	plan, err := d.Plan(d.ctx, f)
	if err != nil {
		d.t.Fatal(err)
	}
	r, err := d.Begin(d.ctx, letters.Start{Actor: "machine", Filter: f, Count: plan.Back, Rate: rate})
	if err != nil {
		d.t.Fatal(err)
	}
	return r
}

// goes does a part of a run, and gives after how long there is more to do.
func (d *desk) goes(id models.ID) time.Duration {
	d.t.Helper()
	err := d.Continue(d.ctx, id)
	var later *queue.Later
	if err != nil && !errors.As(err, &later) {
		d.t.Fatal(err)
	}
	if later == nil {
		return -1
	}
	return later.After
}

// waiting are the jobs that came back and wait to be worked.
func (d *desk) waiting() (jobs []int64) {
	d.t.Helper()
	if err := d.db.On(d.ctx).Raw("SELECT id FROM river_job WHERE state = 'available' AND kind <> 'letters.back' ORDER BY id").Scan(&jobs).Error; err != nil {
		d.t.Fatal(err)
	}
	return jobs
}

// One customer's jobs come one after the other by whatever road they come back: two runs, a program, one by itself.
func TestOneCustomersOrderHoldsAcrossAllRoads(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(1)
	d.dead("chat.turn", 3, 1, 1)
	d.dead("notify.flush", 3, 1, 1)
	d.dead("chat.tell", 2, 1, 1)
	all := d.jobsOf(letters.Filter{})
	late := d.begin(letters.Filter{Kind: "notify.flush"}, 0)
	d.goes(late.ID)
	early := d.begin(letters.Filter{Kind: "chat.turn"}, 0)
	if err := d.Return(d.ctx, "machine", all[7], 1); !fault.Is(err, "letters.behind") {
		t.Errorf("one by itself overtakes the others: %v", err)
	}
	if n, err := d.Requeue(d.ctx, "machine", 50); n != 2 || err != nil {
		t.Errorf("a program brings %d, %v; want the two that no run brings", n, err)
	}
	if n, err := d.Requeue(d.ctx, "machine", 50); n != 0 || err != nil {
		t.Errorf("it brings %d again, %v", n, err)
	}
	last := d.id("SELECT id FROM letter_runs WHERE state = 'running' ORDER BY started_at DESC, id DESC LIMIT 1")
	var order []int64
	for range 100 {
		for _, id := range []models.ID{last, late.ID, early.ID} {
			d.goes(id)
		}
		now := d.waiting()
		if len(now) > 1 {
			t.Fatalf("%v are under way at once", now)
		}
		if len(order) == 2 && len(now) == 1 { // its retries included
			d.exec("UPDATE river_job SET state = 'retryable', scheduled_at = now() + interval '1 hour' WHERE id = ?", now[0])
			for _, id := range []models.ID{last, late.ID, early.ID} {
				d.goes(id)
			}
			if more := d.waiting(); len(more) > 0 {
				t.Fatalf("%v overtake one that is to be tried again", more)
			}
		}
		d.exec("UPDATE river_job SET state = 'completed', finalized_at = now() WHERE id IN ?", append(now, 0))
		if order = append(order, now...); len(order) == 8 {
			break
		}
	}
	if want := []int64{all[3], all[0], all[1], all[2], all[4], all[5], all[6], all[7]}; !slices.Equal(order, want) {
		t.Errorf("they come as %v, want %v", order, want)
	}
	d.counted()
}

// A conversation that has come to be a customer's is in that customer's line, and its letters are found by the customer.
func TestALineFollowsWhoseConversationItIs(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(1)
	d.exec("UPDATE contacts SET customer_id = NULL")
	d.dead("chat.turn", 1, 1, 1)
	d.exec("UPDATE contacts SET customer_id = md5('p1')::uuid")
	d.dead("notify.flush", 1, 1, 1)
	r := d.begin(letters.Filter{}, 0)
	d.goes(r.ID)
	if now := d.waiting(); len(now) != 1 {
		t.Errorf("%v of one customer are under way at once", now)
	}
	who := d.id("SELECT md5('p1')::uuid")
	if n := d.number("SELECT count(*) FROM letters WHERE line = ? AND refs @> ARRAY[line]", who); n != 2 {
		t.Errorf("%d are that customer's", n)
	}
}

// A rate is kept after a pause, too: what did not come meanwhile is not made up for.
func TestARateIsKeptAfterAPause(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(100)
	d.dead("chat.turn", 100, 100, 1)
	r := d.begin(letters.Filter{}, 2)
	d.goes(r.ID)
	if n := len(d.waiting()); n != 1 {
		t.Errorf("%d come at first", n)
	}
	began := time.Now()
	d.exec("UPDATE letter_runs SET started_at = started_at - interval '1 hour', stepped_at = stepped_at - interval '1 hour', paced_at = paced_at - interval '1 hour'")
	for range 30 {
		d.goes(r.ID)
	}
	if n, most := len(d.waiting()), 1+2+int(2*time.Since(began).Seconds())+1; n > most {
		t.Errorf("%d come within %s at two a second", n, time.Since(began))
	}
}

// What a run brings back goes behind what customers wait for now, and does not crowd the queue; the run's own job goes first.
func TestARunDoesNotBuryTheQueue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(2600)
	d.dead("chat.turn", 2600, 2600, 1)
	r := d.begin(letters.Filter{}, 0)
	if wait := d.goes(r.ID); wait < 50*time.Millisecond {
		t.Errorf("it comes again after %s, though the queue is full", wait)
	}
	if n := len(d.waiting()); n != 2000 {
		t.Errorf("%d of a run wait at once", n)
	}
	if n := d.number("SELECT count(*) FROM river_job b JOIN river_job r ON r.kind = 'letters.back' AND r.priority >= b.priority WHERE b.kind = 'chat.turn' AND b.state = 'available'"); n != 0 {
		t.Errorf("%d go before the run's own job", n)
	}
	d.finish(r.ID)
	if r, err := d.Run(d.ctx, r.ID); err != nil || r.Back != 2600 {
		t.Errorf("%+v, %v", r, err)
	}
}

// A run that waits writes nothing, and looks less and less often.
func TestAWaitingRunIsQuiet(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(1)
	d.dead("chat.turn", 2, 1, 1)
	r := d.begin(letters.Filter{}, 0)
	d.goes(r.ID)
	version := d.number("SELECT xmin::text::bigint FROM letter_runs")
	if wait := d.goes(r.ID); wait > time.Second {
		t.Errorf("it looks again after %s at first", wait)
	}
	if n := d.number("SELECT xmin::text::bigint FROM letter_runs"); n != version {
		t.Error("it is written though nothing came of it")
	}
	d.exec("UPDATE letter_runs SET paced_at = paced_at - interval '1 hour'")
	if wait := d.goes(r.ID); wait != 5*time.Second {
		t.Errorf("after an hour it looks again after %s", wait)
	}
}

// Everybody at once, a run, a program, a discarding, deaths: nobody waits for somebody who waits for them, and every job is
// in one place.
func TestEverybodyAtOnceAtTheDeadLetters(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.talks(1500)
	d.dead("chat.turn", 900, 1500, 1)
	d.dead("notify.flush", 600, 1500, 1)
	r := d.begin(letters.Filter{Kind: "chat.turn"}, 0)
	var all sync.WaitGroup
	do := func(times int, act func(ctx context.Context) error) {
		all.Go(func() {
			for range times {
				if err := act(context.WithoutCancel(d.ctx)); err != nil && !errors.As(err, new(*queue.Later)) && !fault.Is(err, "letters.count_changed") {
					t.Error(err)
				}
			}
		})
	}
	for range 2 {
		do(10, func(ctx context.Context) error { return d.Continue(ctx, r.ID) })
		do(10, func(ctx context.Context) error { _, err := d.Requeue(ctx, "machine", 50); return err })
		do(10, func(ctx context.Context) error {
			list, err := d.Letters(ctx, letters.Filter{}, letters.Page{Limit: 20})
			var jobs []int64
			for _, l := range list {
				jobs = append(jobs, l.JobID)
			}
			if err != nil || len(jobs) == 0 {
				return err
			}
			_, err = d.Discard(ctx, "machine", letters.Filter{Jobs: jobs}, len(jobs), "a test")
			return err
		})
		do(10, func(ctx context.Context) error { // some die again
			return d.db.On(ctx).Exec("UPDATE river_job SET "+died+` WHERE id = ANY (ARRAY(SELECT id FROM river_job WHERE state = 'available' AND kind <> 'letters.back'
				ORDER BY id DESC LIMIT 10 FOR UPDATE SKIP LOCKED))`, 1).Error
		})
	}
	all.Wait()
	d.counted()
	if n := d.number("SELECT count(*) FROM river_job WHERE kind <> 'letters.back' AND state NOT IN ('available', 'discarded', 'cancelled')"); n != 0 {
		t.Errorf("%d jobs are nowhere", n)
	}
}
