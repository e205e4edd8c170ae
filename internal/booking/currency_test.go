package booking

import (
	"context"
	"testing"
	"time"

	"frontdesk/internal/testkit"
)

// The salon's currency changes beside a service or a pack that is being added: whichever comes first, both
// are in the salon's currency afterwards (D13).
func TestCurrencyChangesBesideNewPrices(t *testing.T) {
	s := openSalon(t, "2026-10-06 10:00")
	service := cutEdit(s.service("CUT"))
	service.Names = text("Second cut", "Segundo corte", "قصة ثانية")
	pack := PackEdit{
		Minutes: 60, PriceMinor: 3000, Names: text("Two of hair", "Dos de pelo", "اثنان للشعر"), ServiceIDs: s.ids("CUT", "BLOW_DRY"),
	}
	for currency, add := range map[string]func(context.Context) error{
		"USD": func(ctx context.Context) error { _, err := s.upkeep().AddService(ctx, boss, service); return err },
		"GBP": func(ctx context.Context) error { _, err := s.upkeep().AddPack(ctx, boss, pack); return err },
	} {
		changed := make(chan error, 1)
		s.must(s.db.InTx(s.ctx, func(ctx context.Context) error {
			if err := add(ctx); err != nil {
				return err
			}
			go func() { changed <- s.settings.Set(context.Background(), "salon.currency", currency, boss) }()
			testkit.Eventually(t, time.Minute, "the change of currency waits, or is done without what was added", func() bool {
				var waits int
				s.must(s.db.On(s.ctx).Raw(`SELECT count(*) FROM pg_stat_activity
					WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waits).Error)
				return waits > 0 || len(changed) > 0
			})
			return nil
		}))
		s.must(<-changed)
		for _, table := range []string{"services", "packs"} {
			var other int64
			err := s.db.On(s.ctx).Table(table).Where("currency <> ?", currency).Count(&other).Error
			if err != nil || other != 0 {
				t.Errorf("%d %s are not in %s: %v", other, table, currency, err)
			}
		}
	}
}
