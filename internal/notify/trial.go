package notify

import (
	"context"
	"errors"
	"slices"
	"time"

	"frontdesk/internal/audit"
	"frontdesk/internal/content"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/whatsapp"
	"frontdesk/models"
)

// trialTime is how long somebody who sends a trial is kept waiting.
const trialTime = 6 * time.Second

// WithTestNumbers sets the numbers that trials of templates may go to, in E.164.
func WithTestNumbers(numbers []string) Option { return func(p *Post) { p.testNumbers = numbers } }

// TestNumbers are the numbers that trials may go to.
func (p *Post) TestNumbers() []string { return slices.Clone(p.testNumbers) }

// Trial is a template as somebody of the salon tries it out.
type Trial struct {
	Template string
	Language models.Language
	Phone    string // one of TestNumbers
	StaffID  models.ID
	Reason   string
}

// Try sends a template with its samples to a test number, at once and outside every conversation, so that its sender sees
// what Meta says of it. It is audited, without the number. Faults: notify.trial.number at "to"; content.no_such_template;
// notify.trial.refused with Meta's code; notify.trial.away.
func (p *Post) Try(ctx context.Context, t Trial) error {
	if !slices.Contains(p.testNumbers, t.Phone) {
		return fault.Invalid("notify.reply", map[string]string{"to": "notify.trial.number"})
	}
	templates, err := p.content.Templates(ctx)
	if err != nil {
		return err
	}
	row, found := templates.Find(t.Template, t.Language)
	if !found || row.Language != t.Language {
		return fault.NotFound("content.no_such_template")
	}
	facts := i18n.Facts{}
	for _, name := range row.Values {
		facts[name] = p.content.TemplateSample(row, "{{."+name+"}}")
	}
	template, err := templates.Compose(t.Template, t.Language, facts)
	if err != nil {
		return err
	}
	compile := func() (whatsapp.Message, error) {
		return whatsapp.Compile(models.Content{Kind: models.KindTemplate, Template: template}, t.Phone, "")
	}
	if content.OnlyCode(t.Template) {
		compile = func() (whatsapp.Message, error) { return whatsapp.CompileCode(*template, t.Phone, "") }
	}
	wire, err := compile()
	if err != nil {
		return err
	}
	if err := p.tried(ctx, wire); err != nil {
		return err
	}
	return p.log.Record(ctx, audit.Entry{
		Actor: "staff:" + t.StaffID.String(), Action: "template.tested", SubjectKind: "template_text", SubjectID: t.Template + ":" + t.Language, Reason: t.Reason,
	})
}

// tried makes the call, and puts what came of it into words.
func (p *Post) tried(ctx context.Context, wire whatsapp.Message) error {
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	_, err := p.whatsapp.Send(ctx, wire)
	var refused *whatsapp.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && refused.Kind == whatsapp.Rejected:
		f := fault.Conflict("notify.trial.refused")
		f.Facts = map[string]any{"Code": code(refused)}
		return f
	default:
		return fault.Unavailable("notify.trial.away", err)
	}
}
