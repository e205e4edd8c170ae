package notify

import (
	"context"
	"errors"

	"frontdesk/internal/fault"
	"frontdesk/internal/whatsapp"
)

// Medium fetches a file that a customer sent by WhatsApp, of at most so many bytes. Fault: notify.medium_gone when
// WhatsApp has it no more, or it is larger. Every other error may pass.
func (p *Post) Medium(ctx context.Context, id string, most int) ([]byte, error) {
	data, err := p.whatsapp.Medium(ctx, id, most)
	var failed *whatsapp.Error
	if errors.As(err, &failed) && failed.Kind == whatsapp.Rejected {
		return nil, fault.NotFound("notify.medium_gone")
	}
	return data, err
}
