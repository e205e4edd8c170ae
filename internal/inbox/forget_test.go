package inbox

import (
	"context"
	"testing"

	"frontdesk/models"
)

// Who is forgotten is found without reading what everybody else was told: also what failed, which no list of open events has.
func TestForgettingReadsOnlyWhatIsTheirs(t *testing.T) {
	t.Parallel()
	b, db := open(t)
	ctx := context.Background()
	const phone = "+447700900001"
	failed, waits, other := accept(t, b, db, "failed", phone), accept(t, b, db, "waits", phone), accept(t, b, db, "other", "+447700900002")
	for _, sql := range []string{
		"UPDATE provider_events SET processed_at = now(), outcome = 'failed' WHERE event_id = 'failed'",
		`INSERT INTO provider_events (id, provider, event_id, kind, sender, payload, received_at, processed_at, outcome)
			SELECT ('00000000-0000-7000-8000-0000000' || n)::uuid, 'whatsapp', 'e' || n, 'message', '+4477001' || n, '{}', now(), now(), 'done' FROM generate_series(10000, 15000) n`,
		"ANALYZE provider_events",
	} {
		if err := db.On(ctx).Exec(sql).Error; err != nil {
			t.Fatal(err)
		}
	}
	var read int64
	err := db.InTx(ctx, func(ctx context.Context) error {
		if err := b.Forget(ctx, []string{phone, "447700900001"}, models.NewID()); err != nil {
			return err
		}
		return db.On(ctx).Raw("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'provider_events'").Scan(&read).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	if read > 100 {
		t.Errorf("%d rows were read for two", read)
	}
	for id, want := range map[models.ID]bool{failed: true, waits: true, other: false} {
		var is bool
		if err := db.On(ctx).Raw("SELECT outcome = 'erased' AND sender = '' AND processed_at IS NOT NULL FROM provider_events WHERE id = ?", id).Scan(&is).Error; err != nil || is != want {
			t.Errorf("%s is forgotten: %v, want %v (%v)", id, is, want, err)
		}
	}
}
