package letters

import (
	"context"
	"fmt"
	"sort"
	"strings"

	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Reasons why a job does not come back. They end translation keys: letters.why.gone.
const (
	whyKind  = "kind"  // there is no such kind of job any more
	whyArgs  = "args"  // what it is to work on is not named
	whyGone  = "gone"  // what it is to work on is not there any more
	whyDone  = "done"  // it is done already, or over
	whyMoved = "moved" // it is not a dead letter any more, or has died again since
)

// subject is what jobs of a kind work on: the argument that names it, its table, and when there is nothing left to do.
type subject struct{ arg, table, done string }

// subjects are those of each kind; where there are several, the first that a job names counts.
func subjects() map[string][]subject {
	only := func(arg, table, done string) []subject { return []subject{{arg, table, done}} }
	// To somebody who is erased nothing is said any more.
	talk, visit := only("conversation_id", "conversations", "EXISTS (SELECT FROM contacts k WHERE k.id = s.contact_id AND k.address LIKE '"+models.AddressErased+"%')"), only("appointment_id", "appointments", "")
	return map[string][]subject{
		// An event that failed too often was given up, so that later ones could go on; tried again, it has its effect.
		queue.InboxEvent{}.Kind():     only("event_id", "provider_events", "s.processed_at IS NOT NULL AND s.outcome <> 'failed'"),
		queue.PaymentEvent{}.Kind():   only("event_id", "provider_events", "s.processed_at IS NOT NULL"),
		queue.ChatTurn{}.Kind():       talk,
		queue.Tell{}.Kind():           talk,
		queue.Flush{}.Kind():          talk,
		queue.ChatwootStatus{}.Kind(): talk,
		queue.StylistNotice{}.Kind():  visit,
		queue.CalendarPush{}.Kind():   visit,
		queue.PaymentVoid{}.Kind():    append(only("order_id", "orders", ""), visit...),
		queue.CaseNotice{}.Kind():     only("case_id", "cases", "s.status = 'resolved'"),
		queue.NoticeSend{}.Kind():     only("notice_id", "notices", "s.reached_at IS NOT NULL"),
		queue.PaymentSession{}.Kind(): only("payment_id", "payments", "s.state <> 'requested'"),
		queue.RefundSend{}.Kind():     only("refund_id", "refunds", "s.state <> 'pending' OR s.method <> 'card' OR s.provider_id IS NOT NULL"),
		queue.PhoneCode{}.Kind():      only("code_id", "phone_codes", "s.sent_at IS NOT NULL OR s.expires_at <= now()"),
		queue.CalendarRead{}.Kind():   only("stylist_id", "stylists", ""),
		queue.CatalogueSync{}.Kind():  only("run_id", "feed_runs", "s.state <> 'running'"),
		queue.ReturnPhoto{}.Kind():    only("photo_id", "return_photos", "s.state <> 'waiting'"),
		queue.Reconcile{}.Kind():      only("run_id", "reconciliations", "s.state <> 'running'"),
		queue.LettersBack{}.Kind():    only("run_id", "letter_runs", "s.state <> 'running'"),
	}
}

// refusal is an expression of SQL on a job j: why it does not come back, or nothing.
func refusal() string {
	var b strings.Builder
	b.WriteString("CASE j.kind")
	all := subjects()
	kinds := make([]string, 0, len(all))
	for kind := range all {
		kinds = append(kinds, kind)
	}
	sort.Strings(kinds)
	for _, kind := range kinds {
		fmt.Fprintf(&b, " WHEN '%s' THEN CASE", kind)
		for _, s := range all[kind] {
			// The shape is looked at first: a cast of what is no id would fail.
			fmt.Fprintf(&b, " WHEN j.args->>'%s' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN CASE", s.arg)
			id := fmt.Sprintf("s.id = CAST(j.args->>'%s' AS uuid)", s.arg)
			fmt.Fprintf(&b, " WHEN NOT EXISTS (SELECT FROM %s s WHERE %s) THEN '%s'", s.table, id, whyGone)
			if s.done != "" {
				fmt.Fprintf(&b, " WHEN EXISTS (SELECT FROM %s s WHERE %s AND (%s)) THEN '%s'", s.table, id, s.done, whyDone)
			}
			b.WriteString(" ELSE '' END")
		}
		fmt.Fprintf(&b, " ELSE '%s' END", whyArgs)
	}
	fmt.Fprintf(&b, " WHEN '%s' THEN CASE WHEN jsonb_typeof(j.args->'audit_id') IS DISTINCT FROM 'number' THEN '%s' ELSE '' END", queue.Replay{}.Kind(), whyArgs)
	fmt.Fprintf(&b, " WHEN '%s' THEN '%s' WHEN '%s' THEN '%s' ELSE '%s' END", queue.Sweep{}.Kind(), whyDone, queue.ReconcileWatch{}.Kind(), whyDone, whyKind)
	return b.String()
}

// stays is the fault of a job that does not come back.
func stays(why string) error {
	key := "letters.why." + why
	return fault.Ineligible(key)
}

// Plan is what bringing back would do, without doing it.
type Plan struct {
	Back    int            // come back
	Refused map[string]int // stay, by why
}

// Plan tries what bringing back the letters of a filter would do, and changes nothing.
func (t *Tray) Plan(ctx context.Context, f Filter) (Plan, error) {
	w := lettersOf(f)
	var rows []struct {
		Why string
		N   int
	}
	err := t.db.On(ctx).Raw(`SELECT why, count(*) AS n FROM (SELECT `+refusal()+` AS why FROM letters l JOIN river_job j ON j.id = l.job_id AND j.state = 'discarded'
		WHERE `+w.String()+`) judged GROUP BY why`, w.values()...).Scan(&rows).Error
	if err != nil {
		return Plan{}, fmt.Errorf("plan to bring dead letters back: %w", err)
	}
	p := Plan{Refused: map[string]int{}}
	for _, r := range rows {
		if r.Why == "" {
			p.Back = r.N
		} else {
			p.Refused[r.Why] = r.N
		}
	}
	return p, nil
}
