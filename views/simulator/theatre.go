package simulator

import (
	"context"
	"strconv"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/ui"
)

// What the three customers of the theatre do.
const (
	Asks   = "ask"
	Books  = "book"
	Pays   = "pay"
	Silent = "silent"
)

// TheatrePage is the fault theatre.
type TheatrePage struct {
	Trouble  string // why nothing can be played, in words
	Shows    []Show // newest first
	Breaker  *Breaker
	Waits    Waits // now
	Audience []Listener
	Texts    []Told // what customers are told in this case, by language
	CSRF     string
	Pulse    string // changes when the page would
}

// Show is a fault that was played. Times are in the salon's zone, machine time; nil: not yet, or never.
type Show struct {
	ID, Service, Mode, Stage           string
	BeganAt                            time.Time
	Until, EndedAt, OpenedAt, ClosedAt *time.Time
	Left                               time.Duration // until it ends by itself
	Recovery                           time.Duration // from its end until nothing waited any more
	Peak                               Waits
}

// Breaker is what keeps callers from the service.
type Breaker struct {
	Badge    string
	Tone     ui.Tone
	Failures int // in a row
	Code     string
	Until    *time.Time // when it is asked again
}

// Waits is what the salon has not been able to do yet.
type Waits struct{ Messages, Unanswered, Webhooks, Links, Jobs int }

// Told is a text in a language.
type Told struct {
	Language models.Language
	Text     string
}

// Listener is one of the three customers.
type Listener struct {
	Language models.Language
	Number   string
	Name     string
	Bubbles  []Bubble // the last ones
	Pays     bool     // there is a link to pay
}

// AllServices are what the theatre can break.
func AllServices() []string {
	return []string{"whatsapp", "stripe", "chatwoot", "claude", "calendar", "mail", "sms", "feed", "postgres", "redis"}
}

// Undelivering tells whether a service sends the salon nothing of its own, so that nothing of it can come twice
// or in another order.
func Undelivering(service string) bool {
	switch service {
	case "mail", "sms", "feed":
		return true
	default:
		return Carries(service)
	}
}

func (s Show) tone() ui.Tone {
	switch s.Stage {
	case "broken":
		return ui.Danger
	case "recovered":
		return ui.Good
	default:
		return ui.Attention
	}
}

// meanwhile is what the salon does without a service.
func meanwhile(ctx context.Context, service string) string {
	if Carries(service) {
		return i18n.T(ctx, "simulator.theatre.for."+service)
	}
	return i18n.T(ctx, "ops.for."+service)
}

// counts are the numbers of what waits, in the order they are shown.
func (w Waits) counts() []struct {
	Key string
	N   int
} {
	return []struct {
		Key string
		N   int
	}{{"messages", w.Messages}, {"unanswered", w.Unanswered}, {"webhooks", w.Webhooks}, {"links", w.Links}, {"jobs", w.Jobs}}
}

// seconds writes a time as finely as it is known: to a tenth.
func seconds(ctx context.Context, d time.Duration) string {
	return i18n.T(ctx, "simulator.races.s", "Number", strconv.FormatFloat(d.Seconds(), 'f', 1, 64))
}
