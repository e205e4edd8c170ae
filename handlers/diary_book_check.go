package handlers

import (
	"context"
	"time"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// holdEnd is when a hold made now would end.
func (q diaryQuery) holdEnd(p settings.Policies, startsAt time.Time) *time.Time {
	minutes := p.HoldMinutes
	if midnight(startsAt.In(q.zone)).Equal(midnight(q.now)) {
		minutes = p.HoldMinutesSameDay
	}
	end := q.now.Add(time.Duration(minutes) * time.Minute)
	return &end
}

// bookingCheck is everything once more: what it costs, how the deposit comes, what the customer reads.
func (s *Server) bookingCheck(ctx context.Context, d *draft) (diary.Check, error) {
	p, err := s.Policies.Policies(ctx)
	if err != nil {
		return diary.Check{}, err
	}
	visit := d.visit(p)
	page := diary.Check{
		Subject: diary.Subject{
			Who: d.who(), What: d.what(ctx), With: d.at.stylist.Names.In(i18n.From(ctx).Language),
			When: ui.Moment(ctx, visit.StartsAt.In(d.q.zone)) + "–" + i18n.Clock(visit.EndsAt.In(d.q.zone)),
		},
		Total: ui.Money(ctx, visit.TotalMinor, visit.Currency), Kept: d.kept(stepBook), Services: d.codes(),
	}
	soon, err := s.Diary.TooSoon(ctx, visit.StartsAt)
	if err != nil {
		return page, err
	}
	if soon {
		page.Notes = append(page.Notes, i18n.T(ctx, "diary.note.soon"))
	}
	if visit.DepositMinor > 0 && d.known != nil {
		held, err := s.Diary.HoldsTime(ctx, d.known.ID)
		if err != nil {
			return page, err
		}
		if held {
			page.Notes = append(page.Notes, i18n.T(ctx, "diary.note.ends_hold"))
		}
	}
	if visit.DepositMinor > 0 {
		page.Deposit, page.Reasons = ui.Money(ctx, visit.DepositMinor, visit.Currency), reasonOptions(ctx, bookReasons())
		d.askDeposit(ctx, &page, *visit.HoldExpiresAt)
	}
	return page, s.bookingMessages(ctx, d, visit, &page)
}

// askDeposit asks how the deposit comes; by link stands chosen.
func (d *draft) askDeposit(ctx context.Context, page *diary.Check, until time.Time) {
	if d.values.Get("outcome") == "" {
		d.values.Set("outcome", outcomeLink)
	}
	page.Outcomes = diary.Outcomes{Name: "outcome", Question: i18n.T(ctx, "diary.book.deposit"), Options: []ui.Option{
		{Value: outcomeLink, Label: i18n.T(ctx, "diary.book.link"), Hint: i18n.T(ctx, "diary.book.link_hint", "Until", i18n.Clock(until.In(d.q.zone)))},
		{Value: outcomeWithout, Label: i18n.T(ctx, "diary.book.without"), Hint: i18n.T(ctx, "diary.book.without_hint")},
	}}
}

// bookingMessages are what the customer reads, by the way the deposit comes.
func (s *Server) bookingMessages(ctx context.Context, d *draft, visit models.Appointment, page *diary.Check) error {
	customer := models.Customer{Name: d.name, Surname: d.surname, Language: d.language}
	if d.known != nil {
		customer = *d.known
	}
	if d.known != nil && d.known.Phone == nil {
		page.Messages = []diary.Message{{Silent: i18n.T(ctx, "diary.message.no_conversation", "Name", d.who())}}
		return nil
	}
	confirmed := visit
	confirmed.Status, confirmed.DepositState, confirmed.HoldExpiresAt = models.Confirmed, models.DepositNone, nil
	to := personFor(Visitor{Scope: "own"}, customer, "")
	m, err := s.words(ctx, to, chat.Outlook{Event: chat.TellBookingConfirmed, Visit: confirmed, Customer: customer})
	if err != nil || visit.DepositMinor == 0 {
		page.Messages = []diary.Message{m}
		return err
	}
	m.For = outcomeWithout
	link, err := s.words(ctx, to, chat.Outlook{Event: chat.TellPaymentLink, Visit: visit, Customer: customer, Link: linkToCome})
	link.For = outcomeLink
	page.Messages = []diary.Message{link, m}
	return err
}

// visit is the appointment as it will be: with a deposit to pay, a hold.
func (d *draft) visit(p settings.Policies) models.Appointment {
	w := d.wanted()
	services := d.services
	v := models.Appointment{
		ID: models.NewID(), StylistID: d.at.stylist.ID, StartsAt: d.at.at, EndsAt: d.at.at.Add(time.Duration(w.minutes) * time.Minute),
		Status: models.Provisional, DepositState: models.DepositPending, Currency: p.Currency, HoldExpiresAt: d.q.holdEnd(p, d.at.at),
		Terms: models.Terms{
			DepositPercent: p.DepositPercent, HoldMinutes: p.HoldMinutes, HoldWarnBeforeMinutes: p.HoldWarnBeforeMinutes,
			CancelRefundHours: p.CancelRefundHours, CancelStaffOnlyHours: p.CancelStaffOnlyHours,
		},
	}
	if d.pack != nil {
		v.PackID, v.TotalMinor = &d.pack.ID, d.pack.PriceMinor
		services, _ = d.q.menu.Contents(*d.pack)
	} else {
		_, v.TotalMinor = booking.Total(services)
	}
	for i, service := range services {
		v.Lines = append(v.Lines, models.AppointmentLine{ServiceID: service.ID, Position: i, Minutes: service.Minutes, PriceMinor: service.PriceMinor})
	}
	if p.DepositsEnabled {
		v.DepositMinor = booking.Deposit(services, d.pack, p.DepositPercent)
	}
	return v
}
