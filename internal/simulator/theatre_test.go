package simulator

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"frontdesk/internal/redisstore"
	"frontdesk/internal/testkit"
	"frontdesk/models"
)

// shows waits until the newest performance stands as wanted.
func (b *bench) shows(stage string) (p performance) {
	b.t.Helper()
	testkit.Eventually(b.t, time.Minute, "the performance is "+stage, func() bool {
		p = b.theatre.list()[0]
		return p.Stage == stage
	})
	return p
}

// first is the oldest performance.
func (b *bench) first() performance {
	all := b.theatre.list()
	return all[len(all)-1]
}

// A fault ends by itself, and the theatre knows what waited, that the breaker opened and closed, and how long
// recovery took, though nobody looked.
func TestAFaultEndsByItselfAndItsRecoveryIsKnown(t *testing.T) {
	b := newBench(t)
	if status, _ := b.control("fault", map[string]any{"service": "whatsapp", "mode": "down", "for": "1s"}); status != http.StatusOK {
		t.Fatalf("break: got %d", status)
	}
	breaker := redisstore.NewBreaker("whatsapp", redisstore.BreakerTerms{Failures: 1, Pause: time.Hour})
	breaker.Share(b.cfg.Redis, nil)
	conversation := b.store(noor, "wamid.in")
	waiting := models.Message{
		ID: models.NewID(), ConversationID: conversation.ID, Direction: models.Out, Class: models.ClassReply, Status: models.Queued,
		Content: models.Content{Kind: models.KindText, Text: "hello"}, CreatedAt: b.cfg.Clock.Now(),
	}
	if err := b.cfg.DB.On(t.Context()).Create(&waiting).Error; err != nil {
		t.Fatal(err)
	}
	_, err := redisstore.Call(t.Context(), breaker, func(error) string { return "no_answer" }, func() (struct{}, error) { return struct{}{}, errors.New("away") })
	if err == nil {
		t.Fatal("the call went well")
	}
	p := b.shows(stageRecovering)
	if p.Service != "whatsapp" || p.Mode != "down" || p.EndedAt == nil || p.EndedAt.Sub(p.BeganAt) != time.Second || p.RecoveredAt != nil || p.Peak.Messages != 1 {
		t.Errorf("while a message waits: %+v", p)
	}
	if on := b.faults.list(); len(on) != 0 {
		t.Errorf("still broken: %+v", on)
	}
	if status, _ := b.control("fault", map[string]any{"service": "mail", "mode": "down", "for": "1h"}); status != http.StatusOK {
		t.Fatalf("break another: got %d", status)
	}
	if second := b.theatre.list()[0]; second.Service != "mail" || second.Before != p.Before {
		t.Errorf("what the first fault left counts as usual for the second: %+v", second)
	}
	if status, _ := b.control("fault", map[string]any{"service": "mail", "mode": "ok"}); status != http.StatusOK {
		t.Fatalf("mend the other: got %d", status)
	}
	status, seen := b.call(http.MethodGet, "/control/theatre", nil)
	waits, _ := seen["waits"].(map[string]any)
	if status != http.StatusOK || waits["messages"] != 1.0 {
		t.Errorf("what waits: got %d %v", status, seen)
	}
	b.sql("UPDATE messages SET status = 'sent' WHERE id = $1", waiting.ID)
	b.sql("UPDATE messages SET status = 'handled' WHERE direction = 'in'")
	testkit.Eventually(t, time.Minute, "nothing waits", func() bool {
		now, err := b.theatre.look(t.Context())
		return err == nil && now == p.Before
	})
	if p = b.first(); p.Stage != stageRecovering || p.OpenedAt == nil || p.ClosedAt != nil {
		t.Errorf("while nobody asks the service: %+v", p)
	}
	if _, err := breaker.Release(t.Context(), "test"); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, time.Minute, "the first is recovered", func() bool { return b.first().Stage == stageRecovered })
	if p = b.first(); p.RecoveredAt == nil || p.RecoveredAt.Before(*p.EndedAt) || p.ClosedAt == nil {
		t.Errorf("recovered: %+v", p)
	}
}

// A fault that is mended early ended then; one that takes another's place leaves it without a recovery; and what
// the stand-ins forget at a restart is not broken any more.
func TestAFaultEndsEarly(t *testing.T) {
	b := newBench(t)
	for _, service := range []string{"stripe", "redis"} {
		for _, mode := range []string{"down", "slow", "ok"} {
			if status, _ := b.control("fault", map[string]any{"service": service, "mode": mode, "for": "1h"}); status != http.StatusOK {
				t.Fatalf("%s %s: got %d", service, mode, status)
			}
		}
		p := b.shows(stageRecovered)
		if p.Mode != "slow" || p.EndedAt == nil || p.EndedAt.After(*p.Until) {
			t.Errorf("%s, mended: %+v", service, p)
		}
		if first := b.theatre.list()[1]; first.Mode != "down" || first.Stage != stageReplaced || first.RecoveredAt != nil {
			t.Errorf("%s, replaced: %+v", service, first)
		}
	}
	if status, _ := b.control("fault", map[string]any{"service": "redis", "mode": "down", "for": "1h"}); status != http.StatusOK {
		t.Fatalf("break: got %d", status)
	}
	stop(t, b.Server)
	again := &bench{start(t, b.cfg), t, b.app}
	if on := again.faults.list(); len(on) != 0 {
		t.Errorf("after a restart: %+v", on)
	}
}

// Whatever is counted is counted for its own sake: any of it above what it was keeps the product from having recovered.
func TestWhatWaits(t *testing.T) {
	t.Parallel()
	before := waits{1, 1, 1, 1, 1}
	if before.beyond(before) || (waits{}).beyond(before) {
		t.Error("what was there before counts")
	}
	for _, now := range []waits{{Messages: 2}, {Unanswered: 2}, {Webhooks: 2}, {Links: 2}, {Jobs: 2}} {
		if !now.beyond(before) {
			t.Errorf("%+v does not count", now)
		}
		if most := before.most(now); !most.beyond(before) {
			t.Errorf("the most of %+v is %+v", now, most)
		}
	}
}
