package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// HoldRequest says what to hold, for whom and when.
type HoldRequest struct {
	// ConversationID is where the customer talks to us; nil for a booking made by staff.
	ConversationID         *models.ID
	CustomerID, BookedByID models.ID
	ForName                string // who will come, when it is not the customer
	StylistID              models.ID
	// PackID books a pack with all it contains; ServiceIDs may then name some of it or be empty, and what
	// they name besides is booked with it at its own price.
	PackID     *models.ID
	ServiceIDs []models.ID
	StartsAt   time.Time
	Actor      string // "customer", "staff:<id>"
	// Staff is set for what a person of the salon books; nil for a customer's own choice.
	Staff *StaffHold
}

// StaffHold is what staff may do beyond a customer's choice: start inside the lead time, though never in
// the past, and ask for no deposit. What they do is audited, and a refusal tells them what is in the way.
type StaffHold struct {
	WithoutDeposit bool       // confirmed at once; needs a reason
	Own            *models.ID // as in Act
	Reason         string     // as in Act
}

// Hold takes a slot. With a deposit to pay it is provisional until HoldExpiresAt;
// without one it is confirmed at once, with all that follows from that. The
// conversation's earlier hold is released in the same transaction, and stays untouched when
// Hold fails, and beside a visit that staff have confirmed at once. The policies in force are frozen on the appointment.
//
// Faults: booking.slot_taken, booking.too_soon, booking.closed, booking.mixed_categories,
// booking.unknown_service, booking.wrong_stylist; for staff booking.past in place of booking.too_soon,
// booking.stylist_away (Obstacles tells more about both), booking.not_yours, booking.hold_elsewhere and those of a reason.
func (d *Diary) Hold(ctx context.Context, r HoldRequest) (models.Appointment, error) {
	var a models.Appointment
	ctx, err := d.ready(ctx)
	if err != nil {
		return a, fmt.Errorf("hold slot: %w", err)
	}
	err = d.db.InTx(ctx, func(ctx context.Context) error {
		if err := d.stillFree(ctx, r); err != nil { // in the transaction: who waits for a connection looks later
			return err
		}
		p, err := d.settings.Policies(ctx)
		if err != nil {
			return err
		}
		if err := r.Staff.allowed(r.StylistID); err != nil {
			return err
		}
		if a, err = d.draft(ctx, r, p); err != nil {
			return err
		}
		if err := d.makeRoom(ctx, r, a, p); err != nil {
			return err
		}
		return d.insert(ctx, &a, r, p)
	})
	if err != nil {
		return models.Appointment{}, fmt.Errorf("hold slot: %w", asTaken(err))
	}
	return a, nil
}

// ready pins the context and has what is kept at hand before a transaction begins: inside, it would have to
// be read from the tables. In a transaction that is not pinned there is nothing to be ready with.
func (d *Diary) ready(ctx context.Context) (context.Context, error) {
	if database.InTransaction(ctx) {
		return ctx, nil
	}
	ctx, err := d.db.Pin(ctx)
	if err != nil {
		return ctx, err
	}
	if _, err := d.settings.Policies(ctx); err != nil {
		return ctx, err
	}
	if _, err := d.kept.menu.Of(ctx); err != nil {
		return ctx, err
	}
	_, err = d.kept.times.Of(ctx)
	return ctx, err
}

// draft is the appointment as it would be, from today's menu and policies.
func (d *Diary) draft(ctx context.Context, r HoldRequest, p settings.Policies) (models.Appointment, error) {
	menu, err := d.Menu(ctx)
	if err != nil {
		return models.Appointment{}, err
	}
	o, err := menu.order(r)
	if err != nil {
		return models.Appointment{}, err
	}
	stylist, ok := menu.Stylist(r.StylistID)
	if !ok || !stylist.Does(o.category) {
		return models.Appointment{}, fault.Conflict("booking.wrong_stylist")
	}
	now := d.clock.Now().Truncate(time.Microsecond) // what the database keeps
	if err := r.inTime(now, p); err != nil {
		return models.Appointment{}, err
	}
	a := models.Appointment{
		ID: models.NewID(), StylistID: r.StylistID, CustomerID: r.CustomerID, BookedByID: r.BookedByID,
		ConversationID: r.ConversationID, PackID: r.PackID, ForName: r.ForName,
		StartsAt: r.StartsAt, EndsAt: r.StartsAt.Add(minutes(o.minutes)),
		TotalMinor: o.minor, Currency: o.currency, DepositState: models.DepositNone,
		Terms: terms(p, onSameDay(now, r.StartsAt, p.Zone())), CreatedAt: now, UpdatedAt: now,
	}
	a.Lines = o.lines(a.ID)
	a.Status = models.Confirmed
	if p.DepositsEnabled && !r.Staff.waives() {
		a.DepositMinor = o.deposit(p.DepositPercent)
	}
	if a.DepositMinor > 0 {
		expires := now.Add(minutes(a.Terms.HoldMinutes))
		a.Status, a.DepositState, a.HoldExpiresAt = models.Provisional, models.DepositPending, &expires
	}
	return a, nil
}

func terms(p settings.Policies, sameDay bool) models.Terms {
	t := models.Terms{
		DepositPercent: p.DepositPercent, HoldMinutes: p.HoldMinutes, HoldWarnBeforeMinutes: p.HoldWarnBeforeMinutes,
		CancelRefundHours: p.CancelRefundHours, CancelStaffOnlyHours: p.CancelStaffOnlyHours, SameDay: sameDay,
	}
	if sameDay {
		t.HoldMinutes = p.HoldMinutesSameDay
	}
	return t
}

// makeRoom takes the locks and makes room: lapsed holds of the stylist expire, the conversation's
// earlier hold is released where the new visit replaces it, and the salon and the stylist must be there for the whole visit.
func (d *Diary) makeRoom(ctx context.Context, r HoldRequest, visit models.Appointment, p settings.Policies) error {
	if err := d.lockPeople(ctx, r.ConversationID, r.CustomerID); err != nil {
		return err
	}
	if err := d.lockStylists(ctx, stylistsOf{conversation: r.ConversationID}, &r.StylistID); err != nil {
		return err
	}
	now, err := d.stands(ctx, r, visit.Span())
	if err != nil {
		return err
	}
	if now.Taken && r.Staff == nil { // whoever had the lock before us took it
		return fault.Conflict("booking.slot_taken")
	}
	if now.Lapsed {
		if err := d.expireLapsed(ctx, r.StylistID); err != nil {
			return err
		}
	}
	if now.Earlier && r.replaces(visit.Status) {
		if err := d.releaseEarlier(ctx, r); err != nil {
			return err
		}
	}
	if !now.Works {
		return fault.Conflict("booking.slot_taken")
	}
	ctx = database.RaisePin(ctx, now.Edition)
	if r.Staff != nil {
		return d.mustFit(ctx, spot{r.StylistID, visit.Span()}, nil, p.Zone())
	}
	return d.isOpen(ctx, r.StylistID, visit.Span(), p.Zone(), now.Closed)
}

// slotFacts is how things stand around a slot, once the locks are taken.
type slotFacts struct {
	Taken   bool  // as in stillFree
	Lapsed  bool  // the stylist has holds whose time is up
	Earlier bool  // the conversation holds another time
	Works   bool  // the stylist works here still
	Closed  bool  // there is closed time, somebody's or the salon's, at that time
	Edition int64 // of the salon's own data
}

// stands asks all that a hold must know under its locks, in one trip; what is not so needs no other.
func (d *Diary) stands(ctx context.Context, r HoldRequest, visit models.Span) (now slotFacts, err error) {
	err = d.db.On(ctx).Raw(`SELECT EXISTS (`+inTheSlot+`) AS taken,
		EXISTS (SELECT FROM appointments WHERE stylist_id = @stylist AND status = 'provisional' AND hold_expires_at <= @now) AS lapsed,
		EXISTS (SELECT FROM appointments WHERE conversation_id = @conversation AND status = 'provisional') AS earlier,
		EXISTS (SELECT FROM stylists WHERE id = @stylist AND active) AS works,
		EXISTS (SELECT FROM time_blocks WHERE tstzrange(starts_at, ends_at) && tstzrange(@start, @end)) AS closed,
		`+database.EditionInForce+` AS edition`, d.slotArgs(r, visit.End)).Scan(&now).Error
	if err != nil {
		return now, fmt.Errorf("look around the slot: %w", err)
	}
	return now, nil
}

// stillFree refuses a customer at once, with booking.slot_taken, when the start has somebody else's visit
// or a hold that runs: of a crowd that wants one slot few then queue for its locks. It decides
// nothing in favour of anybody, which the exclusion constraint alone does. Staff are told what is in the
// way instead.
func (d *Diary) stillFree(ctx context.Context, r HoldRequest) error {
	if r.Staff != nil {
		return nil
	}
	var taken bool
	err := d.db.On(ctx).Raw("SELECT EXISTS ("+inTheSlot+")", d.slotArgs(r, r.StartsAt)).Scan(&taken).Error
	if err != nil {
		return fmt.Errorf("look at the slot: %w", err)
	}
	if taken {
		return fault.Conflict("booking.slot_taken")
	}
	return nil
}

// inTheSlot finds what has a start: somebody else's visit, or a hold that runs.
const inTheSlot = `SELECT FROM appointments WHERE stylist_id = @stylist
	AND tstzrange(starts_at, ends_at) @> CAST(@start AS timestamptz) AND status IN ('provisional', 'confirmed', 'reschedule_pending')
	AND (status <> 'provisional' OR hold_expires_at > @now)
	AND (CAST(@conversation AS uuid) IS NULL OR conversation_id IS DISTINCT FROM @conversation)`

func (d *Diary) slotArgs(r HoldRequest, end time.Time) map[string]any {
	return map[string]any{"stylist": r.StylistID, "start": r.StartsAt, "end": end, "now": d.clock.Now(), "conversation": r.ConversationID}
}

// inTime checks how soon the visit begins: customers must leave the salon its lead time.
func (r HoldRequest) inTime(now time.Time, p settings.Policies) error {
	if r.Staff != nil {
		return notPast(r.StartsAt, now)
	}
	if r.StartsAt.Before(now.Add(lead(p))) {
		return fault.Conflict("booking.too_soon")
	}
	return nil
}

// allowed checks what a person of the salon wants; a customer's choice needs no permission.
func (s *StaffHold) allowed(stylist models.ID) error {
	if s == nil {
		return nil
	}
	if err := owns(s.Own, stylist); err != nil {
		return err
	}
	return checkReason(s.Reason, s.WithoutDeposit)
}

func (s *StaffHold) waives() bool { return s != nil && s.WithoutDeposit }

func (s *StaffHold) reason() string {
	if s == nil {
		return ""
	}
	return s.Reason
}

// mustBeOpen checks hours, closures, days off and breaks. Faults: booking.closed when the salon is
// not open for the whole span, booking.slot_taken when only the stylist is away, or works here no more.
func (d *Diary) mustBeOpen(ctx context.Context, stylist models.ID, visit models.Span, zone *time.Location) error {
	if err := d.mustWork(ctx, stylist); err != nil {
		return err
	}
	return d.isOpen(ctx, stylist, visit, zone, true)
}

// isOpen is mustBeOpen for a stylist who works here; closed tells whether any closed time touches the visit.
func (d *Diary) isOpen(ctx context.Context, stylist models.ID, visit models.Span, zone *time.Location, closed bool) error {
	var blocks []models.TimeBlock
	if closed {
		var err error
		if blocks, err = d.Blocks(ctx, visit.Start, visit.End); err != nil {
			return err
		}
	}
	cal, err := d.opened(ctx, visit, zone, blocks)
	if err != nil {
		return err
	}
	day := dateOf(visit.Start, zone)
	if !covers(cal.salonWindows(day), visit) {
		return fault.Conflict("booking.closed")
	}
	if !covers(cal.windows(day, stylist), visit) {
		return fault.Conflict("booking.slot_taken")
	}
	return nil
}

// replaces tells whether the request takes the place of the conversation's hold. Customers choose one time
// at a time. What staff book and confirm at once stands beside it; a second hold cannot.
func (r HoldRequest) replaces(becomes models.AppointmentStatus) bool {
	return r.ConversationID != nil && (r.Staff == nil || becomes == models.Provisional)
}

// releaseEarlier releases the hold that a new choice of the same conversation replaces, all of a
// group's holds when it is one of these. Fault: booking.hold_elsewhere for one that
// runs in the diary of somebody else than the one stylist for whom the actor may act.
func (d *Diary) releaseEarlier(ctx context.Context, r HoldRequest) error {
	var earlier []models.Appointment
	err := d.db.On(ctx).Clauses(forUpdate()).Order("id").
		Find(&earlier, "conversation_id = ? AND status = ?", *r.ConversationID, models.Provisional).Error
	if err != nil {
		return fmt.Errorf("read earlier hold: %w", err)
	}
	for _, a := range earlier {
		if r.Staff != nil && owns(r.Staff.Own, a.StylistID) != nil && a.HoldExpiresAt.After(d.clock.Now()) {
			return fault.Conflict("booking.hold_elsewhere")
		}
	}
	for i := range earlier {
		if ended(earlier[:i], earlier[i]) {
			continue
		}
		if err := d.release(ctx, &earlier[i], r.Actor, ReasonReplaced); err != nil {
			return err
		}
	}
	return nil
}

// ended tells whether a hold ended with another one of its group.
func ended(before []models.Appointment, a models.Appointment) bool {
	return a.GroupID != nil && slices.ContainsFunc(before, func(b models.Appointment) bool {
		return b.GroupID != nil && *b.GroupID == *a.GroupID
	})
}

// insert writes the appointment and what follows from it when nothing is due.
func (d *Diary) insert(ctx context.Context, a *models.Appointment, r HoldRequest, p settings.Policies) error {
	if err := d.enter(ctx, a, r); err != nil || a.Status != models.Confirmed {
		return err
	}
	return d.afterConfirmation(ctx, *a, p.Zone())
}

// enter writes the appointment, its lines and its first event; the exclusion constraint decides.
func (d *Diary) enter(ctx context.Context, a *models.Appointment, r HoldRequest) error {
	if err := d.db.On(ctx).Omit("Lines").Create(a).Error; err != nil {
		return fmt.Errorf("insert appointment: %w", err)
	}
	if err := d.db.On(ctx).Create(&a.Lines).Error; err != nil {
		return fmt.Errorf("insert lines: %w", err)
	}
	c := change{status: a.Status, deposit: a.DepositState, actor: r.Actor, reason: ReasonHeld, note: r.Staff.reason()}
	if a.Status == models.Confirmed {
		c.reason = ReasonNoDeposit
	}
	if _, err := d.record(ctx, models.Appointment{ID: a.ID, DepositState: models.DepositNone}, c); err != nil {
		return err
	}
	if r.Staff != nil {
		if err := d.audit(ctx, "visit.held", Act{ID: a.ID, Actor: r.Actor, Reason: r.Staff.Reason}, nil, a); err != nil {
			return err
		}
	}
	d.redis.Changed(ctx, redisstore.TopicDiary, a.ID.String())
	return d.mirror(ctx, models.Appointment{}, *a)
}
