package clock

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestAStoppedClockStandsForEveryoneWithTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clock")
	one, two := Stoppable(file), Stoppable(file)
	if off := time.Since(one.Now()).Abs(); off > time.Minute {
		t.Errorf("an unstopped clock is off by %s", off)
	}
	at := time.Date(2026, 10, 6, 10, 0, 0, 500, time.FixedZone("Madrid", 2*3600))
	if err := Stop(file, at); err != nil {
		t.Fatal(err)
	}
	for i, c := range []Clock{one, two, one} {
		if got := c.Now(); !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("clock %d stands at %s, want %s in UTC", i, got, at)
		}
	}
	if err := Stop(file, at.Add(-48*time.Hour)); err != nil { // going back is allowed
		t.Fatal(err)
	}
	if got := two.Now(); !got.Equal(at.Add(-48 * time.Hour)) {
		t.Errorf("moved back, it stands at %s", got)
	}
	if machine := one.Machine(); time.Since(machine).Abs() > time.Minute {
		t.Errorf("machine time was stopped too: %s", machine)
	}
	for range 2 { // following twice is no error
		if err := Follow(file); err != nil {
			t.Fatal(err)
		}
	}
	if _, stopped := StoppedAt(file); stopped {
		t.Error("the clock still stands")
	}
}

func TestAnUnreadableClockFileCountsAsAbsent(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clock")
	if err := os.WriteFile(file, []byte("half past"), 0o600); err != nil {
		t.Fatal(err)
	}
	if off := time.Since(Stoppable(file).Now()).Abs(); off > time.Minute {
		t.Errorf("the clock is off by %s", off)
	}
}

func TestFixedMovesOnlyByHand(t *testing.T) {
	at := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	c, hand := Fixed(at)
	hand.Advance(90 * time.Minute)
	if got, want := c.Now(), at.Add(90*time.Minute); !got.Equal(want) {
		t.Errorf("got %s, want %s", got, want)
	}
}
