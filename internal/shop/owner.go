package shop

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/database"
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
	// Edition is the number of the salon's data as the session was read, for who goes on at once (database.PinTo).
	Edition int64
}

// OpenSession begins a guest's session. The token is told once: its digest is kept, and whoever has it is
// the guest.
func (s *Shop) OpenSession(ctx context.Context) (token string, _ Session, err error) {
	token, row := s.newSession()
	if err := s.db.On(ctx).Create(&row).Error; err != nil {
		return "", Session{}, fmt.Errorf("open session: %w", err)
	}
	return token, Session{ID: row.ID, Owner: Owner{Session: row.ID}, ExpiresAt: row.ExpiresAt}, nil
}

// newSession is a guest's session that is not written yet.
func (s *Shop) newSession() (token string, row models.ShopSession) {
	token = newToken()
	now := s.clock.Machine().Truncate(time.Microsecond)
	return token, models.ShopSession{ID: models.NewID(), Hash: digest(token), CreatedAt: now, ExpiresAt: s.sessionEnds()}
}

// Session finds whose a token is. Fault: shop.no_session when it is nobody's or its time is over; whoever
// comes with it is as good as somebody who comes with none.
func (s *Shop) Session(ctx context.Context, token string) (Owner, error) {
	session, err := s.SessionOf(ctx, token)
	return session.Owner, err
}

// SessionOf is Session for who must also know which one it is. Fault: shop.no_session.
func (s *Shop) SessionOf(ctx context.Context, token string) (Session, error) {
	if len(token) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return Session{}, fault.NotFound("shop.no_session")
	}
	if database.InTransaction(ctx) {
		return s.session(s.db.On(ctx).Where("hash = ? AND expires_at > ?", digest(token), s.clock.Machine()))
	}
	var out Session
	var customer *models.ID
	err := s.db.Pool.QueryRow(ctx, "SELECT id, customer_id, expires_at, "+database.EditionInForce+" FROM shop_sessions WHERE hash = $1 AND expires_at > $2",
		digest(token), s.clock.Machine()).Scan(&out.ID, &customer, &out.ExpiresAt, &out.Edition)
	if errors.Is(err, pgx.ErrNoRows) {
		return Session{}, fault.NotFound("shop.no_session")
	}
	if err != nil {
		return Session{}, fmt.Errorf("read session: %w", err)
	}
	out.Owner = Owner{Session: out.ID}
	if customer != nil {
		out.Owner = Owner{Customer: *customer}
	}
	return out, nil
}

// session reads the one session that a query finds. Fault: shop.no_session.
func (s *Shop) session(q *gorm.DB) (Session, error) {
	var row models.ShopSession
	err := q.Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return Session{}, fault.NotFound("shop.no_session")
	}
	if err != nil {
		return Session{}, fmt.Errorf("read session: %w", err)
	}
	out := Session{ID: row.ID, Owner: Owner{Session: row.ID}, ExpiresAt: row.ExpiresAt}
	if row.CustomerID != nil {
		out.Owner = Owner{Customer: *row.CustomerID}
	}
	return out, nil
}

// own is whose a guest's cart is by now, under their session's lock, which comes before any cart's: who was recognised a
// moment ago goes on as the customer, so that nothing is put into a cart that nobody has any more.
// Fault: shop.no_session.
func (s *Shop) own(ctx context.Context, o Owner) (Owner, error) {
	if err := o.known(); err != nil || !o.Guest() {
		return o, err
	}
	session, err := s.session(s.db.On(ctx).Where("id = ?", o.Session).Clauses(clause.Locking{Strength: "NO KEY UPDATE"}))
	return session.Owner, err
}

// Recognise makes a session that of a customer, whom somebody has proved to be, and merges a guest's cart into the
// customer's: what was cut comes back. The session goes on under a new token, so that whoever knew the old one
// knows nothing. Where it was another customer's it ends, and this one gets one of their own: two people share a device,
// not a cart. It asks for no proof: whoever calls it has had one. Fault: shop.no_session.
func (s *Shop) Recognise(ctx context.Context, token string, customer models.ID) (fresh string, cuts []Cut, err error) {
	fresh = newToken()
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		session, err := s.session(s.db.On(ctx).Where("hash = ? AND expires_at > ?", digest(token), s.clock.Machine()).
			Clauses(clause.Locking{Strength: "UPDATE"}))
		if err != nil {
			return err
		}
		if !session.Owner.Guest() && session.Owner.Customer != customer {
			return s.handOver(ctx, session, fresh, customer)
		}
		if session.Owner.Guest() {
			if cuts, err = s.Merge(ctx, session.Owner, Owner{Customer: customer}); err != nil {
				return err
			}
		}
		err = s.db.On(ctx).Model(&models.ShopSession{}).Where("id = ?", session.ID).
			Updates(map[string]any{"hash": digest(fresh), "customer_id": customer, "expires_at": s.sessionEnds()}).Error
		if err != nil {
			return fmt.Errorf("recognise session: %w", err)
		}
		return nil
	})
	if err != nil {
		return "", nil, err
	}
	return fresh, cuts, nil
}

// handOver ends a customer's session and opens one for another.
func (s *Shop) handOver(ctx context.Context, old Session, token string, customer models.ID) error {
	now := s.clock.Machine().Truncate(time.Microsecond)
	if err := s.db.On(ctx).Model(&models.ShopSession{}).Where("id = ?", old.ID).Update("expires_at", now).Error; err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	row := models.ShopSession{ID: models.NewID(), Hash: digest(token), CustomerID: &customer, CreatedAt: now, ExpiresAt: s.sessionEnds()}
	if err := s.db.On(ctx).Create(&row).Error; err != nil {
		return fmt.Errorf("open session: %w", err)
	}
	return nil
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
