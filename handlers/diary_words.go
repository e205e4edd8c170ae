package handlers

import (
	"context"
	"strconv"

	"frontdesk/internal/booking"
	"frontdesk/internal/chat"
	"frontdesk/internal/checkout"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// Outcomes that forms ask about.
const (
	outcomePolicy  = string(checkout.RefundByPolicy)
	outcomeKeep    = "keep"
	outcomeWaive   = "waive"
	outcomeLink    = "link"
	outcomeWithout = "without"
)

// linkToCome stands in a foretold message where the payment link will be.
const linkToCome = "https://…"

// foretell is what the customer of a visit will read, word for word, or why they read nothing.
func (s *Server) foretell(ctx context.Context, v booking.Visit, o chat.Outlook) (diary.Message, error) {
	first := personFor(Visitor{Scope: "own"}, v.Customer, "")
	if v.ConversationID == nil {
		return diary.Message{Silent: i18n.T(ctx, "diary.message.no_conversation", "Name", first)}, nil
	}
	return s.words(ctx, first, o)
}

func (s *Server) words(ctx context.Context, to string, o chat.Outlook) (diary.Message, error) {
	words, err := s.Chat.Foretell(ctx, o)
	if err != nil {
		return diary.Message{}, err
	}
	if words.Text == "" {
		return diary.Message{Silent: i18n.T(ctx, "diary.message.none")}, nil
	}
	return diary.Message{To: to, Language: words.Language, Text: words.Text}, nil
}

func (s *Server) prepareQuiet(ctx context.Context, o *sheet) error {
	o.view.Messages = []diary.Message{{Silent: i18n.T(ctx, "diary.message.none")}}
	return nil
}

func (s *Server) prepareConfirm(ctx context.Context, o *sheet) error {
	after := o.visit.Appointment
	after.Status, after.DepositState, after.HoldExpiresAt = models.Confirmed, models.DepositNone, nil
	o.view.Notes = []string{o.q.stylistTold(ctx, after.StylistID)}
	return s.prepareTold(ctx, o, chat.Outlook{Event: chat.TellBookingConfirmed, Visit: after})
}

func (s *Server) prepareRelease(ctx context.Context, o *sheet) error {
	after := o.visit.Appointment
	after.Status, after.DepositState = models.Released, models.DepositNone
	return s.prepareTold(ctx, o, chat.Outlook{Event: chat.TellHoldReleased, Visit: after, Change: &models.AppointmentEvent{At: o.q.now}})
}

// prepareHoldAgain foretells the link of the new hold, which runs from now.
func (s *Server) prepareHoldAgain(ctx context.Context, o *sheet) error {
	p, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	after := o.visit.Appointment
	after.Status, after.DepositState, after.HoldExpiresAt = models.Provisional, models.DepositPending, o.q.holdEnd(p, after.StartsAt)
	held, err := s.Diary.HoldsTime(ctx, after.CustomerID)
	if err != nil {
		return err
	}
	if held {
		o.view.Notes = []string{i18n.T(ctx, "diary.note.ends_hold")}
	}
	return s.prepareTold(ctx, o, chat.Outlook{Event: chat.TellPaymentLink, Visit: after, Link: linkToCome})
}

func (s *Server) prepareTold(ctx context.Context, o *sheet, out chat.Outlook) error {
	out.Customer = o.visit.Customer
	m, err := s.foretell(ctx, o.visit, out)
	o.view.Messages = append(o.view.Messages, m)
	return err
}

// prepareNoShow asks whether a paid deposit is kept, as the terms say. Giving it back is for those who act
// on the whole diary, not for whoever the visit was with.
func (s *Server) prepareNoShow(ctx context.Context, o *sheet) error {
	terms, err := s.Till.CancelTerms(ctx, o.visit.ID)
	if err != nil {
		return s.closedSheet(o, err)
	}
	if terms.Paid.Minor == 0 {
		o.view.Notes = []string{i18n.T(ctx, "diary.deposit.nothing")}
		return s.prepareQuiet(ctx, o)
	}
	amount := ui.Money(ctx, terms.Paid.Minor, terms.Paid.Currency)
	keep := i18n.T(ctx, "diary.deposit.keep", "Amount", amount)
	if ownOf(o.q.visitor) != nil {
		o.view.Notes = []string{keep, i18n.T(ctx, "diary.deposit.desk")}
		return s.prepareQuiet(ctx, o)
	}
	o.choose(ctx, []ui.Option{
		{Value: outcomeKeep, Label: keep},
		{Value: outcomeWaive, Label: i18n.T(ctx, "diary.deposit.waive", "Amount", amount), Hint: i18n.T(ctx, "diary.deposit.otherwise")},
	})
	m, err := s.foretell(ctx, o.visit, chat.Outlook{Event: chat.TellPaymentReturned, Visit: o.visit.Appointment, Customer: o.visit.Customer, Back: terms.Paid})
	m.For = outcomeWaive
	o.view.Messages = []diary.Message{{For: outcomeKeep, Silent: i18n.T(ctx, "diary.message.none")}, m}
	return err
}

// choose asks for an outcome; the first stands chosen.
func (o *sheet) choose(ctx context.Context, options []ui.Option) {
	o.outcomes = nil
	for _, option := range options {
		o.outcomes = append(o.outcomes, option.Value)
	}
	o.Fill("outcome", o.outcomes[0])
	o.view.Outcomes = diary.Outcomes{Name: "outcome", Question: i18n.T(ctx, "diary.deposit.question"), Options: options}
}

// prepareCancel shows what the terms give back, and lets those who act on the whole diary decide otherwise.
// What was shown comes back with the form: the notice that the terms ask for may run out meanwhile.
func (s *Server) prepareCancel(ctx context.Context, o *sheet) error {
	if n := o.OptionalNumber("back", 0, 1<<30); n != nil {
		promised := int64(*n)
		o.promised = &promised
	}
	terms, err := s.Till.CancelTerms(ctx, o.visit.ID)
	if err != nil {
		return s.closedSheet(o, err)
	}
	o.view.Kept = map[string]string{"back": strconv.FormatInt(terms.Refund.Minor, 10)}
	o.view.Notes = []string{o.q.stylistTold(ctx, o.visit.StylistID)}
	if terms.Paid.Minor == 0 {
		o.view.Notes = append(o.view.Notes, i18n.T(ctx, "diary.deposit.nothing"))
		return s.prepareCancelled(ctx, o, terms, "", 0)
	}
	choices := cancelChoices(terms)
	if ownOf(o.q.visitor) != nil {
		choices = choices[:1]
		o.view.Notes = append(o.view.Notes, cancelLabel(ctx, terms, outcomePolicy), i18n.T(ctx, "diary.deposit.desk"))
	} else {
		var options []ui.Option
		for _, choice := range choices {
			options = append(options, ui.Option{Value: choice.name, Label: cancelLabel(ctx, terms, choice.name)})
		}
		o.choose(ctx, options)
		o.view.Outcomes.Hint = noticeLine(ctx, terms) + " " + i18n.T(ctx, "diary.deposit.otherwise")
	}
	for _, choice := range choices {
		shown := choice.name
		if len(choices) == 1 {
			shown = ""
		}
		if err := s.prepareCancelled(ctx, o, terms, shown, choice.back); err != nil {
			return err
		}
	}
	return nil
}

// closedSheet lets a form of a visit that is over still be drawn: it says itself why it cannot be done.
func (s *Server) closedSheet(o *sheet, cause error) error {
	if o.visit.Status.Live() {
		return cause
	}
	return nil
}

type cancelChoice struct {
	name string
	back int64
}

// cancelChoices are what can become of a paid deposit: the terms' way, and the other one.
func cancelChoices(terms checkout.CancelTerms) []cancelChoice {
	out := []cancelChoice{{outcomePolicy, terms.Refund.Minor}}
	if terms.Refund.Minor < terms.Paid.Minor {
		out = append(out, cancelChoice{string(checkout.RefundFull), terms.Paid.Minor})
	}
	if terms.Refund.Minor > 0 {
		out = append(out, cancelChoice{string(checkout.RefundNone), 0})
	}
	return out
}

func cancelLabel(ctx context.Context, terms checkout.CancelTerms, choice string) string {
	key, amount := "diary.deposit."+choice, terms.Paid
	switch {
	case choice == outcomePolicy && terms.Refund.Minor > 0:
		key, amount = "diary.deposit.policy_back", terms.Refund
	case choice == outcomePolicy:
		key = "diary.deposit.policy_kept"
	}
	return i18n.T(ctx, key, "Amount", ui.Money(ctx, amount.Minor, amount.Currency))
}

func noticeLine(ctx context.Context, terms checkout.CancelTerms) string {
	notice := i18n.T(ctx, "diary.notice.begun")
	if terms.Notice > 0 {
		notice = i18n.T(ctx, "diary.notice.hours", "Hours", int(terms.Notice.Hours()), "Minutes", int(terms.Notice.Minutes())%60)
	}
	return i18n.T(ctx, "diary.deposit.paid", "Amount", ui.Money(ctx, terms.Paid.Minor, terms.Paid.Currency), "Notice", notice, "Hours", terms.RefundHours)
}

// prepareCancelled adds the message of one way to cancel.
func (s *Server) prepareCancelled(ctx context.Context, o *sheet, terms checkout.CancelTerms, shown string, back int64) error {
	after := o.visit.Appointment
	after.Status = models.Cancelled
	if terms.Paid.Minor > 0 {
		after.DepositState = models.DepositForfeited
	}
	m, err := s.foretell(ctx, o.visit, chat.Outlook{
		Event: chat.TellCancelled, Visit: after, Customer: o.visit.Customer, Change: &models.AppointmentEvent{At: o.q.now},
		Back: models.Money{Minor: back, Currency: o.visit.Currency},
	})
	m.For = shown
	o.view.Messages = append(o.view.Messages, m)
	return err
}

// movedMessages are what the customer reads of a move.
func (s *Server) movedMessages(ctx context.Context, was, is booking.Visit) ([]diary.Message, error) {
	m, err := s.foretell(ctx, was, chat.Outlook{
		Event: chat.TellMoved, Visit: is.Appointment, Customer: was.Customer, Change: chat.MovedTo(was.Appointment, is.Appointment, s.Clock.Now()),
	})
	return []diary.Message{m}, err
}

// stylistTold says that the stylist of a visit hears of it.
func (q diaryQuery) stylistTold(ctx context.Context, id models.ID) string {
	st, _ := q.menu.Stylist(id)
	return i18n.T(ctx, "diary.note.stylist_told", "Stylist", st.Names.In(i18n.From(ctx).Language))
}
