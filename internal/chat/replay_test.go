package chat

import (
	"testing"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/content"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// measures works what the changes so far asked for, twice, and gives the newest entry.
func (s *house) measures() models.Iteration {
	s.t.Helper()
	_, err := s.NoteIterations(s.ctx)
	s.must(err)
	again, err := s.NoteIterations(s.ctx)
	s.must(err)
	if again != 0 {
		s.t.Errorf("%d changes were taken up twice", again)
	}
	rows, err := s.Iterations(s.ctx, IterationQuery{Limit: 10})
	s.must(err)
	if len(rows) == 0 {
		s.t.Fatal("no change was taken up")
	}
	s.must(s.Replay(s.ctx, rows[0].AuditID))
	first := s.iteration(rows[0].AuditID)
	s.hand.Set(s.Clock.Now().Add(time.Minute))
	s.must(s.Replay(s.ctx, rows[0].AuditID))
	if second := s.iteration(rows[0].AuditID); *second.MeasuredAt != *first.MeasuredAt || second.After != first.After {
		s.t.Errorf("measured twice: %+v and %+v", first, second)
	}
	return first
}

func (s *house) iteration(id int64) models.Iteration {
	s.t.Helper()
	var row models.Iteration
	s.must(s.DB.On(s.ctx).Take(&row, "audit_id = ?", id).Error)
	if row.MeasuredAt == nil {
		s.t.Fatalf("change %d was not measured", id)
	}
	return row
}

// wrote is what customers said, without answers: some of it a while ago.
func (s *house) wrote(texts ...string) {
	s.t.Helper()
	for i, words := range texts {
		s.hears("wamid.replay."+string(rune('a'+i)), text(words))
	}
}

// Each change of phrases, synonyms, answers and policies keeps what it did to the messages customers wrote (R-1119).
func TestChangesAreMeasured(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.wrote("blimfrond snarkle", "Blimfrond snarkle!", "zibbety", "I'd like a haircut on Friday", "highlights or a cut?")
	by := content.Saved{Actor: "staff:boss", Reason: "they ask for it"}

	t.Run("a new question", func(t *testing.T) {
		s.must(s.Content.SaveFAQ(s.ctx, content.FAQEdit{
			Key: "snarkle", Active: true, Saved: by,
			Phrases: models.Words{"en": {"blimfrond snarkle"}, "es": {"blimfrond snarkle"}, "ar": {"blimfrond snarkle"}},
			Answers: models.Text{"en": "Yes.", "es": "Sí.", "ar": "نعم."},
		}))
		got := s.measures()
		if got.Messages != 5 || got.Changed != 2 || got.After.FAQ != got.Before.FAQ+2 || got.After.Understood != got.Before.Understood+2 || got.After.Unclear != got.Before.Unclear-2 {
			t.Errorf("got %+v", got)
		}
		if got.Actor != "staff:boss" || got.Kind != IterationFAQ || got.Key != "snarkle" || got.Action != "faq.added" {
			t.Errorf("the entry is of %+v", got)
		}
	})
	t.Run("only its answer", func(t *testing.T) {
		faq, err := s.Content.FAQ(s.ctx, "snarkle")
		s.must(err)
		faq.Answers["en"] = "Yes, every day."
		s.must(s.Content.SaveFAQ(s.ctx, content.FAQEdit{Key: faq.Key, Active: true, Phrases: faq.Phrases, Answers: faq.Answers, Seen: faq.Version, Saved: by}))
		if got := s.measures(); got.Changed != 0 || got.Before != got.After || got.Messages != 5 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("a synonym", func(t *testing.T) {
		menu, err := s.Diary.Menu(s.ctx)
		s.must(err)
		cut, _ := menu.Service("CUT")
		words := models.Words{"es": cut.Synonyms["es"], "ar": cut.Synonyms["ar"], "en": append([]string{"zibbety"}, cut.Synonyms["en"]...)}
		_, err = s.Diary.Upkeep().ChangeService(s.ctx, "staff:boss", cut.ID, cut.Version, booking.ServiceEdit{
			Category: cut.Category, Minutes: cut.Minutes, PriceMinor: cut.PriceMinor, Names: cut.Names, Synonyms: words,
		})
		s.must(err)
		if got := s.measures(); got.Changed != 1 || got.After.Unclear != got.Before.Unclear-1 || got.Key != "CUT" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("when somebody hesitates", func(t *testing.T) {
		s.must(s.Settings.Set(s.ctx, "indecision.confidence", 100, "staff:boss"))
		if got := s.measures(); got.Changed != 1 || got.Key != "indecision.confidence" {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("whom a model is asked about", func(t *testing.T) {
		s.must(s.Settings.Set(s.ctx, "model.below_percent", 0, "staff:boss"))
		if got := s.measures(); got.After.Asked != 0 || got.Before.Asked == 0 || got.Changed != 0 {
			t.Errorf("got %+v", got)
		}
	})
	t.Run("what does not concern reading", func(t *testing.T) {
		s.must(s.Settings.Set(s.ctx, "slots.offer", 3, "staff:boss"))
		if n, err := s.NoteIterations(s.ctx); err != nil || n != 0 {
			t.Errorf("%d changes were taken up, %v", n, err)
		}
	})
	if got := len(testkit.Jobs(t, s.DB, "chat.replay")); got != 5 {
		t.Errorf("%d jobs, want one for each of 5 changes", got)
	}
}

// Only what customers wrote lately counts; too many unclear messages in a row count as handed over.
func TestMeasuringUnclearMessages(t *testing.T) {
	t.Parallel()
	s := openHouse(t, "2026-10-06 10:00")
	s.wrote("zibbety one")
	s.hand.Set(s.at("2026-11-20 10:00"))
	for i := range 4 {
		s.hears("wamid.late."+string(rune('a'+i)), text("frumpet gazork"))
	}
	s.must(s.Settings.Set(s.ctx, "clarify.max", 2, "staff:boss"))
	if got := s.measures(); got.Messages != 4 || got.Before.Unclear != 4 || got.Before.HandedOver != 1 || got.After.HandedOver != 2 {
		t.Errorf("got %+v", got)
	}
}
