package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/internal/thread"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	holdTarget       = 5 * time.Millisecond
	crowd            = 200 // customers who want one slot at once
	crowdTarget      = 250 * time.Millisecond
	checkpointTarget = 5 * time.Millisecond
	firstFreeDay     = 60 // days from now: beyond the visits the database was filled with
)

// rooms are the rules as the program wires them, in this process.
type rooms struct {
	db    *database.DB
	redis *redisstore.Store
	diary *booking.Diary
	clerk *chat.Clerk
	menu  booking.Menu
	cut   models.Service
	from  int // the first slot nobody tried
}

func openRooms(ctx context.Context, b *bench) (r *rooms, err error) {
	r = &rooms{}
	c := clock.System()
	if r.db, err = database.Open(ctx, b.database, database.Options{Now: c.Now}); err != nil {
		return nil, err
	}
	if r.redis, err = redisstore.Open(os.Getenv("TEST_REDIS_URL")); err != nil {
		r.db.Close()
		return nil, err
	}
	jobs := queue.New(r.db)
	policies := settings.New(r.db, c)
	r.diary = booking.New(r.db, c, jobs, policies, r.redis)
	r.clerk = chat.New(chat.Rooms{
		DB: r.db, Clock: c, Queue: jobs, Redis: r.redis, Settings: policies, Customers: customers.New(r.db, c),
		Thread: thread.New(r.db, c, jobs, r.redis), Diary: r.diary,
	})
	if r.menu, err = r.diary.Menu(ctx); err != nil {
		return nil, errors.Join(err, r.close())
	}
	var found bool
	if r.cut, found = r.menu.Service("CUT"); !found {
		return nil, errors.Join(errors.New("the salon has no service CUT"), r.close())
	}
	return r, nil
}

func (r *rooms) close() error {
	r.redis.Close()
	r.db.Close()
	return nil
}

// measureHolds takes slots one by one, then lets a crowd have one.
func measureHolds(ctx context.Context, b *bench) error {
	r, err := openRooms(ctx, b)
	if err != nil {
		return err
	}
	defer r.close() //nolint:errcheck // nothing is pending
	if err := b.holdsAlone(ctx, r); err != nil {
		return err
	}
	if err := b.holdsInACrowd(ctx, r); err != nil {
		return err
	}
	if err := b.checkpoints(ctx, r); err != nil {
		return err
	}
	return b.quiet(ctx)
}

// slot is the n-th place of an empty part of the diary.
func (r *rooms) slot(n int) (stylist models.ID, at time.Time) {
	able := r.menu.StylistsFor(r.cut.Category)
	place := n / len(able)
	day := time.Now().UTC().Truncate(24*time.Hour).AddDate(0, 0, firstFreeDay+place/6)
	return able[n%len(able)].ID, day.Add(9*time.Hour + time.Duration(place%6)*time.Hour)
}

func (r *rooms) hold(ctx context.Context, customer int64, n int) error {
	stylist, at := r.slot(n)
	who := filled(1, 1+customer)
	_, err := r.diary.Hold(ctx, booking.HoldRequest{
		CustomerID: who, BookedByID: who, StylistID: stylist, ServiceIDs: []models.ID{r.cut.ID}, StartsAt: at, Actor: "customer",
	})
	return err
}

// refused tells whether the salon said no: closed that day, or taken.
func refused(err error) bool {
	var no *fault.Fault
	return errors.As(err, &no)
}

// holdsAlone takes one slot after the other. Days on which the salon is closed do not count.
func (b *bench) holdsAlone(ctx context.Context, r *rooms) error {
	wanted := 300
	if b.quick {
		wanted = 60
	}
	var times []time.Duration
	n := 0
	for ; len(times) < wanted && n < 10*wanted; n++ {
		began := time.Now()
		err := r.hold(ctx, int64(n), n)
		if err != nil && !refused(err) {
			return err
		}
		if err == nil {
			times = append(times, time.Since(began))
		}
	}
	b.times("HoldAlone", times)
	b.within("hold of a free slot", times, holdTarget)
	r.from = n
	return nil
}

// holdsInACrowd lets a crowd want one slot at once, several times.
func (b *bench) holdsInACrowd(ctx context.Context, r *rooms) error {
	var times []time.Duration
	for round, n := 0, r.from; round < 5; n++ {
		took, won, err := r.rush(ctx, n)
		if err != nil {
			return err
		}
		if won == 0 && n < r.from+100 {
			continue // a day on which the salon is closed
		}
		if won != 1 {
			return fmt.Errorf("%d of %d customers hold one slot", won, crowd)
		}
		b.times("HoldCrowd", took)
		times = append(times, took...)
		round++
	}
	b.within(fmt.Sprintf("one of %d who want one slot at once, five times", crowd), times, crowdTarget)
	return nil
}

// rush is one slot and a crowd.
func (r *rooms) rush(ctx context.Context, n int) (times []time.Duration, won int, failed error) {
	var mu sync.Mutex
	var wait sync.WaitGroup
	start := make(chan struct{})
	for customer := range int64(crowd) {
		wait.Go(func() {
			<-start
			began := time.Now()
			err := r.hold(ctx, customer, n)
			took := time.Since(began)
			mu.Lock()
			defer mu.Unlock()
			times = append(times, took)
			switch {
			case err == nil:
				won++
			case !refused(err):
				failed = err
			}
		})
	}
	close(start)
	wait.Wait()
	return times, won, failed
}

// checkpoints saves the live copy of conversations that have just talked.
func (b *bench) checkpoints(ctx context.Context, r *rooms) error {
	var times []time.Duration
	for n := range int64(300) {
		conv, err := r.clerk.Thread.Conversation(ctx, filled(3, 1+n))
		if err != nil {
			return err
		}
		began := time.Now()
		if err := r.clerk.SaveCheckpoint(ctx, conv); err != nil {
			return err
		}
		times = append(times, time.Since(began))
	}
	b.times("CheckpointSave", times)
	b.within("saving a checkpoint, its last messages read", times, checkpointTarget)
	return nil
}
