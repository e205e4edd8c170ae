package privacy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	stuckAfter  = 45 * time.Minute // more than a job of an erasure takes
	settleEvery = time.Hour        // between two looks at what money needed
	sweepMost   = 20
)

// Sweep does what erasures have left to do, and tells how many it came upon: one that nobody works on any more gets its job again, and
// references that money needed go once they are not needed. Safe to run twice at once.
func (o *Office) Sweep(ctx context.Context) (int, error) {
	stuck, err := o.claim(ctx, "state IN ('accepted', 'processing')", stuckAfter, func(ctx context.Context, row models.PrivacyRequest) error {
		return o.queue.Enqueue(ctx, queue.PrivacyErasure{RequestID: row.ID})
	})
	if err != nil {
		return stuck, err
	}
	owing, err := o.claim(ctx, "state = 'succeeded' AND settled_at IS NULL", settleEvery, o.settle)
	return stuck + owing, err
}

// claim takes erasures of a state that nothing was done with for a time, each in a transaction of its own, and does something with each.
func (o *Office) claim(ctx context.Context, state string, idle time.Duration, do func(ctx context.Context, row models.PrivacyRequest) error) (done int, err error) {
	for done < sweepMost && err == nil {
		var row models.PrivacyRequest
		err = o.db.InTx(ctx, func(ctx context.Context) error {
			now := o.clock.Machine()
			err := o.db.On(ctx).Raw("UPDATE privacy_requests SET updated_at = ? WHERE id = ANY (ARRAY(SELECT id FROM privacy_requests WHERE kind = 'erasure' AND "+state+
				" AND updated_at <= ? ORDER BY updated_at LIMIT 1 FOR UPDATE SKIP LOCKED)) RETURNING *", now, now.Add(-idle)).Scan(&row).Error
			if err != nil {
				return fmt.Errorf("find erasures: %w", err)
			}
			if row.ID == (models.ID{}) {
				return nil
			}
			return do(ctx, row)
		})
		if row.ID == (models.ID{}) {
			return done, err
		}
		done++
	}
	return done, err
}

// settle empties the references that money needed and does not need any more, and notes when none is left.
func (o *Office) settle(ctx context.Context, row models.PrivacyRequest) error {
	var p Traces
	if err := decode(row.Subject, &p); err != nil {
		return err
	}
	args := o.about(p, words{}, row.ID)
	for _, h := range emptying() {
		if h.table == "payments" || h.table == "refunds" {
			if err := o.redact(ctx, h, args); err != nil {
				return err
			}
		}
	}
	err := o.db.On(ctx).Exec(`UPDATE privacy_requests SET settled_at = @machine WHERE id = @request
		AND NOT EXISTS (SELECT FROM payments WHERE `+these("id", theirPayments)+` AND (session_id IS NOT NULL OR payment_intent IS NOT NULL OR url <> '' OR state IN ('requested', 'open')))
		AND NOT EXISTS (SELECT FROM refunds WHERE `+these("payment_id", theirPayments)+` AND (provider_id IS NOT NULL OR state = 'pending'))`, args).Error
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
	err = o.db.InTx(ctx, func(ctx context.Context) error {
		if _, err := o.request(ctx, past.Request); !fault.Is(err, "privacy.no_request") {
			return err
		}
		p, err := o.known(ctx, past.Subject)
		if err != nil || len(p.Customers)+len(p.Contacts)+len(p.Addresses)+len(p.Typed) == 0 {
			return err
		}
		if err := o.hold(ctx, p); err != nil {
			return err
		}
		w, err := o.wordsOf(ctx, p, "")
		if err != nil {
			return err
		}
		found := p // the restored rows may know more of the person than the list
		if err := o.rest(ctx, &found, &w); err != nil {
			return err
		}
		ask := asked{id: past.Request, at: past.At, kind: models.RequestErasure, state: models.RequestAccepted, action: actAsked, confirmed: true, actor: past.Actor}
		_, err = o.begin(ctx, ask, p.and(found), w)
		done = err == nil
		return err
	})
	return done, err
}

// known are those of a list's ids that there are: the backup may be older than they.
func (o *Office) known(ctx context.Context, subject json.RawMessage) (p Traces, err error) {
	if err := decode(subject, &p); err != nil {
		return p, err
	}
	for table, ids := range map[string]*[]models.ID{"customers": &p.Customers, "contacts": &p.Contacts, "addresses": &p.Addresses, "shop_sessions": &p.Sessions} {
		listed := *ids
		var there []models.ID
		if err := o.db.On(ctx).Raw("SELECT id FROM "+table+" WHERE id IN ?", listed).Scan(&there).Error; err != nil {
			return p, fmt.Errorf("find listed %s: %w", table, err)
		}
		*ids = slices.DeleteFunc(listed, func(id models.ID) bool { return !slices.Contains(there, id) })
	}
	return p, nil
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
