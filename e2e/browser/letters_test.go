package browser

import (
	"fmt"
	"testing"

	"frontdesk/e2e/harness"
	"frontdesk/internal/testkit"
)

const lettersRoom = "/console/dead-letters"

// dead are jobs as the queue leaves them after their last attempt; no act of the product or the stand-ins lets many die in
// time. The rows from tell what they are given.
func dead(kind, args, failure, from string) string {
	return fmt.Sprintf(`INSERT INTO river_job (kind, args, max_attempts, attempt, state, finalized_at, errors)
		SELECT '%s', %s, 12, 12, 'discarded', now(), ARRAY[jsonb_build_object('at', now() - interval '1 minute', 'attempt', 11, 'trace', '', 'error', 'the first of many'),
			jsonb_build_object('at', now(), 'attempt', 12) || %s] FROM %s`, kind, args, failure, from)
}

// surgeCleared: five hundred webhooks have failed for good, all of the same. The operator, whose screen shows it by itself,
// finds one group, sees what would come back, mistypes the number, types it, and follows all of it until nothing is left;
// every webhook has its effect once (R-1108, R-1405).
func surgeCleared(s stage) {
	s.app.Given("S01", s.lang)
	desk := s.desk("operator")
	s.open(desk, lettersRoom)
	none := words{"en": "No dead letters", "ar": "لا توجد مهام فاشلة"}[s.lang]
	desk.Sees("main", none)

	s.app.Exec(`INSERT INTO provider_events (id, provider, event_id, kind, payload, received_at)
		SELECT gen_random_uuid(), 'whatsapp', 'surge-' || n, 'other', '{}', now() FROM generate_series(1, 500) n`)
	s.app.Exec(dead("inbox.event", "jsonb_build_object('event_id', id)",
		`jsonb_build_object('trace', '', 'error', 'read event ' || id || ' after ' || seq || ' ms: "' || event_id || '" is busy')`,
		"provider_events WHERE event_id LIKE 'surge-%'"))
	desk.Sees("main tbody", "inbox.event", "500") // it came by itself
	s.picture(desk, "surge-1-one-group")
	if rows := harness.Eval[int](desk, `document.querySelectorAll("main tbody tr").length`); rows != 1 {
		s.Errorf("%d groups, want one", rows)
	}

	desk.Follow("main tbody a[href*='group=']")
	requeue := words{"en": "Requeue 500 jobs", "ar": "أعد 500 مهمة إلى الطابور"}[s.lang]
	desk.Sees("main", requeue)
	s.picture(desk, "surge-2-group")
	desk.Click("main a[href^='" + lettersRoom + "/requeue']")
	desk.Sees("#dialog", "500", requeue)
	desk.Fill("#dialog [name=phrase]", "499")
	desk.Click(submit)
	desk.Sees("#dialog .error-summary", "500")
	s.picture(desk, "surge-3-mistyped")
	if n := s.app.Number("SELECT count(*) FROM letters WHERE state = 'open'"); n != 500 {
		s.Errorf("%d are dead after what was mistyped, want 500", n)
	}
	desk.Fill("#dialog [name=phrase]", "500")
	desk.Click(submit)
	desk.Sees("main", words{"en": "500 of 500 are back, 0 are still to come.", "ar": "عاد 500 من 500، وبقي 0."}[s.lang], words{"en": "Done", "ar": "انتهت"}[s.lang])
	s.picture(desk, "surge-4-back")

	s.open(desk, lettersRoom)
	desk.Sees("main", none, words{"en": "500 of 500 back", "ar": "عاد 500 من 500"}[s.lang])
	s.picture(desk, "surge-5-clear")
	testkit.Eventually(s, harness.Patience, "every webhook has its effect", func() bool {
		return s.app.Number("SELECT count(*) FROM provider_events WHERE event_id LIKE 'surge-%' AND outcome = 'ignored'") == 500
	})
	again := s.app.Number(`SELECT count(*) FROM river_job WHERE kind = 'inbox.event' AND args->>'event_id' IN
		(SELECT id::text FROM provider_events WHERE event_id LIKE 'surge-%') AND (attempt <> 1 OR state <> 'completed')`)
	if again != 0 {
		s.Errorf("%d were not worked once", again)
	}
}

// prepareLetters leaves dead jobs of two causes, one that came back and one that was discarded.
func (l *looker) prepareLetters(t *testing.T, operator *harness.Page) {
	t.Helper()
	for range 20 {
		l.app.Exec(dead("notify.flush", "jsonb_build_object('conversation_id', id)",
			`jsonb_build_object('trace', '', 'error', 'send to +447700900123: "Thank you" was refused with 503')`, "conversations"))
	}
	l.app.Exec(dead("chat.turn", "jsonb_build_object('conversation_id', id)",
		`jsonb_build_object('trace', E'goroutine 1 [running]:\nfrontdesk/internal/chat.(*Clerk).Turn(0xc000123456)\n\t/src/internal/chat/turn.go:120 +0x1c4', 'error', 'runtime error: index out of range [3] with length 3')`,
		"conversations"))
	newest := l.app.Number("SELECT max(job_id) FROM letters WHERE state = 'open'")
	l.act(t, operator, fmt.Sprintf("%s/requeue?id=%d", lettersRoom, newest), nil)
	l.act(t, operator, fmt.Sprintf("%s/discard?id=%d", lettersRoom, newest-1), map[string]string{"reason": "Nobody waits for it any more"})
}
