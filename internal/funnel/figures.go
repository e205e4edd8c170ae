package funnel

import (
	"context"
	"fmt"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// maxDays is how long a span figures are asked for.
const maxDays = 366

// Span is from which day to which, both of them in it. A day is the salon's; its time of day does not count.
type Span struct{ From, To time.Time }

// check refuses a span that is none. Fault: funnel.span.
func (s Span) check() error {
	if s.To.Before(s.From) || s.To.Sub(s.From) > maxDays*24*time.Hour {
		return fault.Invalid("funnel.span", map[string]string{"to": "funnel.span"})
	}
	return nil
}

func (s Span) days() (from, to string) {
	return s.From.Format(time.DateOnly), s.To.Format(time.DateOnly)
}

// Row is one day of one channel in one language. Figures count visits, not clicks: whoever looks at nine
// products has looked once. Of WhatsApp, a wish to see something is a look.
type Row struct {
	Day      time.Time
	Channel  Channel
	Language models.Language

	Looked  int // at a list or a product
	Carted  int // put something into a cart
	Started int // a checkout
	Paid    int

	Asked   int // looked an order up
	Found   int // and found one
	Missed  int // and found none
	Chatted int // went from the support page to a chat
	Handed  int // went from any page to a chat
}

// Conversion is the share of those who looked that paid; nothing looked at is nothing converted.
func (r Row) Conversion() float64 { return share(r.Paid, r.Looked) }

// CartShare, CheckoutShare and PayShare are the shares of those who came as far as the step before.
func (r Row) CartShare() float64 { return share(r.Carted, r.Looked) }

// CheckoutShare is the share of carts that came to a checkout.
func (r Row) CheckoutShare() float64 { return share(r.Started, r.Carted) }

// PayShare is the share of checkouts that were paid.
func (r Row) PayShare() float64 { return share(r.Paid, r.Started) }

// SupportShare is the share of finished lookups that found their order.
func (r Row) SupportShare() float64 { return share(r.Found, r.Found+r.Missed) }

// ChatShare is the share of those who looked an order up that went on to a chat.
func (r Row) ChatShare() float64 { return share(r.Chatted, r.Asked) }

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Rows are the figures of a span, by day, channel and language. What somebody did as a test is in none of them.
// Fault: funnel.span.
func (l *Log) Rows(ctx context.Context, s Span) ([]Row, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	from, to := s.days()
	var rows []Row
	err := l.db.On(ctx).Raw(`SELECT day, channel, language,
		count(DISTINCT who) FILTER (WHERE kind IN ('view_list', 'view_product') OR kind = 'wa_intent' AND step IN ('browse', 'show', 'more', 'details', 'search')) AS looked,
		count(DISTINCT who) FILTER (WHERE kind = 'add_to_cart') AS carted,
		count(DISTINCT who) FILTER (WHERE kind = 'start_checkout') AS started,
		count(DISTINCT who) FILTER (WHERE kind = 'pay') AS paid,
		count(*) FILTER (WHERE kind = 'support_lookup' AND outcome = 'start') AS asked,
		count(*) FILTER (WHERE kind = 'support_lookup' AND outcome = 'success') AS found,
		count(*) FILTER (WHERE kind = 'support_lookup' AND outcome = 'fail') AS missed,
		count(DISTINCT who) FILTER (WHERE kind = 'click_whatsapp_handoff' AND place = 'support') AS chatted,
		count(DISTINCT who) FILTER (WHERE kind = 'click_whatsapp_handoff') AS handed
		FROM (SELECT *, coalesce(visit, uuid_send(id)) AS who FROM funnel_events WHERE day BETWEEN ? AND ? AND NOT test AND kind <> 'wa_preview') e
		GROUP BY day, channel, language ORDER BY day, channel, language`, from, to).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read funnel: %w", err)
	}
	return rows, nil
}

// Sale is what was paid on a day through a channel in a language, in one currency.
type Sale struct {
	Day        time.Time
	Channel    Channel
	Language   models.Language
	Currency   string
	Orders     int
	TotalMinor int64
}

// AverageMinor is what an order came to, in the mean.
func (s Sale) AverageMinor() int64 {
	if s.Orders == 0 {
		return 0
	}
	return s.TotalMinor / int64(s.Orders)
}

// Sales are what was paid in a span. Fault: funnel.span.
func (l *Log) Sales(ctx context.Context, s Span) ([]Sale, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	from, to := s.days()
	var rows []Sale
	err := l.db.On(ctx).Raw(`SELECT day, channel, language, currency, count(*) AS orders, sum(amount_minor)::bigint AS total_minor FROM funnel_events
		WHERE day BETWEEN ? AND ? AND kind = 'pay' AND amount_minor IS NOT NULL AND NOT test
		GROUP BY day, channel, language, currency ORDER BY day, channel, language, currency`, from, to).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read sales: %w", err)
	}
	return rows, nil
}

// Left is at which step how many conversations of a day ended that had begun to shop and neither paid nor got a person.
type Left struct {
	Day      time.Time
	Language models.Language
	Step     string
	Visits   int
}

// LeftAt tells at which step conversations of a span ended, the most frequent first. Fault: funnel.span.
func (l *Log) LeftAt(ctx context.Context, s Span) ([]Left, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	from, to := s.days()
	var rows []Left
	err := l.db.On(ctx).Raw(`WITH e AS (SELECT * FROM funnel_events WHERE day BETWEEN ? AND ? AND channel = 'whatsapp' AND visit IS NOT NULL AND NOT test),
		last AS (SELECT DISTINCT ON (day, visit) day, visit, language, step FROM e WHERE kind = 'wa_intent' ORDER BY day, visit, at DESC, id DESC)
		SELECT day, language, step, count(*) AS visits FROM last
		WHERE step <> 'person' AND NOT EXISTS (SELECT FROM e paid WHERE paid.day = last.day AND paid.visit = last.visit AND paid.kind = 'pay')
		GROUP BY day, language, step ORDER BY day, visits DESC, language, step`, from, to).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read where conversations end: %w", err)
	}
	return rows, nil
}

// Reply is how soon conversations of a day got their first answer, over those that got one.
type Reply struct {
	Day      time.Time
	Language models.Language
	Heard    int // conversations in which a customer wrote on that day
	Answered int
	Median   time.Duration
	P95      time.Duration
}

// FirstReplies tells for each day of a span how long customers waited from the first thing they said on that day to the
// first answer that left after it, within a day. Fault: funnel.span.
func (l *Log) FirstReplies(ctx context.Context, s Span) ([]Reply, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	p, err := l.settings.Policies(ctx)
	if err != nil {
		return nil, err
	}
	from, to := s.days()
	var rows []struct {
		Reply
		Half, Most float64
	}
	err = l.db.On(ctx).Raw(`WITH heard AS (
			SELECT DISTINCT ON (day, conversation_id) (created_at AT TIME ZONE @zone)::date AS day, conversation_id, seq, created_at FROM messages
			WHERE direction = 'in' AND created_at >= CAST(@from AS date)::timestamp AT TIME ZONE @zone AND created_at < (CAST(@to AS date) + 1)::timestamp AT TIME ZONE @zone
			ORDER BY day, conversation_id, seq
		), told AS (
			SELECT heard.day, (SELECT c.language FROM conversations c WHERE c.id = heard.conversation_id), extract(epoch FROM first.sent_at - heard.created_at)::float8 AS waited
			FROM heard LEFT JOIN LATERAL (SELECT m.sent_at FROM messages m WHERE m.conversation_id = heard.conversation_id AND m.seq > heard.seq AND m.direction = 'out'
				AND m.class <> 'notice' AND m.sent_at BETWEEN heard.created_at AND heard.created_at + interval '1 day' ORDER BY m.seq LIMIT 1) first ON true
		)
		SELECT day, language, count(*) AS heard, count(waited) AS answered, coalesce(percentile_cont(0.5) WITHIN GROUP (ORDER BY waited), 0) AS half,
			coalesce(percentile_cont(0.95) WITHIN GROUP (ORDER BY waited), 0) AS most
		FROM told GROUP BY day, language ORDER BY day, language`, map[string]any{"zone": p.Timezone, "from": from, "to": to}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read first replies: %w", err)
	}
	out := make([]Reply, len(rows))
	for i, r := range rows {
		out[i] = r.Reply
		out[i].Median, out[i].P95 = seconds(r.Half), seconds(r.Most)
	}
	return out, nil
}

func seconds(s float64) time.Duration {
	return time.Duration(s * float64(time.Second)).Round(time.Millisecond)
}
