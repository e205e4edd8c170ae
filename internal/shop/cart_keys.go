package shop

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"

	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// keyLife is how long asking again under a key is harmless, at least.
const keyLife = 24 * time.Hour

// cartKey is what was answered under an owner's key. Its time is machine time.
type cartKey struct {
	OwnerID   models.ID
	Key       string
	Asked     []byte
	Answer    json.RawMessage
	ExpiresAt time.Time
}

// TableName is where keys are kept.
func (cartKey) TableName() string { return "cart_keys" }

func keyFits(key string) bool {
	if !utf8.ValidString(key) || utf8.RuneCountInString(key) > maxKey {
		return false
	}
	for _, r := range key {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}

// asked is the digest of what an Add asks for, its key aside. Ids have one length, so that no two requests
// run together into the same bytes.
func (a Add) asked() []byte {
	sum := sha256.Sum256([]byte(a.ProductID.String() + strconv.Itoa(a.Qty) + " " + a.SKU))
	return sum[:]
}

// answered is what the owner was answered under this key before, if they were. The owner's cart is locked, so that
// nobody answers under it meanwhile; where the cart was another one, the primary key decides. Fault:
// shop.idempotency_conflict when something else was asked for.
func (s *Shop) answered(ctx context.Context, o Owner, a Add) (item models.CartItem, known bool, err error) {
	if a.Key == "" {
		return item, false, nil
	}
	var row cartKey
	err = s.db.On(ctx).Where("owner_id = ? AND key = ? AND expires_at > ?", o.id(), a.Key, s.clock.Machine()).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return item, false, nil
	}
	if err != nil {
		return item, false, fmt.Errorf("look for key: %w", err)
	}
	if string(row.Asked) != string(a.asked()) {
		return item, false, fault.Conflict("shop.idempotency_conflict")
	}
	if err := json.Unmarshal(row.Answer, &item); err != nil {
		return item, false, fmt.Errorf("read answer: %w", err)
	}
	return item, true, nil
}

// answerWith keeps what is answered under the key, in the place of one whose time is over, as a part of a batch.
func (s *Shop) answerWith(b *database.Batch, o Owner, a Add, item models.CartItem) error {
	if a.Key == "" {
		return nil
	}
	body, err := answerOf(item)
	if err != nil {
		return err
	}
	now := s.clock.Machine()
	b.Add(func(q *gorm.DB) *gorm.DB {
		return q.Exec(`INSERT INTO cart_keys (owner_id, key, asked, answer, expires_at) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (owner_id, key) DO UPDATE SET asked = excluded.asked, answer = excluded.answer, expires_at = excluded.expires_at
			WHERE cart_keys.expires_at <= ?`, o.id(), a.Key, a.asked(), body, now.Add(s.keyLife), now)
	}, func(kept int64) error {
		if kept == 0 { // answered in between, from a cart that has ended since
			return fault.Conflict("shop.idempotency_conflict")
		}
		return nil
	})
	return nil
}

// answerFirst is answerWith for a key that nothing was ever answered under; two who find so are told apart by its row.
func (s *Shop) answerFirst(b *database.Batch, o Owner, a Add, item models.CartItem) error {
	if a.Key == "" {
		return nil
	}
	body, err := answerOf(item)
	b.Exec("INSERT INTO cart_keys (owner_id, key, asked, answer, expires_at) VALUES ($1, $2, $3, $4, $5)",
		o.id(), a.Key, a.asked(), body, s.clock.Machine().Add(s.keyLife))
	return err
}

// answerOf is what is kept of a line under a key.
func answerOf(item models.CartItem) (string, error) {
	body, err := json.Marshal(item)
	if err != nil {
		return "", fmt.Errorf("write answer: %w", err)
	}
	return string(body), nil
}
