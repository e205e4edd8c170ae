package handlers

import (
	"context"
	"slices"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// visitAct is something staff do to a visit, at /console/diary/visits/:id/<name>. Its texts lie under
// diary.<name>: the rules decide whether it may be done; from says when it is offered at all.
type visitAct struct {
	name    string
	doc     string
	icon    string
	tone    ui.Tone
	from    []models.AppointmentStatus
	started bool     // only from the visit's start on
	ahead   bool     // only before it
	reasons []string // words under diary.reason; none: nobody is asked
	reason  bool     // and one must be given
	undo    string   // the act that takes it back; empty: none does
	prepare func(*Server, context.Context, *sheet) error
	do      func(*Server, context.Context, *sheet, booking.Act) (models.Appointment, error)
}

// visitActs are the acts with a form of the common kind; moving has its own (see askMove).
func visitActs() []visitAct {
	hold, booked := []models.AppointmentStatus{models.Provisional}, []models.AppointmentStatus{models.Confirmed}
	return []visitAct{
		{
			name: "confirm", doc: "Confirms a hold without its deposit", icon: "circle-check", from: hold, ahead: true,
			reasons: []string{"regular", "paid_at_salon", "link_broken", "other"}, reason: true, prepare: (*Server).prepareConfirm,
			do: func(s *Server, ctx context.Context, _ *sheet, act booking.Act) (models.Appointment, error) {
				return s.Diary.ConfirmWithoutDeposit(ctx, act)
			},
		},
		{
			name: "release", doc: "Gives a hold's time back", icon: "x", tone: ui.Danger, from: hold,
			reasons: []string{"customer_asked", "not_reached", "mistake", "other"}, prepare: (*Server).prepareRelease,
			do: func(s *Server, ctx context.Context, _ *sheet, act booking.Act) (models.Appointment, error) {
				return s.Diary.LetGo(ctx, act)
			},
		},
		{
			name: "hold-again", doc: "Holds the time of a lapsed hold again, with a new payment link", icon: "rotate-ccw", ahead: true,
			from: []models.AppointmentStatus{models.Expired, models.Released}, prepare: (*Server).prepareHoldAgain,
			do: func(s *Server, ctx context.Context, _ *sheet, act booking.Act) (models.Appointment, error) {
				return s.Till.HoldAgain(ctx, act)
			},
		},
		{
			name: "complete", doc: "Marks a visit as done", icon: "circle-check", from: booked, started: true, undo: "reopen",
			prepare: (*Server).prepareQuiet,
			do: func(s *Server, ctx context.Context, _ *sheet, act booking.Act) (models.Appointment, error) {
				return s.Diary.Complete(ctx, act)
			},
		},
		{
			name: "no-show", doc: "Says that a customer did not come", icon: "user-x", from: booked, started: true, undo: "reopen",
			reasons: []string{"told_us", "first_time", "our_mistake", "other"}, prepare: (*Server).prepareNoShow, do: (*Server).doNoShow,
		},
		{
			name: "cancel", doc: "Cancels a visit", icon: "ban", tone: ui.Danger,
			from:    []models.AppointmentStatus{models.Confirmed, models.ReschedulePending},
			reasons: []string{"customer_asked", "stylist_away", "salon_closed", "mistake", "other"},
			prepare: (*Server).prepareCancel, do: (*Server).doCancel,
		},
		{
			name: "reopen", doc: "Takes back that a visit was done or missed", icon: "rotate-ccw",
			from: []models.AppointmentStatus{models.Completed, models.NoShow}, reasons: []string{"mistake", "came_late", "other"},
			prepare: (*Server).prepareQuiet,
			do: func(s *Server, ctx context.Context, _ *sheet, act booking.Act) (models.Appointment, error) {
				return s.Diary.Reopen(ctx, act)
			},
		},
	}
}

// blocked is why an act cannot be done to a visit as it stands; empty when it can, as far as a look
// tells. The rule decides.
func (a visitAct) blocked(ctx context.Context, q diaryQuery, v models.Appointment) string {
	switch {
	case !slices.Contains(a.from, v.Status):
		return i18n.T(ctx, "diary.blocked.state", "State", ui.Word(ctx, "console.status", string(v.Status)))
	case a.started && q.now.Before(v.StartsAt):
		return i18n.T(ctx, "diary.blocked.from", "Time", ui.Moment(ctx, v.StartsAt.In(q.zone)))
	case a.ahead && !q.now.Before(v.StartsAt):
		return i18n.T(ctx, "diary.blocked.past")
	default:
		return ""
	}
}

// movable tells whether a visit can go to another time.
func movable(v models.Appointment, now time.Time) bool {
	return v.Status.Live() && v.StartsAt.After(now)
}

func visitURL(id models.ID, act string) string {
	return "/console/diary/visits/" + id.String() + "/" + act
}

// mayAct tells whether the visitor acts in the diary, on their own or on all of it.
func (s *Server) mayAct(v Visitor) bool {
	_, may := s.Staff.Can(v.Role, staff.Diary, staff.ToAct)
	return may
}

// possibleActs are what can be done to the open visit now, or later, and why not yet.
func (s *Server) possibleActs(ctx context.Context, q diaryQuery, v booking.Visit) []diary.Possible {
	if !s.mayAct(q.visitor) || booking.MayAct(ownOf(q.visitor), v.Appointment) != nil {
		return nil
	}
	var out []diary.Possible
	for _, a := range visitActs() {
		if !slices.Contains(a.from, v.Status) {
			continue
		}
		out = append(out, diary.Possible{
			URL: visitURL(v.ID, a.name), Label: i18n.T(ctx, "diary.act."+a.name), Icon: a.icon, Why: a.blocked(ctx, q, v.Appointment),
		})
	}
	if movable(v.Appointment, q.now) {
		out = slices.Insert(out, min(1, len(out)), diary.Possible{
			URL: visitURL(v.ID, "move"), Label: i18n.T(ctx, "diary.act.move"), Icon: "calendar-clock",
		})
	}
	slices.SortStableFunc(out, func(a, b diary.Possible) int { return len(a.Why) - len(b.Why) }) // what can be done stands first
	return out
}

// ownOf is the one stylist whose diary a visitor writes in; nil: everybody's. An account that is told
// to keep to its own and belongs to no stylist writes in nobody's.
func ownOf(v Visitor) *models.ID {
	switch {
	case v.Scope != staff.Own:
		return nil
	case v.Staff.StylistID == nil:
		return &models.ID{}
	default:
		return v.Staff.StylistID
	}
}

func (s *Server) doNoShow(ctx context.Context, o *sheet, act booking.Act) (models.Appointment, error) {
	return s.Till.NoShow(ctx, checkout.NoShowRequest{Act: act, Waive: o.outcome == outcomeWaive})
}

func (s *Server) doCancel(ctx context.Context, o *sheet, act booking.Act) (models.Appointment, error) {
	r := checkout.CancelRequest{Act: act, Refund: checkout.RefundChoice(o.outcome)}
	if r.Refund == "" || r.Refund == checkout.RefundByPolicy {
		r.Expected = o.promised
	}
	return s.Till.Cancel(ctx, r)
}
