package privacy

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	stuckAfter  = 45 * time.Minute // more than a job of an erasure takes
	againAfter  = 6 * time.Hour    // between two attempts of one that failed
	settleEvery = time.Hour        // between two looks at what money needed
	sweepMost   = 20
)

// Sweep does what erasures have left to do, and tells how many it came upon: one that nobody works on any more gets its job again, one that
// failed begins anew a few times a day, and references that money needed go once they are not needed. Safe to run twice at once.
func (o *Office) Sweep(ctx context.Context) (int, error) {
	stuck, stuckErr := o.claim(ctx, "state IN ('accepted', 'processing')", stuckAfter, func(ctx context.Context, row models.PrivacyRequest) error {
		return o.queue.Enqueue(ctx, queue.PrivacyErasure{RequestID: row.ID})
	})
	failed, failedErr := o.claim(ctx, "state = 'failed'", againAfter, o.retry)
	owing, owingErr := o.claim(ctx, "state = 'succeeded' AND settled_at IS NULL", settleEvery, o.settle)
	return stuck + failed + owing, errors.Join(stuckErr, failedErr, owingErr)
}

// claim takes erasures of a state that nothing was done with for a time, and does something with each in a transaction of its own. One where
// that fails has had its turn, and stands in nobody's way.
func (o *Office) claim(ctx context.Context, state string, idle time.Duration, do func(ctx context.Context, row models.PrivacyRequest) error) (int, error) {
	now := o.clock.Machine()
	var rows []models.PrivacyRequest
	err := o.db.On(ctx).Raw("UPDATE privacy_requests SET updated_at = @now WHERE id = ANY (ARRAY(SELECT id FROM privacy_requests WHERE kind = 'erasure' AND "+state+
		" AND updated_at <= @idle ORDER BY updated_at LIMIT @most FOR UPDATE SKIP LOCKED)) RETURNING *",
		map[string]any{"now": now, "idle": now.Add(-idle), "most": sweepMost}).Scan(&rows).Error
	if err != nil {
		return 0, fmt.Errorf("find erasures: %w", err)
	}
	for _, row := range rows {
		if wrong := o.db.InTx(ctx, func(ctx context.Context) error { return do(ctx, row) }); wrong != nil {
			err = errors.Join(err, fmt.Errorf("look after erasure %s: %w", row.ID, wrong))
		}
	}
	return len(rows), err
}

// retry lets an erasure that failed begin anew.
func (o *Office) retry(ctx context.Context, row models.PrivacyRequest) error {
	done := o.db.On(ctx).Raw("SELECT * FROM privacy_requests WHERE id = ? AND state = 'failed' FOR UPDATE", row.ID).Scan(&row)
	if done.Error != nil || done.RowsAffected == 0 {
		return done.Error // somebody asked for it meanwhile
	}
	return o.resume(ctx, &row, false, Traces{}, words{})
}

// Troubles are how many erasures need somebody to look after them.
type Troubles struct {
	Failed   int // something is left, though it is tried again a few times a day
	Chatwoot int // the contact is still known there
}

// Troubles counts them.
func (o *Office) Troubles(ctx context.Context) (t Troubles, err error) {
	err = o.db.On(ctx).Raw(`SELECT count(*) FILTER (WHERE state = 'failed') AS failed,
			count(*) FILTER (WHERE chatwoot = 'refused' OR chatwoot = 'waiting' AND created_at < ?) AS chatwoot
		FROM privacy_requests WHERE kind = 'erasure' AND (state = 'failed' OR chatwoot IN ('waiting', 'refused'))`,
		o.clock.Machine().Add(-patience)).Scan(&t).Error
	if err != nil {
		return t, fmt.Errorf("count erasures in trouble: %w", err)
	}
	return t, nil
}

// settle empties the references that money needed and does not need any more, and what was noted of it since, and notes when nothing is left.
func (o *Office) settle(ctx context.Context, row models.PrivacyRequest) error {
	var p Traces
	if err := decode(row.Subject, &p); err != nil {
		return err
	}
	args := o.about(p, words{}, row.ID)
	for _, h := range emptying() {
		if h.moves() {
			if err := o.redact(ctx, h, args); err != nil {
				return err
			}
		}
	}
	err := o.db.On(ctx).Exec(`UPDATE privacy_requests SET settled_at = @machine WHERE id = @request AND state = 'succeeded'
		AND NOT EXISTS (SELECT FROM payments WHERE `+these("id", theirPayments)+` AND (session_id IS NOT NULL OR payment_intent IS NOT NULL OR url <> '' OR state IN ('requested', 'open')))
		AND NOT EXISTS (SELECT FROM refunds r WHERE `+these("r.id", theirRefunds)+` AND (r.provider_id IS NOT NULL OR `+owing+`))`, args).Error
	if err != nil {
		return fmt.Errorf("note that an erasure is settled: %w", err)
	}
	return nil
}

// tellChatwoot has the contact deleted in Chatwoot where a conversation of theirs lies there.
func (o *Office) tellChatwoot(ctx context.Context, args map[string]any) error {
	var places []models.ChatwootPlace
	err := o.db.On(ctx).Raw("SELECT account_id, chatwoot_id FROM chatwoot_conversations WHERE "+these("conversation_id", theirTalks)+" ORDER BY conversation_id", args).Scan(&places).Error
	if err != nil {
		return fmt.Errorf("find what lies in Chatwoot: %w", err)
	}
	for _, at := range places {
		if err := o.queue.Enqueue(ctx, queue.PrivacyChatwoot{RequestID: args["request"].(models.ID), AccountID: at.AccountID, ChatwootID: at.ChatwootID}); err != nil {
			return err
		}
	}
	if len(places) == 0 {
		return nil
	}
	if err := o.db.On(ctx).Exec("UPDATE privacy_requests SET chatwoot = 'waiting' WHERE id = @request", args).Error; err != nil {
		return fmt.Errorf("note that Chatwoot is to be told: %w", err)
	}
	return nil
}

// Past is an erasure by ids alone, as it is kept beside backups (R-1018).
type Past struct {
	Request models.ID       `json:"request"`
	At      time.Time       `json:"at"`
	Actor   string          `json:"actor"`
	Subject json.RawMessage `json:"subject"`
}

// List tells every erasure that was taken on, oldest first.
func (o *Office) List(ctx context.Context) ([]Past, error) {
	past := []Past{}
	err := o.db.On(ctx).Raw(`SELECT id AS request, created_at AS at, actor, subject FROM privacy_requests WHERE kind = 'erasure' AND state <> 'not_implemented' ORDER BY id`).Scan(&past).Error
	if err != nil {
		return nil, fmt.Errorf("list erasures: %w", err)
	}
	return past, nil
}

// Again takes an erasure on that an older backup does not know, under its own id: what came after it, of whoever has the phone since, stays.
// Whoever staff had confirmed then needs no confirmation now. done is false where it is known.
func (o *Office) Again(ctx context.Context, past Past) (done bool, err error) {
	for range tries {
		err = o.db.InTx(ctx, func(ctx context.Context) (err error) {
			done, err = o.again(ctx, past)
			return err
		})
		if !errors.Is(err, errMoved) && !database.Deadlocked(err) {
			break
		}
	}
	return done && err == nil, err
}

func (o *Office) again(ctx context.Context, past Past) (done bool, err error) {
	if _, err := o.request(ctx, past.Request); !fault.Is(err, "privacy.no_request") {
		return false, err
	}
	who, seen, w, err := o.restored(ctx, past)
	if err != nil || len(seen.Customers)+len(seen.Contacts)+len(seen.Addresses)+len(seen.Typed)+len(who.Said) == 0 {
		return false, err
	}
	if err := o.inbox.Forget(ctx, w.Senders, past.Request); err != nil {
		return false, err
	}
	if err := o.hold(ctx, seen); err != nil {
		return false, err
	}
	who, p, w, err := o.restored(ctx, past) // as it is under the locks
	if err == nil && !p.same(seen) {
		err = errMoved
	}
	if err != nil {
		return false, err
	}
	ask := asked{id: past.Request, at: past.At, kind: models.RequestErasure, state: models.RequestAccepted, action: actAsked, confirmed: true, actor: past.Actor, said: who.Said}
	_, err = o.begin(ctx, ask, p, w)
	return err == nil, err
}

// restored is what a restored database knows of somebody on the list: what is listed, and what leads to the same phones and was there before
// the erasure.
func (o *Office) restored(ctx context.Context, past Past) (who subject, p Traces, w words, err error) {
	if who, err = o.known(ctx, past.Subject); err != nil {
		return who, p, w, err
	}
	if w, err = o.wordsOf(ctx, who.Traces, ""); err != nil {
		return who, p, w, err
	}
	var phones []string
	err = o.db.On(ctx).Raw(`SELECT address FROM contacts WHERE id IN @contacts AND `+onChannels+` AND address LIKE '+%'
			UNION SELECT phone FROM addresses WHERE id IN @typed AND phone <> ''
			UNION SELECT phone FROM consents WHERE id IN @said AND phone IS NOT NULL ORDER BY 1`,
		map[string]any{"contacts": who.Contacts, "typed": who.Typed, "said": who.Said}).Scan(&phones).Error
	if err != nil {
		return who, p, w, fmt.Errorf("find phones of the listed: %w", err)
	}
	w.Phones = both(w.Phones, phones)
	found := Traces{Customers: who.Customers}
	if err := o.rest(ctx, &found, &w); err != nil {
		return who, p, w, err
	}
	p = who.Traces.and(found)
	for _, ids := range []*[]models.ID{&p.Contacts, &p.Addresses, &p.Sessions, &p.Typed} {
		*ids = slices.DeleteFunc(*ids, func(id models.ID) bool { return bytes.Compare(id[:], past.Request[:]) > 0 })
	}
	return who, p, w, nil
}

// known are those of a list's ids that there are: the backup may be older than they.
func (o *Office) known(ctx context.Context, listed json.RawMessage) (who subject, err error) {
	if err := decode(listed, &who); err != nil {
		return who, err
	}
	for _, kind := range []struct {
		table string
		ids   *[]models.ID
	}{{"customers", &who.Customers}, {"contacts", &who.Contacts}, {"addresses", &who.Addresses}, {"addresses", &who.Typed}, {"shop_sessions", &who.Sessions}, {"consents", &who.Said}} {
		var there []models.ID
		if err := o.db.On(ctx).Raw("SELECT id FROM "+kind.table+" WHERE id IN ?", *kind.ids).Scan(&there).Error; err != nil {
			return who, fmt.Errorf("find listed %s: %w", kind.table, err)
		}
		*kind.ids = slices.DeleteFunc(*kind.ids, func(id models.ID) bool { return !slices.Contains(there, id) })
	}
	return who, nil
}

// ToldChatwoot notes whether Chatwoot deleted a contact; one that it refuses to delete stays so for people to see to.
func (o *Office) ToldChatwoot(ctx context.Context, request models.ID, deleted bool) error {
	state := "refused"
	if deleted {
		state = "deleted"
	}
	err := o.db.On(ctx).Exec("UPDATE privacy_requests SET chatwoot = ? WHERE id = ? AND chatwoot <> 'refused'", state, request).Error
	if err != nil {
		return fmt.Errorf("note what Chatwoot said: %w", err)
	}
	return nil
}
