package queue

import "frontdesk/models"

// ChatwootStatus lets a conversation stand in Chatwoot as it does here: open while people have it, pending
// while the assistant has.
type ChatwootStatus struct {
	ConversationID models.ID `json:"conversation_id"`
}

// Kind is how the console and the dead letters name it.
func (ChatwootStatus) Kind() string { return "chatwoot.status" }
