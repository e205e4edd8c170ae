// Package identity finds out that a phone is whose it is said to be: a code goes there by WhatsApp, and whoever
// tells it is that person. It owns the codes and what follows a proof: the customer of the phone, the session
// that becomes theirs, the cart, the orders and the words about consent that were left in it. It must never tell
// whether a phone is known, and a code stands in no table, job, log or message of a thread.
package identity

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/customers"
	"frontdesk/internal/database"
	"frontdesk/internal/notify"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// A code, and how it may be tried.
const (
	CodeDigits = 6
	CodeLife   = 10 * time.Minute
	MaxTries   = 5
)

// How many codes may be asked for.
const (
	perPhone      = 3 // in a CodeLife
	perPhoneDay   = 10
	perSession    = 5 // in a CodeLife
	perAddress    = 20
	addressWindow = time.Hour
	day           = 24 * time.Hour
)

// Follower takes what it holds of a guest's session along to the customer whom the session turned out to be. It is
// called in the transaction of the proof, after the carts are merged.
type Follower interface {
	Follow(ctx context.Context, session, customer models.ID) error
}

// Porter lets people in by their phone. Safe for concurrent use by any number of processes.
type Porter struct {
	db        *database.DB
	clock     clock.Clock
	queue     *queue.Queue
	people    *customers.Registry
	shop      *shop.Shop
	post      *notify.Post
	limits    *redisstore.Limiter
	key       []byte
	followers []Follower
}

// New makes a porter. The key of the codes is derived from a passphrase that all processes share; without one it is
// this process's own, and no code outlives it.
func New(db *database.DB, c clock.Clock, q *queue.Queue, people *customers.Registry, s *shop.Shop, post *notify.Post, redis *redisstore.Store,
	passphrase string, followers ...Follower) *Porter {
	if passphrase == "" {
		passphrase = rand.Text()
	}
	key := sha256.Sum256([]byte("frontdesk phone codes\x00" + passphrase))
	return &Porter{
		db: db, clock: c, queue: q, people: people, shop: s, post: post, limits: redisstore.NewLimiter(redis, c), key: key[:], followers: followers,
	}
}

// codeOf is the code of a row: made of its id, its nonce, its session and its phone, so that a code of one is worth
// nothing for another.
func (p *Porter) codeOf(row models.PhoneCode) string {
	mac := hmac.New(sha256.New, p.key)
	for _, part := range [][]byte{row.ID[:], row.Nonce, row.SessionID[:], []byte(row.Phone)} {
		mac.Write(part)
	}
	n := binary.BigEndian.Uint64(mac.Sum(nil)) % 1_000_000 // 2^64 is so much more that no code is likelier than another
	return fmt.Sprintf("%0*d", CodeDigits, n)
}

// disguise is the name a phone is counted under: nobody reads numbers in Redis.
func (p *Porter) disguise(phone string) string {
	mac := hmac.New(sha256.New, p.key)
	mac.Write([]byte("limit\x00" + phone))
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// digits is a typed code in Western digits, without the spaces people put between them.
func digits(typed string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		case r == ' ' || r == '-' || r == '\u00a0':
			return -1
		default:
			return r
		}
	}, typed)
}
