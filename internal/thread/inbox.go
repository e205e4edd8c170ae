package thread

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"

	"frontdesk/models"
)

// Filter narrows the inbox. The zero value lists everything.
type Filter struct {
	// Before and BeforeID are the last row of the page before.
	Before   *time.Time
	BeforeID models.ID
	HumanAt  *time.Time  // only conversations that staff hold at this business time
	Holder   *models.ID  // only those this person has taken over and, with HumanAt, still holds
	Failed   *time.Time  // only those with a message since then that did not arrive
	Only     []models.ID // only these; nil: all
	Name     string      // only people whose name, or name on the channel, contains this
	Phone    string      // or whose number contains these digits
	Limit    int         // [50]
}

// Row is one line of the inbox.
type Row struct {
	Conversation models.Conversation
	Contact      models.Contact
	Customer     *models.Customer // nil before the name is known
	Last         *models.Message
}

// List is a page of the inbox, most recent first: customers only, and only where something was said. Both
// conditions are put so that a page costs the same however many conversations there are: row by row along
// the index.
func (t *Thread) List(ctx context.Context, f Filter) ([]Row, error) {
	q := t.db.On(ctx).Order("last_message_at DESC NULLS LAST, id DESC").Where("last_message_at IS NOT NULL").
		Where("NOT EXISTS (SELECT 1 FROM contacts k WHERE k.id = contact_id AND k.stylist_id IS NOT NULL)") // notices to our own people are no inbox
	if f.Before != nil {
		q = q.Where("(last_message_at, id) < (?, ?)", *f.Before, f.BeforeID)
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	var convs []models.Conversation
	if err := f.narrow(q).Limit(f.Limit).Find(&convs).Error; err != nil {
		return nil, fmt.Errorf("list conversations: %w", err)
	}
	return t.rows(ctx, convs)
}

// minPhone is how many digits make a part of a number rather than of a house.
const minPhone = 3

func (f Filter) narrow(q *gorm.DB) *gorm.DB {
	if f.Only != nil {
		q = q.Where("id IN ?", f.Only)
	}
	if f.HumanAt != nil {
		q = q.Where("human_until > ?", *f.HumanAt)
	}
	if f.Holder != nil {
		q = q.Where("assignee_id = ?", *f.Holder)
	}
	if f.Failed != nil {
		q = q.Where(`EXISTS (SELECT 1 FROM messages m WHERE m.conversation_id = conversations.id AND m.direction = 'out'
			AND m.status = 'failed' AND m.class <> 'notice' AND m.created_at >= ?)`, *f.Failed)
	}
	if f.Name == "" && f.Phone == "" {
		return q
	}
	var ways []string
	if f.Name != "" { // nothing is contained in every name
		ways = append(ways, "SELECT id FROM contacts WHERE profile_name ILIKE @name OR customer_id IN (SELECT id FROM customers WHERE (name || ' ' || surname) ILIKE @name)")
	}
	if len(f.Phone) >= minPhone {
		ways = append(ways, "SELECT id FROM contacts WHERE address LIKE @phone")
	}
	if len(ways) == 0 {
		return q.Where("false")
	}
	found := strings.Join(ways, " UNION ")
	return q.Where("contact_id IN ("+found+")", map[string]any{"name": containing(f.Name), "phone": containing(f.Phone)})
}

// containing is the pattern of texts that hold these characters, whatever they are.
func containing(s string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(s) + "%"
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
	var customerIDs []models.ID
	for _, c := range contacts {
		if c.CustomerID != nil {
			customerIDs = append(customerIDs, *c.CustomerID)
		}
	}
	var people []models.Customer
	err := t.db.On(ctx).Where("id IN ?", customerIDs).Find(&people).Error
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

// Failed lists the conversations whose messages could not be delivered since a time, with the newest
// such message as the last: those where it failed last, when there are more than the limit.
func (t *Thread) Failed(ctx context.Context, since time.Time, limit int) ([]Row, error) {
	var failed []models.Message
	err := t.db.On(ctx).Raw(`SELECT * FROM (
			SELECT DISTINCT ON (conversation_id) * FROM messages
			WHERE direction = 'out' AND status = 'failed' AND class <> 'notice' AND created_at >= ?
			ORDER BY conversation_id, seq DESC) newest
		ORDER BY seq DESC LIMIT ?`, since, limit).Scan(&failed).Error
	if err != nil {
		return nil, fmt.Errorf("list failed messages: %w", err)
	}
	ids := make([]models.ID, len(failed))
	for i, m := range failed {
		ids[i] = m.ConversationID
	}
	rows, err := t.List(ctx, Filter{Only: ids, Limit: limit})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		for j := range failed {
			if failed[j].ConversationID == rows[i].Conversation.ID {
				rows[i].Last = &failed[j]
			}
		}
	}
	return rows, nil
}
