package shop

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"gorm.io/gorm"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Owner is whose a cart is: a guest's session or a customer, never both and never nobody.
type Owner struct{ Session, Customer models.ID }

// Guest tells whether nobody has said who they are.
func (o Owner) Guest() bool { return o.Customer == (models.ID{}) }

// id names the owner among sessions and customers: no two rows have the same.
func (o Owner) id() models.ID {
	if o.Guest() {
		return o.Session
	}
	return o.Customer
}

// known refuses an owner who is nobody or two. Only a mistake of the program makes one.
func (o Owner) known() error {
	if (o.Session == models.ID{}) == (o.Customer == models.ID{}) {
		return errors.New("a cart belongs to a session or to a customer")
	}
	return nil
}

// carts narrows a query to those of the owner.
func (o Owner) carts(q *gorm.DB) *gorm.DB {
	if o.Guest() {
		return q.Where("carts.session_id = ?", o.Session)
	}
	return q.Where("carts.customer_id = ?", o.Customer)
}

// SessionLife is how long a session lasts after it was opened, became a customer's or, for a guest, last changed a
// cart; longer where carts live longer.
const SessionLife = 30 * 24 * time.Hour

func (s *Shop) sessionEnds() time.Time {
	return s.clock.Machine().Truncate(time.Microsecond).Add(max(SessionLife, s.cartLife+24*time.Hour))
}

const tokenBytes = 32

// Session is somebody who uses the shop from one browser or program. Times are machine time.
type Session struct {
	ID        models.ID
	Owner     Owner
	ExpiresAt time.Time
}

// OpenSession begins a guest's session. The token is told once: its digest is kept, and whoever has it is
// the guest.
func (s *Shop) OpenSession(ctx context.Context) (token string, _ Session, err error) {
	token = newToken()
	now := s.clock.Machine().Truncate(time.Microsecond)
	row := models.ShopSession{ID: models.NewID(), Hash: digest(token), CreatedAt: now, ExpiresAt: s.sessionEnds()}
	if err := s.db.On(ctx).Create(&row).Error; err != nil {
		return "", Session{}, fmt.Errorf("open session: %w", err)
	}
	return token, Session{ID: row.ID, Owner: Owner{Session: row.ID}, ExpiresAt: row.ExpiresAt}, nil
}

// Session finds whose a token is. Fault: shop.no_session when it is nobody's or its time is over; whoever
// comes with it is as good as somebody who comes with none.
func (s *Shop) Session(ctx context.Context, token string) (Owner, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return Owner{}, fault.NotFound("shop.no_session")
	}
	var row models.ShopSession
	err := s.db.On(ctx).Where("hash = ? AND expires_at > ?", digest(token), s.clock.Machine()).Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Owner{}, fault.NotFound("shop.no_session")
	}
	if err != nil {
		return Owner{}, fmt.Errorf("read session: %w", err)
	}
	if row.CustomerID != nil {
		return Owner{Customer: *row.CustomerID}, nil
	}
	return Owner{Session: row.ID}, nil
}

// Recognise makes a guest's session that of a customer, whom they have proved to be, and merges the guest's cart
// into the customer's: what was cut comes back. The session goes on under a new token, so that whoever knew
// the old one knows nothing. It asks for no proof: whoever calls it has had one. Fault: shop.no_session when the
// token opens no guest's session.
func (s *Shop) Recognise(ctx context.Context, token string, customer models.ID) (fresh string, cuts []Cut, err error) {
	o, err := s.Session(ctx, token)
	if err != nil {
		return "", nil, err
	}
	if !o.Guest() {
		return "", nil, fault.NotFound("shop.no_session")
	}
	fresh = newToken()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		if cuts, err = s.Merge(ctx, o, Owner{Customer: customer}); err != nil {
			return err
		}
		// After the carts, as whoever shops takes a session's lock. Of two who are recognised at once one stays.
		done := s.db.On(ctx).Model(&models.ShopSession{}).Where("id = ? AND hash = ? AND customer_id IS NULL", o.Session, digest(token)).
			Updates(map[string]any{"hash": digest(fresh), "customer_id": customer, "expires_at": s.sessionEnds()})
		if done.Error != nil {
			return fmt.Errorf("recognise session: %w", done.Error)
		}
		if done.RowsAffected == 0 {
			return fault.NotFound("shop.no_session")
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	return fresh, cuts, nil
}

// seen keeps the session of a guest who changes a cart from ending; once a day is often enough.
func (s *Shop) seen(ctx context.Context, o Owner) error {
	if !o.Guest() {
		return nil
	}
	ends := s.sessionEnds()
	err := s.db.On(ctx).Model(&models.ShopSession{}).Where("id = ? AND expires_at < ?", o.Session, ends.Add(-24*time.Hour)).
		Update("expires_at", ends).Error
	if err != nil {
		return fmt.Errorf("keep session: %w", err)
	}
	return nil
}

// newToken is a fresh secret of tokenBytes.
func newToken() string {
	secret := make([]byte, tokenBytes)
	rand.Read(secret) //nolint:errcheck // never fails: the runtime stops the program instead
	return base64.RawURLEncoding.EncodeToString(secret)
}

func digest(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}
