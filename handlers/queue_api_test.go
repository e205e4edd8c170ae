package handlers

import (
	"fmt"
	"testing"

	"frontdesk/internal/audit"
	"frontdesk/internal/customers"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Dead letters are counted, set aside and brought back by whoever may, each once, and the log says who did it (R-1202, R-1203,
// X17).
func TestDeadLettersForPrograms(t *testing.T) {
	t.Parallel()
	s := newStocked(t)
	b, admin := s.client(), headerAdminToken+": "+testAdmin
	for i := range 3 {
		contact, err := customers.New(s.DB, s.Clock).Contact(t.Context(), models.ChannelWhatsApp, fmt.Sprint("+44770090013", i), "Ana")
		if err != nil {
			t.Fatal(err)
		}
		talk, err := s.Thread.Of(t.Context(), contact, models.English)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Queue.Enqueue(t.Context(), queue.ChatTurn{ConversationID: talk.ID}); err != nil {
			t.Fatal(err)
		}
	}
	err := s.DB.On(t.Context()).Exec("UPDATE river_job SET state = 'discarded', finalized_at = now(), attempt = max_attempts WHERE kind = 'chat.turn'").Error
	if err != nil {
		t.Fatal(err)
	}
	counts := func(failed, aside, wait float64) {
		t.Helper()
		got := fitting(b, get, "/queue/dlq/stats", "/queue/dlq/stats", "", admin).json(t)
		primary, dlq := got["primary"].(map[string]any), got["dlq"].(map[string]any)
		if primary["failed"] != failed || dlq["wait"] != aside || primary["wait"].(float64) < wait {
			t.Errorf("got %v, want %.0f failed, %.0f aside, %.0f waiting", got, failed, aside, wait)
		}
	}
	move := func(path, what string, want float64) {
		t.Helper()
		if got := fitting(b, post, path, path, "", admin).json(t); got[what] != want {
			t.Errorf("%s: %v, want %.0f", path, got, want)
		}
	}
	counts(3, 0, 0)
	if got := fitting(b, post, "/queue/mirror-failed-to-dlq?limit=2", "/queue/mirror-failed-to-dlq", "", admin).json(t); got["mirrored"] != 2.0 {
		t.Errorf("two at most: %v", got)
	}
	counts(1, 2, 0)
	move("/queue/mirror-failed-to-dlq", "mirrored", 1)
	move("/queue/mirror-failed-to-dlq", "mirrored", 0)
	counts(0, 3, 0)
	move("/queue/dlq/requeue", "moved", 3)
	move("/queue/dlq/requeue", "moved", 0)
	counts(0, 0, 3)
	// By the rules of the room: what there is nothing left to work on stays dead, however often it is asked for.
	for range 2 {
		if err := s.Queue.Enqueue(t.Context(), queue.ChatTurn{ConversationID: models.NewID()}); err != nil {
			t.Fatal(err)
		}
	}
	err = s.DB.On(t.Context()).Exec("UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE id IN (SELECT id FROM river_job WHERE kind = 'chat.turn' ORDER BY id DESC LIMIT 2)").Error
	if err != nil {
		t.Fatal(err)
	}
	move("/queue/dlq/requeue", "moved", 0)
	counts(2, 0, 3)
	for _, action := range []string{"dead_letters.set_aside", "dead_letters.requeued"} {
		entries, err := s.Audit.Entries(t.Context(), audit.Query{Action: action})
		if want := map[string]int{"dead_letters.set_aside": 2, "dead_letters.requeued": 1}[action]; err != nil || len(entries) != want {
			t.Errorf("%s stands %d times in the log, want %d; %v", action, len(entries), want, err)
		}
	}
	for _, limit := range []string{"0", "201", "many"} {
		for _, path := range []string{"/queue/dlq/requeue", "/queue/mirror-failed-to-dlq"} {
			if got := b.ask(post, path+"?limit="+limit, "", admin); got.StatusCode != 400 || got.code(t) != "validation" {
				t.Errorf("%s of %s: got %d %s", path, limit, got.StatusCode, got.body)
			}
		}
	}
	for _, ask := range [][2]string{{get, "/queue/dlq/stats"}, {post, "/queue/dlq/requeue"}, {post, "/queue/mirror-failed-to-dlq"}} {
		if got := s.client().ask(ask[0], ask[1], ""); got.StatusCode != 401 {
			t.Errorf("%s by nobody: got %d", fmt.Sprint(ask), got.StatusCode)
		}
	}
}
