package content

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// Names of the WhatsApp templates.
const (
	BookingConfirmed = "booking_confirmed"
	PaymentLink      = "payment_link"
	PaymentWarning   = "payment_warning"
	HoldExpired      = "hold_expired"
	PaymentRefunded  = "payment_refunded"
	UrgentStylist    = "urgent_stylist"
	VisitStylist     = "visit_stylist"
	CaseOpened       = "case_opened"
	Reminder48h      = "reminder_48h"
	Moved            = "moved"
	Cancelled        = "cancelled"
	Delay            = "delay"
	PrivacyNotice    = "privacy_notice"
	OrderStatus      = "order_status"
	StartReturn      = "start_return"
	RMAInstructions  = "rma_instructions"
	HumanHandoff     = "human_handoff"
	VisitMoved       = "visit_moved"
	HoldMoved        = "hold_moved"
	HoldReleased     = "hold_released"
	DepositReceived  = "deposit_received"
	VerifyCode       = "verify_code"
)

type declaration struct {
	name   string
	values models.Strings // placeholders in the order the channel numbers them
	// dormant: nothing sends it yet. A test holds this against the source.
	dormant bool
	// code: it carries a code. Meta words such templates itself, in every language; nobody edits them.
	code bool
}

// declared lists the templates and their values. The order is the wire's {{1}}, {{2}} …: add at the
// end, never reorder, because approved templates keep their numbering.
func declared() []declaration {
	return []declaration{
		{BookingConfirmed, models.Strings{"Name", "Services", "When", "Stylist", "Minutes", "Payment", "Terms"}, false, false},
		{PaymentLink, models.Strings{"Name", "Services", "When", "Stylist", "Deposit", "Until", "URL"}, false, false},
		{PaymentWarning, models.Strings{"Name", "When", "Stylist", "Until"}, false, false},
		{HoldExpired, models.Strings{"Name", "When", "Stylist"}, false, false},
		{PaymentRefunded, models.Strings{"Name", "Amount"}, false, false},
		{UrgentStylist, models.Strings{"Stylist", "Customer", "Services", "When", "Left"}, false, false},
		{VisitStylist, models.Strings{"Stylist", "Event", "Customer", "Services", "When"}, false, false},
		{CaseOpened, models.Strings{"Stylist", "Reason", "Customer"}, true, false},
		{Reminder48h, models.Strings{"Name", "Services", "When", "Stylist", "Minutes", "Deposit", "Hours"}, false, false},
		{Moved, models.Strings{"Name", "Services", "When", "Stylist"}, false, false},
		{Cancelled, models.Strings{"Name", "Services", "When", "Deposit"}, false, false},
		{Delay, models.Strings{"Stylist", "Customer", "When", "Minutes"}, false, false},
		{PrivacyNotice, models.Strings{"URL"}, true, false},
		{OrderStatus, models.Strings{"Name", "Order", "Status"}, false, false},
		{StartReturn, models.Strings{"Name", "Order"}, false, false},
		{RMAInstructions, models.Strings{"Name", "Code"}, false, false},
		{HumanHandoff, models.Strings{"Name"}, false, false},
		{VisitMoved, models.Strings{"Name", "Services", "Before", "When", "Stylist"}, false, false},
		{HoldMoved, models.Strings{"Name", "Before", "When", "Stylist", "Until"}, false, false},
		{HoldReleased, models.Strings{"Name", "When", "Stylist"}, false, false},
		{DepositReceived, models.Strings{"Name", "Deposit", "Services", "When", "Due"}, false, false},
		{VerifyCode, models.Strings{"Code"}, false, true},
	}
}

// Values are the declared values of a template, in order; nil when there is no such template.
func Values(name string) []string {
	for _, d := range declared() {
		if d.name == name {
			return d.values
		}
	}
	return nil
}

// OnlyCode tells whether a template carries a code and nothing else, so that its words are Meta's own.
func OnlyCode(name string) bool {
	return slices.ContainsFunc(declared(), func(d declaration) bool { return d.name == name && d.code })
}

// Why a template is not sent. ErrUnresolved is both.
var (
	ErrUnresolved = errors.New("a template is not resolved")
	// ErrNoTemplate: it may not be sent in any language that would do. Meta paused or rejected it, as far as we were
	// told, or staff took it out of use.
	ErrNoTemplate = fmt.Errorf("no template that may be sent: %w", ErrUnresolved)
	// ErrNoFact: one of its values has no fact.
	ErrNoFact = fmt.Errorf("a value has no fact: %w", ErrUnresolved)
)

// Unresolved is a template that could not be sent, and why.
type Unresolved struct {
	Name     string
	Language models.Language // asked for
	Why      UnresolvedReason
}

// UnresolvedReason is why a template could not be sent.
type UnresolvedReason string

// Reasons.
const (
	NoTemplate UnresolvedReason = "no_template"
	NoFact     UnresolvedReason = "no_fact"
)

// OnUnresolved sets what is called, in the caller's transaction, for each template that could not be sent.
func (l *Library) OnUnresolved(tell func(context.Context, Unresolved) error) { l.unresolved = tell }

// Resolve makes the template message of a name, in a language or in English where that one is missing or out of use. A
// template that may not be sent, or whose value has no fact, is an ErrUnresolved: it is not sent, it is counted, and the
// people on duty hear of it.
func (l *Library) Resolve(ctx context.Context, name string, lang models.Language, facts i18n.Facts) (*models.Template, error) {
	templates, err := l.Templates(ctx)
	if err != nil {
		return nil, err
	}
	t, err := templates.Compose(name, lang, facts)
	if !errors.Is(err, ErrUnresolved) {
		return t, err
	}
	why := NoTemplate
	if errors.Is(err, ErrNoFact) {
		why = NoFact
	}
	return nil, errors.Join(err, l.unresolved(ctx, Unresolved{name, lang, why}))
}

// Templates is a snapshot of the approved WhatsApp templates.
type Templates struct {
	byWording map[wording]models.MessageText
}

// Templates are the active templates (database.Kept).
func (l *Library) Templates(ctx context.Context) (Templates, error) { return l.templates.Of(ctx) }

func (l *Library) readTemplates(ctx context.Context) (Templates, error) {
	rows, err := l.rows(ctx, templateChannel)
	if err != nil {
		return Templates{}, err
	}
	t := Templates{byWording: map[wording]models.MessageText{}}
	for _, row := range rows {
		t.byWording[wording{row.Key, row.Language}] = row
	}
	return t, nil
}

// Find is the template of a name in a language, English when that one is missing or inactive.
func (t Templates) Find(name string, lang models.Language) (models.MessageText, bool) {
	row, ok := t.byWording[wording{name, lang}]
	if !ok {
		row, ok = t.byWording[wording{name, models.English}]
	}
	return row, ok
}

// All lists the templates, in no particular order.
func (t Templates) All() []models.MessageText {
	list := make([]models.MessageText, 0, len(t.byWording))
	for _, row := range t.byWording {
		list = append(list, row)
	}
	return list
}

// Compose makes the template message of a name: its values in declared order. A value without a fact
// is an error, and the template is not sent. Line breaks, tabs and runs of spaces, which the
// channel refuses in values, become single spaces.
func (t Templates) Compose(name string, lang models.Language, facts i18n.Facts) (*models.Template, error) {
	row, ok := t.Find(name, lang)
	if !ok {
		return nil, fmt.Errorf("compose template %s in %s: %w", name, lang, ErrNoTemplate)
	}
	values := make([]string, len(row.Values))
	for i, placeholder := range row.Values {
		fact, ok := facts[placeholder]
		if !ok {
			return nil, fmt.Errorf("compose template %s in %s, %s: %w", name, lang, placeholder, ErrNoFact)
		}
		values[i] = strings.Join(strings.Fields(fmt.Sprint(fact)), " ")
	}
	return &models.Template{Name: name, Language: row.Language, Values: values}, nil
}

// Fill is what the customer reads: the template's body with its values.
func (t Templates) Fill(m models.Template) (string, error) {
	row, ok := t.byWording[wording{m.Name, m.Language}]
	if !ok || len(row.Values) != len(m.Values) {
		return "", fmt.Errorf("fill template %s in %s with %d values: no such template", m.Name, m.Language, len(m.Values))
	}
	facts := i18n.Facts{}
	for i, placeholder := range row.Values {
		facts[placeholder] = m.Values[i]
	}
	return i18n.Render(row.Body, facts)
}
