package thread

import (
	"context"
	"fmt"
	"time"

	"frontdesk/models"
)

// Filter narrows the inbox. The zero value lists everything.
type Filter struct {
	// Before and BeforeID are the last row of the page before.
	Before   *time.Time
	BeforeID models.ID
	HumanAt  *time.Time // only conversations that staff hold at this business time
	Limit    int        // [50]
}

// Row is one line of the inbox.
type Row struct {
	Conversation models.Conversation
	Contact      models.Contact
	Customer     *models.Customer // nil before the name is known
	Last         *models.Message
}

// List is a page of the inbox, most recent first.
func (t *Thread) List(ctx context.Context, f Filter) ([]Row, error) {
	q := t.db.On(ctx).Order("last_message_at DESC NULLS LAST, id DESC")
	if f.Before != nil {
		q = q.Where("(last_message_at, id) < (?, ?)", *f.Before, f.BeforeID)
	}
	if f.HumanAt != nil {
		q = q.Where("human_until > ?", *f.HumanAt)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	var convs []models.Conversation
	if err := q.Limit(f.Limit).Find(&convs).Error; err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	return t.rows(ctx, convs)
}

// rows adds people and last words to conversations, in three queries whatever their number.
func (t *Thread) rows(ctx context.Context, convs []models.Conversation) ([]Row, error) {
	if len(convs) == 0 {
		return nil, nil
	}
	contactIDs, convIDs := make([]models.ID, len(convs)), make([]models.ID, len(convs))
	for i, c := range convs {
		contactIDs[i], convIDs[i] = c.ContactID, c.ID
	}
	var contacts []models.Contact
	if err := t.db.On(ctx).Where("id IN ?", contactIDs).Find(&contacts).Error; err != nil {
		return nil, fmt.Errorf("list contacts: %w", err)
	}
	var people []models.Customer
	err := t.db.On(ctx).Where("id IN (SELECT customer_id FROM contacts WHERE id IN ?)", contactIDs).Find(&people).Error
	if err != nil {
		return nil, fmt.Errorf("list customers: %w", err)
	}
	var last []models.Message
	err = t.db.On(ctx).Where(`seq IN (SELECT m.seq FROM conversations c, LATERAL
		(SELECT seq FROM messages WHERE conversation_id = c.id ORDER BY seq DESC LIMIT 1) AS m WHERE c.id IN ?)`, convIDs).Find(&last).Error
	if err != nil {
		return nil, fmt.Errorf("list last messages: %w", err)
	}
	rows := make([]Row, len(convs))
	for i, c := range convs {
		rows[i].Conversation = c
		for _, contact := range contacts {
			if contact.ID == c.ContactID {
				rows[i].Contact = contact
			}
		}
		for j := range people {
			if rows[i].Contact.CustomerID != nil && people[j].ID == *rows[i].Contact.CustomerID {
				rows[i].Customer = &people[j]
			}
		}
		for j := range last {
			if last[j].ConversationID == c.ID {
				rows[i].Last = &last[j]
			}
		}
	}
	return rows, nil
}
