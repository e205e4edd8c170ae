package main

import (
	"testing"
	"time"

	"frontdesk/internal/outage"
)

// Outages can be played in demo and test. Elsewhere nothing stands between the product and its servers,
// whatever lies in the data folder.
func TestOutagesArePlayedInDemoAndTestOnly(t *testing.T) {
	t.Parallel()
	for env, played := range map[string]bool{envDemo: true, envTest: true, envStaging: false, envProduction: false, "": false} {
		c := Config{Env: env, DataDir: t.TempDir()}
		if got := c.ways(); (got.postgres != nil) != played || (got.redis != nil) != played {
			t.Errorf("%q: outages can be played: %t and %t, want %t", env, got.postgres != nil, got.redis != nil, played)
		}
	}
}

// A data folder that is claimed anew is without the outages of a program that was killed.
func TestAnOutageEndsWithTheProgramThatPlayedIt(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	board := outage.In(dir)
	for _, s := range []outage.Service{outage.Postgres, outage.Redis} {
		if err := board.Begin(s, outage.Down, time.Time{}); err != nil {
			t.Fatal(err)
		}
	}
	var s stops
	if err := claim(dir, &s); err != nil {
		t.Fatal(err)
	}
	defer s.run() //nolint:errcheck // frees a lock of this test's own
	if postgres, redis := board.Now(outage.Postgres), board.Now(outage.Redis); postgres != "" || redis != "" {
		t.Errorf("still away: %q and %q", postgres, redis)
	}
}
