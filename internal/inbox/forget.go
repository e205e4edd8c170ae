package inbox

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"gorm.io/gorm"

	"frontdesk/models"
)

// OutcomeErased marks an event about somebody who is erased: nothing of what it said is kept.
const OutcomeErased = "erased"

// OutcomeUnknown marks a status of no message that we know. It may be that of somebody who is erased, and nothing of it is kept.
const OutcomeUnknown = "unknown"

// ForgottenID is what becomes of an event's id, which may tell a phone, in SQL: the same event that comes again is known by it.
const ForgottenID = `CASE WHEN event_id LIKE 'erased:%' THEN event_id ELSE 'erased:' || encode(sha256(convert_to(event_id, 'UTF8')), 'hex') END`

// forgotten is ForgottenID of an id.
func forgotten(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "erased:" + hex.EncodeToString(sum[:])
}

// forgets tells whether nothing of an event is kept: it is about somebody who is erased, or may be.
func forgets(e models.ProviderEvent, outcome string) bool {
	switch e.Kind {
	case models.EventStatus:
		return outcome == OutcomeUnknown || outcome == OutcomeErased
	case models.EventPlace:
		return outcome == "ignored" || outcome == OutcomeErased // of no conversation that we know
	default:
		return outcome == OutcomeErased
	}
}

// emptied are the columns of an event of which nothing is kept.
func emptied(columns map[string]any) map[string]any {
	columns["payload"], columns["sender"], columns["event_id"] = gorm.Expr("'{}'::jsonb"), "", gorm.Expr(ForgottenID)
	return columns
}

// Forget ends what is still to be processed of senders and came before an id, without effect, and keeps nothing of it. Whoever works
// on an event of theirs is waited for, and nobody begins another until the transaction on the context ends.
func (b *Inbox) Forget(ctx context.Context, senders []string, before models.ID) error {
	senders = slices.Compact(slices.Sorted(slices.Values(senders)))
	for _, provider := range []models.Provider{models.ProviderChatwoot, models.ProviderWhatsApp} {
		for _, sender := range senders {
			if err := b.db.On(ctx).Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", string(provider)+"/"+sender).Error; err != nil {
				return fmt.Errorf("wait for who has a sender: %w", err)
			}
		}
	}
	names, err := json.Marshal(senders)
	if err != nil || len(senders) == 0 {
		return err
	}
	err = b.db.On(ctx).Model(&models.ProviderEvent{}). // the index knows the references of an event, its sender among them
								Where("event_refs(sender, payload) && ARRAY(SELECT jsonb_array_elements_text(?::jsonb)) AND sender IN ?", string(names), senders).
								Where("provider IN ? AND id < ? AND (processed_at IS NULL OR outcome = ?)", []models.Provider{models.ProviderChatwoot, models.ProviderWhatsApp}, before, OutcomeFailed).
								UpdateColumns(emptied(map[string]any{"processed_at": b.clock.Now(), "outcome": OutcomeErased})).Error
	if err != nil {
		return fmt.Errorf("forget events: %w", err)
	}
	return nil
}
