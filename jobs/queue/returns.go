package queue

import (
	"github.com/riverqueue/river"

	"frontdesk/models"
)

// ReturnPhoto fetches a picture that a customer sent of what they return.
type ReturnPhoto struct {
	PhotoID models.ID `json:"photo_id"`
}

// Kind is the job's name.
func (ReturnPhoto) Kind() string { return "return.photo" }

// InsertOpts lets it wait for WhatsApp as long as any provider's work waits.
func (ReturnPhoto) InsertOpts() river.InsertOpts { return opts(attemptsProvider) }
