package database_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"frontdesk/internal/database"
)

// words keeps the keys of the settings' table, and counts how often they were read.
func words(db *database.DB) (kept *database.Kept[string], reads *atomic.Int64) {
	reads = &atomic.Int64{}
	return database.Keep(db, func(ctx context.Context) (got string, err error) {
		reads.Add(1)
		err = db.On(ctx).Raw("SELECT coalesce(string_agg(key, ' ' ORDER BY key), '') FROM settings").Scan(&got).Error
		return got, err
	}), reads
}

// other is a second process on the same database.
func other(t *testing.T, db *database.DB) *database.DB {
	t.Helper()
	second, err := database.Open(context.Background(), db.Pool.Config().ConnString(), database.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(second.Close)
	return second
}

func wantKept(t *testing.T, ctx context.Context, kept *database.Kept[string], want string) {
	t.Helper()
	if got, err := kept.Of(ctx); err != nil || got != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

// What is kept is read once, whoever asks, until somebody changes it, in whichever process.
func TestKeptIsReadOncePerEdition(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	kept, reads := words(db)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { wantKept(t, ctx, kept, "") })
	}
	wg.Wait()
	if n := reads.Load(); n != 1 {
		t.Errorf("%d readings of one edition", n)
	}
	for i, word := range []string{"a", "b"} {
		by := []*database.DB{db, other(t, db)}[i]
		if err := put(ctx, by, word); err != nil {
			t.Fatal(err)
		}
	}
	wantKept(t, ctx, kept, "a b")
	wantKept(t, ctx, kept, "a b")
	if n := reads.Load(); n != 2 {
		t.Errorf("%d readings, want one more", n)
	}
	if err := db.On(ctx).Exec("TRUNCATE settings").Error; err != nil {
		t.Fatal(err)
	}
	wantKept(t, ctx, kept, "")
	if err := put(ctx, db, "c"); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"UPDATE settings SET key = 'd'", "DELETE FROM settings"} {
		wantKept(t, ctx, kept, map[bool]string{true: "c", false: "d"}[sql[0] == 'U'])
		if err := db.On(ctx).Exec(sql).Error; err != nil {
			t.Fatal(err)
		}
	}
	wantKept(t, ctx, kept, "")
}

// Under a pin things stay as they are; RaisePin brings them up to date.
func TestAPinHoldsForATurn(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	kept, reads := words(db)
	wantKept(t, ctx, kept, "")
	pinned, err := db.Pin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := put(ctx, other(t, db), "a"); err != nil {
		t.Fatal(err)
	}
	again, err := db.Pin(pinned)
	if err != nil {
		t.Fatal(err)
	}
	wantKept(t, pinned, kept, "")
	wantKept(t, again, kept, "")
	err = db.InTx(pinned, func(ctx context.Context) error {
		wantKept(t, ctx, kept, "")
		var now int64
		if err := db.On(ctx).Raw("SELECT " + database.EditionInForce).Scan(&now).Error; err != nil {
			return err
		}
		wantKept(t, database.RaisePin(ctx, now), kept, "a")
		wantKept(t, database.RaisePin(ctx, now-1), kept, "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	wantKept(t, ctx, kept, "a")
	wantKept(t, pinned, kept, "a") // newer is as good
	if n := reads.Load(); n != 3 {
		t.Errorf("%d readings, want 3", n)
	}
}

// Whoever changes something sees the change before it is committed, and nobody else does, then or ever
// when it is not.
func TestAnEditorSeesTheirOwnChange(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	kept, _ := words(db)
	wantKept(t, ctx, kept, "")
	undo := errors.New("undo")
	err := db.InTx(ctx, func(inner context.Context) error {
		if err := put(inner, db, "mine"); err != nil {
			return err
		}
		pinned, err := db.Pin(inner)
		if err != nil {
			return err
		}
		wantKept(t, inner, kept, "mine")
		wantKept(t, pinned, kept, "mine")
		wantKept(t, ctx, kept, "")
		return undo
	})
	if !errors.Is(err, undo) {
		t.Fatal(err)
	}
	wantKept(t, ctx, kept, "")
}

func TestAFailedReadingIsNotKept(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	refused, fail := errors.New("refused"), true
	kept := database.Keep(db, func(context.Context) (string, error) {
		if fail {
			return "half", refused
		}
		return "whole", nil
	})
	if got, err := kept.Of(ctx); !errors.Is(err, refused) || got != "" {
		t.Errorf("got %q, %v", got, err)
	}
	fail = false
	wantKept(t, ctx, kept, "whole")
}

// Editors who save at the same instant all succeed, whether they write the log before their change or after
// it, and readers who come and go meanwhile never keep what was before.
func TestEditorsNeverWaitForEachOther(t *testing.T) {
	t.Parallel()
	const editors, edits = 8, 12
	db, ctx := ground(t), context.Background()
	kept, _ := words(db)
	second, _ := words(other(t, db))
	logged := func(ctx context.Context) error {
		return db.On(ctx).Exec("INSERT INTO audit_log (at, actor, action, subject_kind) VALUES (now(), 'test', 'tested', 'test')").Error
	}
	var wg sync.WaitGroup
	for editor := range editors {
		wg.Go(func() {
			for n := range edits {
				steps := []func(context.Context) error{logged, func(ctx context.Context) error {
					return put(ctx, db, fmt.Sprintf("%d-%02d", editor, n))
				}}
				err := db.InTx(ctx, func(ctx context.Context) error {
					return errors.Join(steps[(editor+n)%2](ctx), steps[(editor+n+1)%2](ctx))
				})
				if err != nil {
					t.Errorf("edit %d of %d: %v", n, editor, err)
				}
				if _, err := kept.Of(ctx); err != nil {
					t.Error(err)
				}
				if _, err := second.Of(ctx); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	var want string
	if err := db.On(ctx).Raw("SELECT string_agg(key, ' ' ORDER BY key) FROM settings").Scan(&want).Error; err != nil {
		t.Fatal(err)
	}
	wantKept(t, ctx, kept, want)
	wantKept(t, ctx, second, want)
	var raised int64
	if err := db.On(ctx).Raw("SELECT " + database.EditionInForce).Scan(&raised).Error; err != nil || raised < editors*edits {
		t.Errorf("the edition is %d (%v), want one more for each of %d edits", raised, err, editors*edits)
	}
}

// Every table whose rows are kept raises the edition.
func TestEveryKeptTableRaisesTheEdition(t *testing.T) {
	t.Parallel()
	db, ctx := ground(t), context.Background()
	var tables []string
	err := db.On(ctx).Raw(`SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger
		WHERE tgfoid = 'salon_edition_raise'::regproc AND tgdeferrable AND tginitdeferred ORDER BY 1`).Scan(&tables).Error
	want := "[faqs message_texts opening_hours pack_services packs product_categories schedule_hours schedule_sets services settings stylists time_blocks weekly_breaks]"
	if err != nil || fmt.Sprint(tables) != want {
		t.Errorf("raised by %v (%v), want %s", tables, err, want)
	}
}
