package queue

import (
	"github.com/riverqueue/river"

	"frontdesk/models"
)

// PrivacyErasure redacts what is known of somebody who is to be erased.
type PrivacyErasure struct {
	RequestID models.ID `json:"request_id"`
}

// Kind is the job's name.
func (PrivacyErasure) Kind() string { return "privacy.erasure" }

// InsertOpts gives it the attempts of work on our own rows.
func (PrivacyErasure) InsertOpts() river.InsertOpts { return opts(attemptsOwn) }
