// Package booking owns the salon's diary: the menu and its prices, who is free when, and the life of
// an appointment from hold to visit. It never knows about chat, HTTP or the payment provider: what
// others must do about a change it enqueues in the transaction that makes the change.
//
// No stylist is ever booked twice for overlapping times. The database's exclusion constraint
// appointments_no_overlap is the guarantee; the lock on the stylist's row only keeps writers from
// deadlocking on it. Locks are taken in one order everywhere: conversation, customer, stylists by
// id, appointment; a payment's row comes after all of them.
package booking

import (
	"frontdesk/internal/audit"
	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/jobs/queue"
)

// Diary is the salon's appointment book. Every method joins the transaction on its context when
// there is one. Safe for concurrent use, and for use by several processes on one database.
type Diary struct {
	db       *database.DB
	clock    clock.Clock
	queue    *queue.Queue
	settings *settings.Store
	redis    *redisstore.Store
	log      *audit.Log
	kept     keptOf
	tally    func(name string)
	external external
}

// Option changes a default of a Diary.
type Option func(*Diary)

// WithCounter sets what is called for each thing worth counting.
func WithCounter(count func(name string)) Option { return func(d *Diary) { d.tally = count } }

// keptOf is what a diary reads once per edition (database.Kept) and shares with every caller.
type keptOf struct {
	menu    *database.Kept[Menu]
	times   *database.Kept[times]
	opening *database.Kept[Opening]
}

// New opens the diary.
func New(db *database.DB, c clock.Clock, q *queue.Queue, s *settings.Store, r *redisstore.Store, options ...Option) *Diary {
	d := &Diary{db: db, clock: c, queue: q, settings: s, redis: r, log: audit.New(db, c), tally: func(string) {}}
	for _, o := range options {
		o(d)
	}
	d.kept = keptOf{menu: database.Keep(db, d.readMenu), times: database.Keep(db, d.readTimes), opening: database.Keep(db, d.readOpening)}
	return d
}
