package booking

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"gorm.io/gorm"

	outside "frontdesk/internal/calendar"
	"frontdesk/internal/redisstore"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

const (
	// readEvery is how often each calendar outside is read, by machine time.
	readEvery = 2 * time.Minute
	// readAgain is how soon one is read again of which the last reading ends too near: business time went on.
	readAgain = 10 * time.Second
	// readDays is how far ahead a calendar is read, as far as days are offered; readSlack how much of that may
	// have passed before more is wanted at once.
	readDays  = horizonDays
	readSlack = 7
)

// AskCalendars enqueues the reading of each calendar outside that is due; once, in however many processes.
// It returns how many are.
func (d *Diary) AskCalendars(ctx context.Context) (int, error) {
	if d.external.client == nil {
		return 0, nil
	}
	now, machine := d.clock.Now(), d.clock.Machine()
	var due []models.ID
	err := d.db.InTx(ctx, func(ctx context.Context) error {
		if err := d.forgetFormer(ctx); err != nil {
			return err
		}
		err := d.db.On(ctx).Raw(`INSERT INTO calendar_reads AS r (stylist_id, calendar_id, since, asked_at)
			SELECT id, calendar_id, @machine, @machine FROM stylists WHERE active AND calendar_id <> '' ORDER BY id
			ON CONFLICT (stylist_id) DO UPDATE SET asked_at = @machine
				WHERE r.asked_at <= @every OR r.asked_at <= @again AND (r.covers_from > @now OR r.covers_to < @ahead)
			RETURNING stylist_id`, map[string]any{
			"machine": machine, "every": machine.Add(-readEvery), "again": machine.Add(-readAgain),
			"now": now, "ahead": now.AddDate(0, 0, readDays-readSlack),
		}).Scan(&due).Error
		if err != nil {
			return fmt.Errorf("find calendars to read: %w", err)
		}
		for _, stylist := range due {
			if err := d.queue.Enqueue(ctx, queue.CalendarRead{StylistID: stylist}); err != nil {
				return err
			}
		}
		return nil
	})
	return len(due), err
}

// forgetFormer drops the records of calendars that their stylists no longer keep. turnTo does so too; but a
// sweep that looked before it was committed may have asked for the former one again since.
func (d *Diary) forgetFormer(ctx context.Context) error {
	err := d.db.On(ctx).Exec("DELETE FROM calendar_reads r USING stylists s WHERE s.id = r.stylist_id AND s.calendar_id <> r.calendar_id").Error
	if err != nil {
		return fmt.Errorf("forget former calendars: %w", err)
	}
	return nil
}

// reading is what a calendar said, and when it was asked.
type reading struct {
	outside.Reading
	stylist  models.ID
	calendar string
	span     models.Span
	began    time.Time // machine time
}

// ReadCalendar reads what stands in a stylist's calendar outside, and only when all of it was read, puts it in
// the place of what stood there before. Whatever fails leaves the closed time as it is.
func (d *Diary) ReadCalendar(ctx context.Context, stylist models.ID) error {
	if d.external.client == nil {
		return nil
	}
	p, err := d.settings.Policies(ctx)
	if err != nil {
		return err
	}
	var row models.CalendarRead
	err = d.db.On(ctx).Take(&row, "stylist_id = ? AND EXISTS (SELECT FROM stylists s WHERE s.id = stylist_id AND s.active AND s.calendar_id = calendar_reads.calendar_id)", stylist).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil // retired, or turned to another calendar: the sweep asks for that one
	}
	if err != nil {
		return fmt.Errorf("read calendar's record: %w", err)
	}
	today := dateOf(d.clock.Now(), p.Zone()).at(0, p.Zone())
	r := reading{stylist: stylist, calendar: row.CalendarID, span: models.Span{Start: today, End: today.AddDate(0, 0, readDays)}, began: d.clock.Machine()}
	if row.CoversFrom == nil || row.CoversTo == nil || !row.CoversFrom.Equal(r.span.Start) || !row.CoversTo.Equal(r.span.End) {
		row.Tag = "" // it speaks of another span
	}
	r.Reading, err = d.external.client.Read(ctx, r.calendar, r.span, p.Zone(), row.Tag)
	if err != nil {
		return errors.Join(fmt.Errorf("read calendar: %w", busyIsLater(err)), d.noteUnread(ctx, r, outside.Code(err)))
	}
	if err := d.db.InTx(ctx, func(ctx context.Context) error { return d.take(ctx, r) }); err != nil {
		return fmt.Errorf("take over calendar: %w", err)
	}
	return nil
}

// noteUnread keeps why a calendar was not read. The next reading reads all of it: what we could not write or take
// out meanwhile need not have changed anything there.
func (d *Diary) noteUnread(ctx context.Context, r reading, code string) error {
	if code == outside.CodeBusy {
		return nil
	}
	err := d.db.On(ctx).Model(&models.CalendarRead{}).Where("stylist_id = ? AND calendar_id = ?", r.stylist, r.calendar).
		Updates(map[string]any{"failed_at": d.clock.Machine(), "failure": code, "tag": ""}).Error
	if err != nil {
		return fmt.Errorf("note that a calendar was not read: %w", err)
	}
	return nil
}

// take puts a complete reading in the place of the one before, unless a later one has: readings of one
// calendar are taken one after the other.
func (d *Diary) take(ctx context.Context, r reading) error {
	var row models.CalendarRead
	err := d.db.On(ctx).Clauses(forUpdate()).Take(&row, "stylist_id = ? AND calendar_id = ?", r.stylist, r.calendar).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil // turned to another calendar meanwhile
	}
	if err != nil {
		return fmt.Errorf("lock calendar's record: %w", err)
	}
	if row.BeganAt != nil && row.BeganAt.After(r.began) {
		return nil
	}
	if !r.Same {
		if err := d.disown(ctx, &r); err != nil {
			return err
		}
		if err := d.replaceBlocks(ctx, r); err != nil {
			return err
		}
	}
	if err := d.putRight(ctx, r); err != nil {
		return err
	}
	row.BeganAt, row.FailedAt, row.Failure, row.Tag = &r.began, nil, "", r.Tag
	done := d.clock.Machine()
	row.ReadAt, row.CoversFrom, row.CoversTo = &done, &r.span.Start, &r.span.End
	if err := d.db.On(ctx).Select("*").Updates(&row).Error; err != nil {
		return fmt.Errorf("note that a calendar was read: %w", err)
	}
	return nil
}

// entryTime is closed time of a calendar outside, as it is compared: what is the same stays as it is.
type entryTime struct {
	entry      string
	start, end int64
	kind       models.BlockKind
	reason     string
}

func timeOf(b models.TimeBlock) entryTime {
	return entryTime{b.EntryID, b.StartsAt.UnixMicro(), b.EndsAt.UnixMicro(), b.Kind, b.Reason[models.English]}
}

// replaceBlocks makes the closed time that came from a calendar what the calendar says now. Only what differs
// is written, so that an unchanged calendar makes nobody read the salon's hours again.
func (d *Diary) replaceBlocks(ctx context.Context, r reading) error {
	var stand []models.TimeBlock
	if err := d.db.On(ctx).Find(&stand, "stylist_id = ? AND entry_id <> ''", r.stylist).Error; err != nil {
		return fmt.Errorf("read what a calendar closes: %w", err)
	}
	fresh := map[entryTime]models.TimeBlock{}
	for _, b := range d.blocksOf(r) {
		fresh[timeOf(b)] = b
	}
	var gone []models.TimeBlock
	for _, b := range stand {
		if _, stays := fresh[timeOf(b)]; stays {
			delete(fresh, timeOf(b))
		} else {
			gone = append(gone, b)
		}
	}
	if len(gone) > 0 {
		if err := d.db.On(ctx).Delete(&gone).Error; err != nil {
			return fmt.Errorf("open what a calendar no longer closes: %w", err)
		}
	}
	rows := slices.SortedFunc(maps.Values(fresh), func(a, b models.TimeBlock) int { return a.StartsAt.Compare(b.StartsAt) })
	if len(rows) > 0 {
		if err := d.db.On(ctx).CreateInBatches(&rows, 500).Error; err != nil {
			return fmt.Errorf("close what a calendar closes: %w", err)
		}
	}
	if len(gone)+len(rows) > 0 {
		d.redis.Changed(ctx, redisstore.TopicDiary, r.stylist.String())
	}
	return d.auditEntries(ctx, gone, rows)
}

// actorCalendar is who closed time that stands in a stylist's calendar outside.
const actorCalendar = "calendar"

// auditEntries records what calendars outside opened and closed, as if it had been done here. When a stylist is
// busy with things of their own is nobody's business for longer than it stands there, and what is over was not
// opened by anybody: neither is recorded.
func (d *Diary) auditEntries(ctx context.Context, gone, fresh []models.TimeBlock) error {
	now := d.clock.Now()
	counts := func(b models.TimeBlock) bool { return b.Kind != models.BlockBusy && b.EndsAt.After(now) }
	for _, b := range gone {
		if !counts(b) {
			continue
		}
		if err := d.auditBlock(ctx, "time.unblocked", actorCalendar, "", &b, nil); err != nil {
			return err
		}
	}
	for _, b := range fresh {
		if !counts(b) {
			continue
		}
		if err := d.auditBlock(ctx, "time.blocked", actorCalendar, "", nil, &b); err != nil {
			return err
		}
	}
	return nil
}

// blocksOf is what the entries of others close; our own visits have their time already.
func (d *Diary) blocksOf(r reading) []models.TimeBlock {
	var blocks []models.TimeBlock
	for _, e := range r.Entries {
		kind, reason, takes := meaning(e)
		if e.Own != nil || !takes || !e.Span.Start.Before(e.Span.End) {
			continue
		}
		blocks = append(blocks, models.TimeBlock{
			ID: models.NewID(), StylistID: &r.stylist, StartsAt: e.Span.Start, EndsAt: e.Span.End, Kind: kind, Reason: reason,
			CreatedBy: actorCalendar, EntryID: e.ID, CreatedAt: d.clock.Now(),
		})
	}
	return blocks
}

// turnTo follows a stylist to another calendar, or to none: their visits go there. What the former one closed
// stays closed until the new one is read, and is open at once where nobody keeps one any more.
func (d *Diary) turnTo(ctx context.Context, s models.Stylist) error {
	if err := d.db.On(ctx).Delete(&models.CalendarRead{}, "stylist_id = ?", s.ID).Error; err != nil {
		return fmt.Errorf("forget former calendar: %w", err)
	}
	if s.CalendarID == "" {
		if err := d.db.On(ctx).Delete(&models.TimeBlock{}, "stylist_id = ? AND entry_id <> ''", s.ID).Error; err != nil {
			return fmt.Errorf("open what the former calendar closed: %w", err)
		}
	}
	if d.external.client == nil {
		return nil
	}
	var ahead []models.ID
	err := d.db.On(ctx).Model(&models.Appointment{}).Where("stylist_id = ? AND ends_at > ?", s.ID, d.clock.Now()).Where(liveAt, d.clock.Now()).Order("starts_at, id").Pluck("id", &ahead).Error
	if err != nil {
		return fmt.Errorf("read visits for the new calendar: %w", err)
	}
	for _, id := range ahead {
		if err := d.queue.Enqueue(ctx, queue.CalendarPush{AppointmentID: id}); err != nil {
			return err
		}
	}
	return nil
}
