package handlers

import (
	"context"
	"slices"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// visitDetails reads the visit that is open beside the board; nil when none is, or when it is not for
// this reader: somebody else's visit looks like one that does not exist.
func (s *Server) visitDetails(ctx context.Context, q diaryQuery) (*diary.Details, error) {
	var id models.ID
	if q.visitID == "" || id.UnmarshalText([]byte(q.visitID)) != nil {
		return nil, nil
	}
	v, err := s.Diary.Visit(ctx, id)
	if fault.Is(err, "booking.not_found") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if own := q.only(); q.own && *own != v.StylistID {
		return nil, nil
	}
	d := &diary.Details{
		Card: q.card(i18n.From(ctx).Language, v), CloseURL: q.url(func(q *diaryQuery) { q.visitID = "" }),
		TotalMinor: v.TotalMinor, DepositMinor: v.DepositMinor, DueMinor: v.DueMinor(), Currency: v.Currency,
		ShowPayments: !q.own,
	}
	s.describeVisit(ctx, q, v, d)
	describeComing(ctx, q, v, d)
	if d.ShowPayments {
		if d.Payments, err = s.paymentsOf(ctx, q, v.ID); err != nil {
			return nil, err
		}
		if d.Told, err = s.toldOf(ctx, q, v.ID); err != nil {
			return nil, err
		}
	}
	d.Acts = s.possibleActs(ctx, q, v)
	if _, may := s.Staff.Can(q.visitor.Role, staff.Refunds, staff.ToRequest); may && hasMoney(d.Payments) {
		d.Acts = append(d.Acts, diary.Possible{URL: link(refundsPath+"/new", "visit", v.ID.String()), Label: i18n.T(ctx, "refunds.start"), Icon: "credit-card"})
	}
	d.History, err = s.historyOf(ctx, q, v.ID)
	return d, err
}

func (s *Server) describeVisit(ctx context.Context, q diaryQuery, v booking.Visit, d *diary.Details) {
	lang := i18n.From(ctx).Language
	for i, line := range v.Lines {
		d.Lines = append(d.Lines, diary.Line{Name: v.Services[i].Names.In(lang), Minutes: line.Minutes, PriceMinor: line.PriceMinor})
	}
	if v.PackID != nil {
		if pack, ok := q.menu.PackByID(*v.PackID); ok {
			d.PackName = pack.Names.In(lang)
		}
	}
	if q.own {
		return
	}
	if v.ForName != "" {
		d.BookedBy = v.Customer.FullName()
	}
	if v.Customer.Phone != nil && seesPhone(q.visitor.Role) {
		d.Phone = *v.Customer.Phone
	}
	if _, may := s.Staff.Can(q.visitor.Role, staff.Conversations, staff.ToRead); may && v.ConversationID != nil {
		d.ConversationURL = "/console/conversations/" + v.ConversationID.String()
	}
}

func (s *Server) paymentsOf(ctx context.Context, q diaryQuery, appointmentID models.ID) ([]diary.Payment, error) {
	byVisit, err := s.Till.OfAppointments(ctx, []models.ID{appointmentID})
	if err != nil {
		return nil, err
	}
	ids := make([]models.ID, len(byVisit[appointmentID]))
	for i, p := range byVisit[appointmentID] {
		ids[i] = p.ID
	}
	refunds, err := s.Till.Refunds(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []diary.Payment
	for _, p := range byVisit[appointmentID] {
		line := diary.Payment{State: p.State, AmountMinor: p.AmountMinor, Currency: p.Currency, At: p.CreatedAt.In(q.zone)}
		if p.PaidAt != nil {
			at := p.PaidAt.In(q.zone)
			line.PaidAt = &at
		}
		for _, r := range refunds[p.ID] {
			line.Refunds = append(line.Refunds, diary.Refund{
				State: r.State, AmountMinor: r.AmountMinor, Currency: r.Currency, Reason: r.Reason, At: r.CreatedAt.In(q.zone),
				URL: s.refundPage(q.visitor.Role, r.ID),
			})
		}
		out = append(out, line)
	}
	return out, nil
}

// historyOf is who did what to a visit, the latest first.
func (s *Server) historyOf(ctx context.Context, q diaryQuery, appointmentID models.ID) ([]diary.Event, error) {
	events, err := s.Diary.Events(ctx, appointmentID)
	if err != nil {
		return nil, err
	}
	who, err := s.actors(ctx, events)
	if err != nil {
		return nil, err
	}
	out := make([]diary.Event, 0, len(events))
	for i := len(events) - 1; i >= 0; i-- {
		e := events[i]
		out = append(out, diary.Event{
			What: ui.Word(ctx, "console.event", e.Reason), Who: who(e.Actor), Note: e.Note, From: q.movedFrom(ctx, e), State: e.ToStatus, At: e.At.In(q.zone),
		})
	}
	return out, nil
}

// movedFrom says where a moved visit was; empty for every other change.
func (q diaryQuery) movedFrom(ctx context.Context, e models.AppointmentEvent) string {
	if !e.Moved() {
		return ""
	}
	name := ""
	if st, ok := q.menu.Stylist(*e.FromStylistID); ok {
		name = st.Names.In(i18n.From(ctx).Language)
	}
	return i18n.T(ctx, "diary.moved_from", "When", ui.Moment(ctx, e.FromStartsAt.In(q.zone)), "Stylist", name)
}

// hasMoney tells whether any payment of a visit brought something in.
func hasMoney(list []diary.Payment) bool {
	return slices.ContainsFunc(list, func(p diary.Payment) bool { return p.PaidAt != nil })
}
