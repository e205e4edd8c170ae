package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/customers"
	"frontdesk/internal/fault"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/shop"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// Ask is a wish for a code.
type Ask struct {
	Token    string // of the shop's session
	Phone    string // as it was typed
	Language models.Language
	Address  string // the caller's; empty: not counted
}

// Start sends a code to a phone and tells how long it holds. It does the same for every phone, known or not. A session has
// one code a phone: asking again replaces it. Faults: customers.phone at "phone"; shop.no_session;
// identity.too_many with how long to wait.
func (p *Porter) Start(ctx context.Context, a Ask) (holds time.Duration, err error) {
	phone, err := customers.Normalize(a.Phone)
	if err != nil {
		return 0, err
	}
	session, err := p.shop.SessionOf(ctx, a.Token)
	if err != nil {
		return 0, err
	}
	if wait := p.limits.Take(ctx, p.buckets(session.ID, phone, a.Address)...); wait > 0 {
		return 0, fault.TooMany("identity.too_many", wait)
	}
	now := p.clock.Machine().Truncate(time.Microsecond)
	row := models.PhoneCode{
		ID: models.NewID(), SessionID: session.ID, Phone: phone, Language: a.Language, Nonce: make([]byte, 16),
		CreatedAt: now, ExpiresAt: now.Add(CodeLife),
	}
	rand.Read(row.Nonce) //nolint:errcheck // never fails: the runtime stops the program instead
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		err := p.db.On(ctx).Clauses(clause.OnConflict{
			Columns: []clause.Column{{Name: "session_id"}, {Name: "phone"}}, UpdateAll: true,
		}).Create(&row).Error
		if err != nil {
			return fmt.Errorf("keep code: %w", err)
		}
		return p.queue.Enqueue(ctx, queue.PhoneCode{CodeID: row.ID})
	})
	if err != nil {
		return 0, err
	}
	return CodeLife, nil
}

func (p *Porter) buckets(session models.ID, phone, address string) []redisstore.Bucket {
	phone = p.disguise(phone)
	out := []redisstore.Bucket{
		{Name: "code:phone:" + phone, Most: perPhone, Window: CodeLife},
		{Name: "code:day:" + phone, Most: perPhoneDay, Window: day},
		{Name: "code:session:" + session.String(), Most: perSession, Window: CodeLife},
	}
	if address != "" {
		out = append(out, redisstore.Bucket{Name: "code:address:" + redisstore.ByAddress(address), Most: perAddress, Window: addressWindow})
	}
	return out
}

// Answer is a code as somebody tells it.
type Answer struct {
	Token string // of the shop's session that asked
	Phone string
	Code  string
}

// Known is somebody who proved who they are.
type Known struct {
	Token    string // of the session from now on; the old one opens nothing any more
	Customer models.Customer
	Cuts     []shop.Cut // what did not fit into their cart
}

// Complete takes a code. When it is right, the session becomes that of the phone's customer, who is made where there is
// none yet, without a name; what the guest left goes along: cart, orders, words about consent. A code is worth five tries and
// is used once. Faults: customers.phone at "phone"; identity.wrong_code, whatever is the matter: a wrong digit, too
// many tries, its time over, none asked for.
func (p *Porter) Complete(ctx context.Context, a Answer) (Known, error) {
	phone, err := customers.Normalize(a.Phone)
	if err != nil {
		return Known{}, err
	}
	session, err := p.shop.SessionOf(ctx, a.Token)
	if fault.Is(err, "shop.no_session") {
		return Known{}, wrong()
	}
	if err != nil {
		return Known{}, err
	}
	row, err := p.try(ctx, session.ID, phone)
	if err != nil {
		return Known{}, err
	}
	if subtle.ConstantTimeCompare([]byte(p.codeOf(row)), []byte(digits(a.Code))) != 1 {
		return Known{}, wrong()
	}
	var known Known
	err = p.db.InTx(ctx, func(ctx context.Context) error {
		known, err = p.proved(ctx, a.Token, session, row)
		return err
	})
	return known, err
}

// try counts a try before it is judged, so that no burst gets more of them.
func (p *Porter) try(ctx context.Context, session models.ID, phone string) (models.PhoneCode, error) {
	var row models.PhoneCode
	tried := p.db.On(ctx).Raw(`UPDATE phone_codes SET tries = tries + 1
		WHERE session_id = ? AND phone = ? AND tries < ? AND expires_at > ? RETURNING *`,
		session, phone, MaxTries, p.clock.Machine()).Scan(&row)
	if tried.Error != nil {
		return row, fmt.Errorf("try code: %w", tried.Error)
	}
	if tried.RowsAffected == 0 {
		return row, wrong()
	}
	return row, nil
}

// proved uses the code up and lets everything follow, all or nothing. Locks: the code, the customer, the session,
// carts, orders.
func (p *Porter) proved(ctx context.Context, token string, session shop.Session, row models.PhoneCode) (known Known, err error) {
	used := p.db.On(ctx).Where("id = ?", row.ID).Delete(&models.PhoneCode{})
	if used.Error != nil {
		return known, fmt.Errorf("use code: %w", used.Error)
	}
	if used.RowsAffected == 0 {
		return known, wrong() // the same code, told twice at once
	}
	if known.Customer, err = p.people.OfPhone(ctx, row.Phone, row.Language); err != nil {
		return known, err
	}
	if known.Token, known.Cuts, err = p.shop.Recognise(ctx, token, known.Customer.ID); err != nil {
		return known, err
	}
	if session.Owner.Guest() {
		for _, f := range p.followers {
			if err := f.Follow(ctx, session.ID, known.Customer.ID); err != nil {
				return known, err
			}
		}
	}
	return known, nil
}

func wrong() error { return &fault.Fault{Kind: fault.KindInvalid, Key: "identity.wrong_code"} }

// SendCode sends a code; nothing when another one has taken its place, or its time is over. Sent twice it is the same
// code, so that a try whose answer was lost is simply made again.
func (p *Porter) SendCode(ctx context.Context, id models.ID) error {
	var row models.PhoneCode
	err := p.db.On(ctx).Where("id = ? AND expires_at > ? AND sent_at IS NULL", id, p.clock.Machine()).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read code to send: %w", err)
	}
	if err := p.post.Code(ctx, row.Phone, row.Language, p.codeOf(row), row.ID); err != nil {
		return err
	}
	err = p.db.On(ctx).Model(&models.PhoneCode{}).Where("id = ?", id).Update("sent_at", p.clock.Machine()).Error
	if err != nil {
		return fmt.Errorf("note code sent: %w", err)
	}
	return nil
}

// ForgetCodes removes codes whose time is over. It may run twice at once.
func (p *Porter) ForgetCodes(ctx context.Context) error {
	if err := p.db.On(ctx).Exec("DELETE FROM phone_codes WHERE expires_at <= ?", p.clock.Machine()).Error; err != nil {
		return fmt.Errorf("forget codes: %w", err)
	}
	return nil
}
