package cases

import (
	"context"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/conversations"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// Page is the open cases, the longest wait first.
type Page struct {
	Rows     []Row
	MoreURL  string
	CSRF     string
	Filtered bool
	Paces    []ui.Chip
	Pace     string
	Reasons  []ui.Option
	Reason   string
}

// Row is one open case.
type Row struct {
	conversations.Case
	Customer string // empty before the name is known
	URL      string // its conversation
	Keep     conversations.Keeper
	MayAct   bool
	Timers   Timers
	Lines    []Line
	Visit    *diary.Card // nil: it is about none, or the reader may not see it
	Told     []Told
}

// Timers are the clocks of a case, in words. All but Open count opening hours.
type Timers struct {
	Open     string
	Waited   string
	Answered string // empty: nobody has answered
	Promised string
	Breached bool // a person's first word is late, or was
}

// Line is one message that a case quotes. From is customer, assistant or person.
type Line struct {
	At   time.Time
	From string
	Text string
}

// Told is one way in which people were told. Who is empty for everyone on duty; Status for the console.
type Told struct {
	Who, Channel, Status string
	At                   time.Time
}

func (t Told) who(ctx context.Context) string {
	if t.Who == "" {
		return i18n.T(ctx, "cases.told.duty")
	}
	return t.Who
}

func (t Told) how(ctx context.Context) string {
	if t.Status == "" {
		return i18n.T(ctx, "cases.told.console")
	}
	return ui.Word(ctx, "notify.channel", t.Channel) + ", " + ui.Word(ctx, "notify.delivery", t.Status)
}

func reopening(ctx context.Context, k conversations.Case) string {
	if k.Silent {
		return i18n.T(ctx, "cases.reopen.effect_silent")
	}
	return i18n.T(ctx, "cases.reopen.effect")
}

// labels are the answers to "did this need a person?".
func labels(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, l := range models.CaseLabels() {
		out = append(out, ui.Option{Value: string(l), Label: i18n.T(ctx, "cases.label."+string(l)), Hint: i18n.T(ctx, "cases.label."+string(l)+".hint")})
	}
	return out
}

func effect(ctx context.Context, a After) string {
	if !a.Human {
		return ""
	}
	return i18n.T(ctx, "cases.resolve.effect")
}

func blocked(ctx context.Context, k conversations.Case) string {
	if k.Status == models.CaseOpen {
		return ""
	}
	return i18n.T(ctx, "cases.resolve.done")
}
