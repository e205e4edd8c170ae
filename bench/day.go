package main

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/clock"
)

// A working day: thirty conversations an hour for eight hours, six messages each. An hour is played in a
// few seconds; business time is moved to its end afterwards, so that everything that becomes due in it
// becomes due.
const (
	dayHours         = 8
	dayConversations = 30
	dayMessages      = 6
	dayRate          = 20 // messages a second
)

// hour is what the program holds after an hour of the day.
type hour struct {
	footprint
	connections float64 // to Postgres
}

// measureDay judges the second half of the day against the first: whatever grows with the hours is a leak
// (R-1305, R-1312).
func measureDay(ctx context.Context, b *bench) error {
	file := filepath.Join(b.app.dir, "clock")
	began := time.Now()
	defer func() { _ = clock.Follow(file) }() // the folder goes with the run
	var seen []hour
	for n := range dayHours {
		at, err := b.hour(ctx)
		if err != nil {
			return fmt.Errorf("hour %d: %w", n+1, err)
		}
		seen = append(seen, at)
		b.beside(fmt.Sprintf("after hour %d", n+1), fmt.Sprintf("%s, %.0f connections", at.footprint, at.connections))
		if err := clock.Stop(file, began.Add(time.Duration(n+1)*time.Hour)); err != nil {
			return err
		}
		if err := b.quiet(ctx); err != nil {
			return err
		}
	}
	half, last := seen[dayHours/2-1], seen[dayHours-1]
	b.judge("growth from the fourth hour to the eighth",
		fmt.Sprintf("%s resident, %+.0f goroutines, %+.0f connections", mb(last.resident-half.resident), last.goroutines-half.goroutines, last.connections-half.connections),
		"≤ 5 %, ≤ 10, ≤ 2", last.resident <= half.resident*1.05 && last.goroutines <= half.goroutines+10 && last.connections <= half.connections+2)
	return nil
}

// hour plays an hour's conversations and measures what is held once they are answered.
func (b *bench) hour(ctx context.Context) (hour, error) {
	people := int(dayRate * turnEvery.Seconds())
	length := time.Duration(dayConversations*dayMessages) * time.Second / dayRate
	if b.quick {
		length /= 3
	}
	s, err := b.talk(ctx, conversations{people: min(people, dayConversations), length: length})
	if err != nil {
		return hour{}, err
	}
	if s.answered < s.written {
		return hour{}, fmt.Errorf("%d of %d messages were never answered", s.written-s.answered, s.written)
	}
	if err := b.quiet(ctx); err != nil {
		return hour{}, err
	}
	held, err := b.app.footprint(ctx)
	if err != nil {
		return hour{}, err
	}
	conn, err := pgx.Connect(ctx, b.database)
	if err != nil {
		return hour{}, fmt.Errorf("reach the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // done
	at := hour{footprint: held}
	err = conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`).Scan(&at.connections)
	if err != nil {
		return hour{}, fmt.Errorf("count connections: %w", err)
	}
	return at, nil
}
