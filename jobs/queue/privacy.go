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

// PrivacyChatwoot has the contact of a conversation deleted in Chatwoot, whose person is erased here. Its ids are Chatwoot's.
type PrivacyChatwoot struct {
	RequestID  models.ID `json:"request_id"`
	AccountID  int64     `json:"account_id"`
	ChatwootID int64     `json:"chatwoot_id"`
}

// Kind is the job's name.
func (PrivacyChatwoot) Kind() string { return "privacy.chatwoot" }

// InsertOpts gives it the attempts of calls to a provider.
func (PrivacyChatwoot) InsertOpts() river.InsertOpts { return opts(attemptsProvider) }
