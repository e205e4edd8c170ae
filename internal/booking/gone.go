package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"frontdesk/models"
)

// Gone are those of the starts offered in a conversation that it could not have any more: too soon by now,
// taken by others, or in time that was closed since. moving is the visit for which a new time was looked for;
// nil: none. Nothing is locked: who chooses a time is answered again.
func (d *Diary) Gone(ctx context.Context, conversation models.ID, moving *models.ID, offered []Slot) ([]Slot, error) {
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return nil, err
	}
	type start struct {
		N       int       `json:"n"`
		Stylist models.ID `json:"stylist"`
		Starts  time.Time `json:"starts"`
		Ends    time.Time `json:"ends"`
	}
	starts := make([]start, len(offered))
	for i, o := range offered {
		starts[i] = start{i, o.StylistID, o.Span.Start, o.Span.End}
	}
	list, err := json.Marshal(starts)
	if err != nil {
		return nil, fmt.Errorf("write offered times: %w", err)
	}
	var taken []int
	err = d.db.On(ctx).Raw(`SELECT o.n FROM jsonb_to_recordset(CAST(@offered AS jsonb)) AS o(n int, stylist uuid, starts timestamptz, ends timestamptz)
		WHERE EXISTS (SELECT FROM appointments a WHERE a.stylist_id = o.stylist AND tstzrange(a.starts_at, a.ends_at) && tstzrange(o.starts, o.ends)
				AND a.status IN ('provisional', 'confirmed', 'reschedule_pending') AND (a.status <> 'provisional' OR a.hold_expires_at > @now)
				AND (a.status <> 'provisional' OR a.conversation_id IS DISTINCT FROM @conversation)
				AND a.id IS DISTINCT FROM CAST(@moving AS uuid))
			OR EXISTS (SELECT FROM time_blocks b WHERE (b.stylist_id IS NULL OR b.stylist_id = o.stylist)
				AND tstzrange(b.starts_at, b.ends_at) && tstzrange(o.starts, o.ends))`,
		map[string]any{"offered": string(list), "now": d.clock.Now(), "conversation": conversation, "moving": moving}).Scan(&taken).Error
	if err != nil {
		return nil, fmt.Errorf("look at offered times: %w", err)
	}
	soonest := d.clock.Now().Add(lead(p))
	var gone []Slot
	for i, o := range offered {
		if slices.Contains(taken, i) || o.Span.Start.Before(soonest) {
			gone = append(gone, o)
		}
	}
	return gone, nil
}
