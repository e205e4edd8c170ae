package shop

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"frontdesk/internal/fault"
	"frontdesk/models"
)

// walk is a random day in the shop: three guests and a customer, few products, everything that may happen.
type walk struct {
	*stall
	rng      *rand.Rand
	owners   []Owner
	products []models.Product
}

// Whatever is done in whatever order, every cart adds up, as it is read and as it is written, and nothing
// but a fault refuses.
func TestCartsAddUpWhateverHappens(t *testing.T) {
	t.Parallel()
	for seed := range uint64(4) {
		s := openStall(t)
		w := &walk{stall: s, rng: rand.New(rand.NewPCG(seed, 1)), owners: []Owner{s.guest(), s.guest(), s.guest(), s.customer()}}
		for i := range 8 {
			currency := "EUR"
			if i == 7 {
				currency = "USD"
			}
			w.products = append(w.products, s.product(w.rng.Int64N(6000), w.rng.IntN(30), currency))
		}
		for step := range 150 {
			err := w.step()
			var f *fault.Fault
			if err != nil && !errors.As(err, &f) {
				t.Fatalf("seed %d, step %d: %v", seed, step, err)
			}
			w.hold(seed, step)
		}
	}
}

// step does one thing, by anybody.
func (w *walk) step() error {
	o, p := w.owners[w.rng.IntN(len(w.owners))], w.products[w.rng.IntN(len(w.products))]
	var err error
	switch w.rng.IntN(12) {
	case 0:
		w.changes(p, "price_minor", w.rng.Int64N(6000))
	case 1:
		w.changes(p, "stock", w.rng.IntN(60))
	case 2:
		w.changes(p, "active", w.rng.IntN(4) > 0)
	case 3:
		_, err = w.Merge(w.ctx, w.owners[w.rng.IntN(3)], w.owners[3])
	case 4:
		w.hand.Advance(time.Duration(w.rng.IntN(48)) * time.Hour)
		_, err = w.ExpireCarts(w.ctx)
	case 5:
		err = w.settings.Set(w.ctx, "shop.shipping_flat_minor", w.rng.IntN(3000), "test")
	case 6, 7:
		_, err = w.SetQty(w.ctx, o, w.line(o), w.rng.IntN(12))
	case 8:
		err = w.Remove(w.ctx, o, w.line(o))
	default:
		_, err = w.Add(w.ctx, o, Add{ProductID: p.ID, Qty: 1 + w.rng.IntN(9), Key: []string{"", "", "one", "two"}[w.rng.IntN(4)]})
	}
	return err
}

// line is one of somebody's lines, or one that nobody has.
func (w *walk) line(o Owner) models.ID {
	items := w.see(o).Items
	if len(items) == 0 {
		return models.NewID()
	}
	return items[w.rng.IntN(len(items))].ID
}

// hold checks every cart: as it is read, and as its row says with the prices its lines were written at.
func (w *walk) hold(seed uint64, step int) {
	w.t.Helper()
	p, err := w.settings.Policies(w.ctx)
	w.must(err)
	for _, o := range w.owners {
		cart := w.see(o)
		if want := shipping(cart.SubtotalMinor, len(cart.Items) == 0, p.Shipping(cart.Currency)); cart.ShippingMinor != want {
			w.t.Fatalf("seed %d, step %d: shipping %d, want %d", seed, step, cart.ShippingMinor, want)
		}
		if cart.ID == (models.ID{}) {
			continue
		}
		var lines int64
		w.must(w.db.On(w.ctx).Raw("SELECT coalesce(sum(total_minor), 0) FROM cart_items WHERE cart_id = ? AND removed_at IS NULL", cart.ID).Scan(&lines).Error)
		if row := w.stored(cart.ID); row.SubtotalMinor != lines || row.TotalMinor != lines+row.TaxMinor+row.ShippingMinor {
			w.t.Fatalf("seed %d, step %d: written are %+v and lines of %d", seed, step, row, lines)
		}
	}
}
