package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"frontdesk/internal/content"
	"frontdesk/internal/i18n"
	"frontdesk/internal/whatsapp"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// codePause is between two tries to send a code; somebody is waiting for it before a page.
const codePause = 2 * time.Second

// Code sends a code to a phone at once, by the template that Meta has for codes. It leaves no message: whoever reads the
// conversation, its archive or a backup finds no code. ourID comes back with the statuses, of which only a failure is news. While
// WhatsApp is away, or has left a try without an answer, it is a *queue.Later: the same code twice does no harm. What
// WhatsApp refuses for good is counted and told to those on duty, and nil comes back: nobody could do better by trying again.
func (p *Post) Code(ctx context.Context, phone string, lang models.Language, secret string, ourID models.ID) error {
	template, err := p.content.Resolve(ctx, content.VerifyCode, lang, i18n.Facts{"Code": secret})
	if errors.Is(err, content.ErrUnresolved) {
		return nil
	}
	if err != nil {
		return err
	}
	wire, err := whatsapp.CompileCode(*template, phone, ourID.String())
	if err != nil {
		return fmt.Errorf("write code: %w", err)
	}
	_, err = p.whatsapp.Send(ctx, wire)
	var refused *whatsapp.Error
	switch {
	case err == nil:
		return nil
	case !errors.As(err, &refused):
		return err
	case refused.Kind == whatsapp.Retry, refused.Kind == whatsapp.Uncertain:
		return &queue.Later{After: max(refused.After, codePause), Reason: "a code is not sent yet"}
	default:
		slog.WarnContext(ctx, "code not sent", "why", code(refused))
		return p.codeUnsent(ctx, code(refused))
	}
}
