package notify

import (
	"context"
	"errors"

	"frontdesk/models"
)

func (p *Post) Flush(ctx context.Context, conversationID models.ID, jobID int64) error { return errors.New("later") }
func (p *Post) Track(ctx context.Context, e models.ProviderEvent) (string, error)      { return "", errors.New("later") }
func (p *Post) Stylist(ctx context.Context, appointmentID models.ID, event string) error {
	return errors.New("later")
}
func (p *Post) Case(ctx context.Context, caseID models.ID) error { return errors.New("later") }
