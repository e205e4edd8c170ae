package checkout

import (
	"context"
	"strconv"
	"strings"
	"time"

	"frontdesk/internal/handoff"
	"frontdesk/internal/i18n"
	"frontdesk/models"
)

// story tells staff what happened, in the language of the conversation they are to take over.
type story struct {
	reason models.HandoffReason
	silent bool // the bot keeps the conversation
	lines  func(w teller) []string
}

// teller writes a story's lines in one language.
type teller struct {
	texts *i18n.Catalogue
	lang  models.Language
	zone  *time.Location
	visit models.Appointment
}

func (w teller) line(key string, facts i18n.Facts) string { return w.texts.Text(w.lang, key, facts) }

func (w teller) money(minor int64, currency string) string {
	return i18n.Money(w.lang, models.Money{Minor: minor, Currency: currency})
}

// when names the visit's time.
func (w teller) when() string {
	return w.line("case.story.visit", i18n.Facts{"When": i18n.Moment(w.lang, w.visit.StartsAt.In(w.zone))})
}

// openCase hands a story to the desk. A visit that staff booked without a conversation has no case to
// open: its people see the payment in the diary.
func (t *Till) openCase(ctx context.Context, visit models.Appointment, s story) error {
	if visit.ConversationID == nil {
		return nil
	}
	policies, err := t.settings.Policies(ctx)
	if err != nil {
		return err
	}
	lang, err := t.language(ctx, visit)
	if err != nil {
		return err
	}
	w := teller{texts: t.texts, lang: lang, zone: policies.Zone(), visit: visit}
	_, _, err = t.desk.Open(ctx, handoff.Request{
		ConversationID: *visit.ConversationID, CustomerID: &visit.BookedByID, AppointmentID: &visit.ID,
		Reason: s.reason, Summary: strings.Join(s.lines(w), "\n"), Silent: s.silent,
	})
	return err
}

// The closed list has no reason of its own for money that could not be used: payment_failure is the
// nearest, refund_failure means that it could not be given back.

func caseMismatch(p *models.Payment) story {
	return story{reason: models.ReasonPaymentFailure, lines: func(w teller) []string {
		return []string{w.when(), w.line("case.story.mismatch", i18n.Facts{
			"Received": w.money(p.ReceivedMinor, p.ReceivedIn), "Due": w.money(p.AmountMinor, p.Currency),
		}), w.line("case.story.going_back", i18n.Facts{"Amount": w.money(p.ReceivedMinor, p.ReceivedIn)})}
	}}
}

func caseLate(p *models.Payment) story {
	return story{reason: models.ReasonPaymentFailure, silent: true, lines: func(w teller) []string {
		return []string{
			w.when(), w.line("case.story.late", nil),
			w.line("case.story.going_back", i18n.Facts{"Amount": w.money(p.ReceivedMinor, p.ReceivedIn)}),
		}
	}}
}

func caseRefund(r models.Refund, code string) story {
	return story{reason: models.ReasonRefundFailure, silent: true, lines: func(w teller) []string {
		return []string{w.when(), w.line("case.story.refund", i18n.Facts{
			"Amount": w.money(r.AmountMinor, r.Currency), "Code": orUnknown(code),
		})}
	}}
}

func caseNoLink(p models.Payment) story {
	return story{reason: models.ReasonPaymentFailure, silent: true, lines: func(w teller) []string {
		return []string{w.when(), w.line("case.story.no_link", i18n.Facts{
			"Due": w.money(p.AmountMinor, p.Currency), "Code": orUnknown(p.ErrorCode),
		})}
	}}
}

// caseFailed lists the newest links with the provider's codes (S05).
func caseFailed(b *bill) story {
	return story{reason: models.ReasonPaymentFailure, lines: func(w teller) []string {
		lines := []string{w.when(), w.line("case.story.failed", i18n.Facts{"Due": w.money(b.deposit(), b.visit.Currency)})}
		for i, p := range b.payments {
			if p.FailedAt == nil || i < len(b.payments)-3 {
				continue // a summary has five lines
			}
			session := "-"
			if p.SessionID != nil {
				session = *p.SessionID
			}
			lines = append(lines, w.line("case.story.link", i18n.Facts{
				"Number": strconv.Itoa(i + 1), "Session": session, "Code": orUnknown(p.ErrorCode),
			}))
		}
		return lines
	}}
}

func orUnknown(code string) string {
	if code == "" {
		return "-"
	}
	return code
}

// caseTwice: people gave by hand what went back at the provider as well.
func caseTwice(m models.Money) story {
	return story{reason: models.ReasonRefundFailure, silent: true, lines: func(w teller) []string {
		return []string{w.when(), w.line("case.story.refund_twice", i18n.Facts{"Amount": w.money(m.Minor, m.Currency)})}
	}}
}

func twiceStory(m models.Money) saleStory {
	return saleStory{models.ReasonRefundFailure, func(w teller) string {
		return w.line("case.story.refund_twice", i18n.Facts{"Amount": w.money(m.Minor, m.Currency)})
	}}
}
