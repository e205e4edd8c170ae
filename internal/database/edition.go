package database

import (
	"context"
	"fmt"
)

// An edition is the number of the salon's own data, what it rarely changes: policies, menu, people, hours,
// words. The database raises it with every commit that changes any of that (migration 0014), so that one
// number tells whether what was read before still stands, whichever process changed it.
type edition int64

type pinKey struct{}

// Pin reads the edition in force, in one trip, for everything done under the context it gives: what is Kept
// is then of that edition or a newer one and costs no trip more. Pin for the length of a turn, never
// longer. A context that is pinned stays as it is; so does one with a transaction, which may be changing
// that very data and must see its own change.
func (db *DB) Pin(ctx context.Context) (context.Context, error) {
	if pinned(ctx) > 0 || InTransaction(ctx) {
		return ctx, nil
	}
	now, err := db.edition(ctx)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, pinKey{}, now), nil
}

// PinTo is Pin to an edition that was just read beside something else, which spares the trip.
func PinTo(ctx context.Context, number int64) context.Context {
	if pinned(ctx) > 0 || number == 0 || InTransaction(ctx) {
		return ctx
	}
	return context.WithValue(ctx, pinKey{}, edition(number))
}

// EditionInForce is the edition as an SQL expression, for a statement whose answer RaisePin or PinTo takes.
const EditionInForce = "(SELECT number FROM salon_edition)"

// RaisePin makes what is done under the context it gives see this edition at least: for what must be as it
// is now, under a lock, and not as it was when the context was pinned. A context that is not pinned, or to
// a newer edition, stays as it is.
func RaisePin(ctx context.Context, number int64) context.Context {
	if had := pinned(ctx); had == 0 || had >= edition(number) {
		return ctx
	}
	return context.WithValue(ctx, pinKey{}, edition(number))
}

// pinned is the edition on the context; 0 when there is none.
func pinned(ctx context.Context) edition {
	e, _ := ctx.Value(pinKey{}).(edition)
	return e
}

// edition is the number in force; those who ask at once share a trip.
func (db *DB) edition(ctx context.Context) (edition, error) {
	now, err := db.salon.Of(ctx)
	if err != nil {
		return 0, fmt.Errorf("read edition: %w", err)
	}
	return now, nil
}

func (db *DB) askEdition(ctx context.Context) (now edition, err error) {
	err = db.Pool.QueryRow(ctx, "SELECT number FROM salon_edition").Scan(&now)
	return now, err
}
