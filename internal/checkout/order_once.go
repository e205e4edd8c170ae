package checkout

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/database"
	"frontdesk/internal/settings"
	"frontdesk/models"
)

// placeAtOnce is PlaceOrder for what most orders are: a guest's first of a cart that is as they saw it. It is a transaction of
// two trips. Where there is more to it, done is false and nothing has been written: place, which knows it all, is gone then,
// also where a constraint refuses what somebody else was writing meanwhile.
func (t *Till) placeAtOnce(ctx context.Context, r OrderRequest, p settings.Policies) (o models.Order, done bool, err error) {
	if !r.Owner.Guest() || r.Channel == ChannelWhatsApp || r.Method == models.MethodCOD && !p.ShopCOD || database.InTransaction(ctx) {
		return o, false, nil
	}
	ask := t.db.Batch()
	asked := t.goods.AskCart(ask, r.Owner)
	address := t.askAddress(ask, r)
	known := false
	if r.Key != "" {
		ask.Read(func(pgx.Rows) error { known = true; return nil }, "SELECT FROM order_keys WHERE owner_id = $1 AND key = $2", ownerID(r.Owner), r.Key)
	}
	done, err = t.db.InTwoTrips(ctx, ask, func(ctx context.Context) (*database.Batch, error) {
		if known {
			return nil, nil
		}
		cart, ready, short := asked.Ready(p)
		if !ready || r.unpayable(cart) {
			return nil, nil
		}
		if short != nil {
			return nil, short
		}
		b := t.db.Batch()
		t.writeAddress(b, address)
		var to *models.Address
		if address != nil {
			to = &address.Address
		}
		o = t.draft(r, cart, to, p)
		if err := t.writeNew(ctx, b, o, func() { t.goods.HoldAtOnce(b, o.ID, linesOf(o)) }); err != nil {
			return nil, err
		}
		return b, t.answerAtOnce(b, r, o)
	})
	switch {
	case database.Refused(err):
		return models.Order{}, false, nil
	case err != nil:
		return models.Order{}, false, fmt.Errorf("place order: %w", err)
	}
	return o, done, nil
}

// askedAddress is an address that is written with its order unless it was there.
type askedAddress struct {
	models.Address
	kept bool
}

// askAddress adds the question whether the owner has used an address before; nil for none.
func (t *Till) askAddress(b *database.Batch, r OrderRequest) *askedAddress {
	if r.Address == nil {
		return nil
	}
	in, now := *r.Address, t.clock.Now().Truncate(time.Microsecond)
	a := &askedAddress{Address: models.Address{
		ID: models.NewID(), SessionID: &r.Owner.Session, Digest: digestOf(in), Name: in.Name, Phone: in.Phone, Line1: in.Line1, Line2: in.Line2, City: in.City,
		Region: in.Region, Country: in.Country, PostalCode: in.PostalCode, CreatedAt: now,
	}}
	b.Read(func(row pgx.Rows) error {
		a.kept = true
		return row.Scan(&a.ID, &a.CreatedAt)
	}, "SELECT id, created_at FROM addresses WHERE coalesce(customer_id, session_id) = $1 AND digest = $2", ownerID(r.Owner), a.Digest)
	return a
}

// writeAddress adds an address that is not there yet to a batch.
func (t *Till) writeAddress(b *database.Batch, a *askedAddress) {
	if a == nil || a.kept {
		return
	}
	b.Exec(`INSERT INTO addresses (id, session_id, digest, name, phone, line1, line2, city, region, country, postal_code, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		a.ID, a.SessionID, a.Digest, a.Name, a.Phone, a.Line1, a.Line2, a.City, a.Region, a.Country, a.PostalCode, a.CreatedAt)
}
