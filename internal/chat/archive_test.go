package chat

import (
	"context"
	"testing"
	"time"
)

type archived struct {
	Messages          int
	FirstSeq, LastSeq int64
	Summary           string
}

func (s *house) archives() []archived {
	s.t.Helper()
	var rows []archived
	s.must(s.DB.On(s.ctx).Raw("SELECT messages, first_seq, last_seq, summary FROM conversation_archives ORDER BY last_seq").Scan(&rows).Error)
	return rows
}

func (s *house) archiving(archived, failed int) {
	s.t.Helper()
	gotArchived, gotFailed, err := s.Archive(s.ctx)
	s.must(err)
	if gotArchived != archived || gotFailed != failed {
		s.t.Errorf("archived %d, failed %d; want %d, %d", gotArchived, gotFailed, archived, failed)
	}
}

// What was said is in the history after twenty-three silent hours, once, and the live copy is gone; what
// is said later comes in an entry of its own.
func TestSilentConversationsAreArchived(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.returning("Maya", "Stone", "en")
	s.free("salma 2026-10-08 11:00-12:00")
	s.writes("haircut on thursday")
	id := s.conversation().ID
	live := func() bool {
		t.Helper()
		raw, err := s.Redis.Get(s.ctx, checkpointKey(id))
		s.must(err)
		return raw != nil
	}
	s.hand.Advance(22*time.Hour + 59*time.Minute)
	s.archiving(0, 0)
	if !live() {
		t.Fatal("no live copy before the archive")
	}
	s.hand.Advance(31 * time.Minute)
	s.archiving(1, 0)
	s.archiving(0, 0)
	all := s.transcript()
	rows := s.archives()
	if len(rows) != 1 || rows[0].Messages != len(all) || rows[0].FirstSeq != all[0].Seq || rows[0].LastSeq != all[len(all)-1].Seq {
		t.Fatalf("archived %+v, want the %d messages once", rows, len(all))
	}
	if live() {
		t.Error("the live copy is still there")
	}
	s.writes("the first one") // half an hour of the question is left
	if stage := loadState(s.conversation().State).Stage; stage != StagePaying {
		t.Errorf("after the archive an answer leads to stage %q", stage)
	}
	s.hand.Advance(24 * time.Hour)
	s.archiving(1, 0)
	later := s.archives()
	if len(later) != 2 || later[1].FirstSeq <= rows[0].LastSeq {
		t.Errorf("archived later %+v, want the new messages alone", later)
	}
}

// One that cannot be archived stays as it is, is counted, keeps no other from it, and is archived when it
// can be.
func TestAnArchiveThatFailsIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.writes("hello")
	s.hand.Advance(24 * time.Hour)
	s.must(s.DB.On(s.ctx).Exec("ALTER TABLE conversation_archives ADD CONSTRAINT broken CHECK (messages < 0) NOT VALID").Error)
	s.archiving(0, 1)
	if n := len(s.archives()); n != 0 {
		t.Errorf("%d archives", n)
	}
	health, err := s.ArchiveHealth(s.ctx)
	s.must(err)
	if health.Failed != 1 || health.FailedAt == nil {
		t.Errorf("record %+v, want the failure", health)
	}
	s.must(s.DB.On(s.ctx).Exec("ALTER TABLE conversation_archives DROP CONSTRAINT broken").Error)
	s.archiving(0, 0) // for an hour it keeps no other from its turn
	s.must(s.DB.On(s.ctx).Exec("UPDATE conversations SET archive_failed_at = archive_failed_at - interval '1 hour'").Error)
	s.archiving(1, 0)
	if health, err = s.ArchiveHealth(s.ctx); err != nil || health.Archived != 1 || health.Failed != 0 || health.FailedAt == nil {
		t.Errorf("record %+v (%v), want the run and when it failed last", health, err)
	}
}

// What there is no time for is left to the next run, whose record says nothing of a failure.
func TestArchivingLeavesTime(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.writes("hello")
	s.hand.Advance(24 * time.Hour)
	all := s.ctx
	short, cancel := context.WithTimeout(all, archiveSpare)
	defer cancel()
	s.ctx = short
	s.archiving(0, 0)
	s.ctx = all
	s.archiving(1, 0)
}

// A conversation that somebody works on is left to the next run.
func TestABusyConversationIsNotArchived(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.writes("hello")
	id := s.conversation().ID
	s.hand.Advance(24 * time.Hour)
	held, release := make(chan struct{}), make(chan error)
	go func() {
		release <- s.DB.InTx(s.ctx, func(ctx context.Context) error {
			_, err := s.Thread.Lock(ctx, id)
			close(held)
			if err == nil {
				err = <-release
			}
			return err
		})
	}()
	<-held
	s.archiving(0, 0)
	release <- nil
	s.must(<-release)
	s.archiving(1, 0)
}

// Ninety minutes without a run are too many, counted from the program's start at the earliest.
func TestArchivingIsStale(t *testing.T) {
	now := time.Date(2026, 10, 6, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		ran, began time.Duration // before now
		want       bool
	}{
		{91 * time.Minute, 5 * time.Hour, true}, {89 * time.Minute, 5 * time.Hour, false}, {5 * time.Hour, time.Minute, false},
	} {
		h := ArchiveHealth{RanAt: now.Add(-tt.ran)}
		if got := h.Stale(now, now.Add(-tt.began)); got != tt.want {
			t.Errorf("last run %v ago, up for %v: stale %v, want %v", tt.ran, tt.began, got, tt.want)
		}
	}
	if !(ArchiveHealth{}).Stale(now, now.Add(-2*time.Hour)) {
		t.Error("it never ran in two hours, and is not stale")
	}
}
