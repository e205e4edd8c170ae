package shop

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"frontdesk/internal/clock"
	"frontdesk/internal/database"
	"frontdesk/internal/fault"
	"frontdesk/internal/settings"
	"frontdesk/internal/testkit"
	"frontdesk/jobs/queue"
	"frontdesk/models"
)

// stall is a shop with nothing on its shelves, on a database and a clock of its own.
type stall struct {
	*Shop
	t        testing.TB
	ctx      context.Context
	db       *database.DB
	hand     *clock.Hand
	settings *settings.Store
}

func openStall(t testing.TB) *stall {
	t.Helper()
	c, hand := clock.Fixed(time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC))
	db := testkit.DB(t, c)
	policies := settings.New(db, c)
	return &stall{
		Shop: New(db, c, queue.New(db), policies, testkit.Redis(t)), t: t, ctx: context.Background(), db: db, hand: hand, settings: policies,
	}
}

func (s *stall) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// refused checks that err is the fault of a key.
func (s *stall) refused(err error, key string) {
	s.t.Helper()
	if !fault.Is(err, key) {
		s.t.Errorf("got %v, want %s", err, key)
	}
}

// product puts one onto the shelves.
func (s *stall) product(minor int64, stock int, currency string) models.Product {
	s.t.Helper()
	p := models.Product{ID: models.NewID(), PriceMinor: minor, Currency: currency, Stock: stock, Active: true, Names: models.Text{"en": "Shampoo", "es": "Champú", "ar": "شامبو"}}
	p.SKU = "SKU-" + p.ID.String()
	s.must(s.db.On(s.ctx).Omit("Category", "Media").Create(&p).Error)
	return p
}

// changes writes a column of a product.
func (s *stall) changes(p models.Product, column string, value any) {
	s.t.Helper()
	s.must(s.db.On(s.ctx).Model(&models.Product{}).Where("id = ?", p.ID).Update(column, value).Error)
}

func (s *stall) guest() Owner {
	s.t.Helper()
	_, session, err := s.OpenSession(s.ctx)
	s.must(err)
	return session.Owner
}

func (s *stall) customer() Owner {
	s.t.Helper()
	c := models.Customer{ID: models.NewID(), Name: "Ana", Language: "es"}
	s.must(s.db.On(s.ctx).Create(&c).Error)
	return Owner{Customer: c.ID}
}

func (s *stall) puts(o Owner, p models.Product, qty int) models.CartItem {
	s.t.Helper()
	item, err := s.Add(s.ctx, o, Add{ProductID: p.ID, Qty: qty})
	s.must(err)
	return item
}

// see reads a cart, and checks that it adds up and that the row says the same once its lines' prices do.
func (s *stall) see(o Owner) models.Cart {
	s.t.Helper()
	cart, err := s.Cart(s.ctx, o)
	s.must(err)
	if err := addsUp(cart); err != nil {
		s.t.Error(err)
	}
	return cart
}

// addsUp checks a cart by other means than the rule.
func addsUp(c models.Cart) error {
	var sum int64
	seen := map[models.ID]bool{}
	for _, i := range c.Items {
		sum += int64(i.Qty) * i.PriceMinor
		if i.TotalMinor != int64(i.Qty)*i.PriceMinor || i.Currency != c.Currency || i.Qty < 1 || i.Qty > MaxQty || seen[i.ProductID] {
			return fmt.Errorf("line %+v in a cart of %s", i, c.Currency)
		}
		seen[i.ProductID] = true
	}
	if len(c.Items) > MaxLines || c.SubtotalMinor != sum || c.TotalMinor != c.SubtotalMinor+c.TaxMinor+c.ShippingMinor {
		return fmt.Errorf("%d lines, %d + %d + %d = %d, lines come to %d", len(c.Items), c.SubtotalMinor, c.TaxMinor, c.ShippingMinor, c.TotalMinor, sum)
	}
	return nil
}

// stored is the row of a cart as it is written.
func (s *stall) stored(id models.ID) models.Cart {
	s.t.Helper()
	var c models.Cart
	s.must(s.db.On(s.ctx).Take(&c, "id = ?", id).Error)
	return c
}

func left(err error) any {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return nil
	}
	return f.Facts["Left"]
}

func (s *stall) now() time.Time { return s.clock.Now() }
