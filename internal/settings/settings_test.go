package settings

import (
	"context"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/fault"
	"frontdesk/internal/testkit"
)

// A policy that nobody could read is refused, and what was in force stays.
func TestSet(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, _ := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	s := New(testkit.DB(t, c), c)
	for _, tt := range []struct {
		key   string
		value any
		fault string
	}{
		{"salon.timezone", "Atlantic/Canary", ""},
		{"salon.timezone", "Europe/Atlantis", "settings.unknown_zone"},
		{"salon.timezone", "", "settings.unknown_zone"},
		{"salon.timezone", "Local", "settings.unknown_zone"},
		{"salon.timezone", 3, "settings.wrong_type"},
		{"hold.minutes", 45, ""},
		{"hold.minutes", "long", "settings.wrong_type"},
		{"salon.moon", "full", "settings.unknown"},
	} {
		err := s.Set(ctx, tt.key, tt.value, "owner")
		if tt.fault == "" && err != nil || tt.fault != "" && !fault.Is(err, tt.fault) {
			t.Errorf("set %s to %v: got %v, want fault %q", tt.key, tt.value, err, tt.fault)
		}
	}
	p, err := s.Policies(ctx)
	if err != nil || p.Timezone != "Atlantic/Canary" || p.HoldMinutes != 45 {
		t.Errorf("in force are zone %q and %d minutes (%v)", p.Timezone, p.HoldMinutes, err)
	}
}
