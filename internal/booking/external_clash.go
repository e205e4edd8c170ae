package booking

import (
	"context"
	"fmt"
	"slices"

	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/models"
)

// Clash is a visit that stands in time which a calendar outside has closed since.
type Clash struct {
	Visit
	Block models.TimeBlock // what closes it; what closes the salon goes before what takes one stylist's time
}

// Clashes lists, at most shownToday, the live holds and visits that are not over and stand in time which
// calendars outside close, of all stylists or of one, by start. Unlike when time is closed here, nobody was asked
// about them: they want a look until they are moved or cancelled, the calendar gives the time back, or somebody
// says that they stay (LetStay).
func (d *Diary) Clashes(ctx context.Context, stylist *models.ID) ([]Clash, error) {
	now := d.clock.Now()
	var found []struct{ Visit, Block models.ID }
	err := d.db.On(ctx).Raw(`SELECT DISTINCT ON (a.starts_at, a.id) a.id AS visit, b.id AS block
		FROM time_blocks b JOIN appointments a ON a.starts_at < b.ends_at AND a.ends_at > b.starts_at
			AND (a.stylist_id = b.stylist_id OR b.kind IN ('holiday', 'closed', 'vacation'))
		WHERE b.entry_id <> '' AND b.ends_at > ? AND NOT a.id = ANY(b.kept_visits) AND a.starts_at > ? AND a.ends_at > ?
			AND `+liveAt+` AND a.stylist_id = coalesce(?, a.stylist_id)
		ORDER BY a.starts_at, a.id, b.kind IN ('holiday', 'closed', 'vacation') DESC, b.starts_at LIMIT ?`,
		now, now.Add(-longestVisit), now, now, stylist, shownToday).Scan(&found).Error
	if err != nil {
		return nil, fmt.Errorf("find visits in closed time: %w", err)
	}
	var visitIDs, blockIDs []models.ID
	for _, f := range found {
		visitIDs, blockIDs = append(visitIDs, f.Visit), append(blockIDs, f.Block)
	}
	visits, err := d.Upkeep().visits(ctx, visitIDs)
	if err != nil || len(visits) == 0 {
		return nil, err
	}
	var blocks []models.TimeBlock
	if err := d.db.On(ctx).Find(&blocks, "id = ANY(CAST(? AS uuid[]))", array(blockIDs)).Error; err != nil {
		return nil, fmt.Errorf("read what closes visits' time: %w", err)
	}
	var clashes []Clash
	for _, v := range visits {
		by := blockIDs[slices.Index(visitIDs, v.ID)]
		if block, still := first(blocks, func(b models.TimeBlock) bool { return b.ID == by }); still {
			clashes = append(clashes, Clash{v, block})
		}
	}
	return clashes, nil
}

// LetStay notes that a visit stays although a calendar outside closes its time, or, when stays is false, that it
// wants a look again. It holds for that closed time as it is: an entry that is changed out there closes other
// time. Faults: those of Act.Check and booking.no_block.
func (d *Diary) LetStay(ctx context.Context, act Act, block models.ID, stays bool) (models.Appointment, error) {
	name, change := "visit.let_stay", "array_append(array_remove(kept_visits, @visit), @visit)"
	if !stays {
		name, change = "visit.stay_withdrawn", "array_remove(kept_visits, @visit)"
	}
	return d.act(ctx, name, act, false, func(ctx context.Context, a *models.Appointment) error {
		kept := d.db.On(ctx).Exec("UPDATE time_blocks SET kept_visits = "+change+" WHERE id = @block AND entry_id <> ''",
			map[string]any{"visit": a.ID, "block": block})
		if kept.Error != nil {
			return fmt.Errorf("note that a visit stays: %w", kept.Error)
		}
		if kept.RowsAffected == 0 {
			return fault.NotFound("booking.no_block")
		}
		d.redis.Changed(ctx, redisstore.TopicDiary, a.ID.String())
		return nil
	})
}
