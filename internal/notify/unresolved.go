package notify

import (
	"context"
	"strings"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/database"
	"frontdesk/models"
)

// EventTemplateUnresolved tells those on duty that a template could not be sent.
const EventTemplateUnresolved = "template.unresolved"

// CountUnresolved starts the names under which templates that could not be sent are counted; the reason follows.
const CountUnresolved = "template_unresolved_"

// Unresolved counts a template that could not be sent and tells the people on duty, once a day for each template,
// language and reason.
func (p *Post) Unresolved(ctx context.Context, u content.Unresolved) error {
	database.AfterCommit(ctx, func() { p.count(CountUnresolved + string(u.Why)) })
	_, err := p.notice(ctx, models.Notice{
		Event: EventTemplateUnresolved,
		DedupeKey: strings.Join([]string{
			EventTemplateUnresolved, u.Name, u.Language, string(u.Why), p.clock.Now().UTC().Format(time.DateOnly),
		}, ":"),
	})
	return err
}

// UnresolvedTemplate is what an EventTemplateUnresolved notice is about; false for others.
func UnresolvedTemplate(n models.Notice) (content.Unresolved, bool) {
	parts := strings.Split(n.DedupeKey, ":")
	if n.Event != EventTemplateUnresolved || len(parts) != 5 {
		return content.Unresolved{}, false
	}
	return content.Unresolved{Name: parts[1], Language: parts[2], Why: content.UnresolvedReason(parts[3])}, true
}
