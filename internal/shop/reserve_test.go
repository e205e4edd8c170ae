package shop_test

import (
	"context"
	"testing"

	"frontdesk/internal/fault"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// ordered is an order that waits, of so many of a product.
func (h *house) ordered(p models.Product, qty int) models.ID {
	h.t.Helper()
	ctx := context.Background()
	_, session, err := h.OpenSession(ctx)
	h.must(err)
	cart, err := h.OpenCart(ctx, session.Owner)
	h.must(err)
	now, id := h.clock.Now(), models.NewID()
	until := now.AddDate(0, 0, 1)
	o := models.Order{
		ID: id, Number: id.String(), SessionID: &session.ID, CartID: cart.ID, Method: models.MethodCOD, Status: models.OrderPendingCOD,
		Language: "en", Channel: "web", Currency: "EUR", ReservedUntil: &until, CreatedAt: now, UpdatedAt: now,
	}
	h.must(h.db.On(ctx).Omit("Address", "Items").Create(&o).Error)
	h.must(h.db.InTx(ctx, func(ctx context.Context) error { return h.Reserve(ctx, id, []shop.Line{{ProductID: p.ID, Qty: qty}}) }))
	return id
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// inTx does something with an order's stock.
func (h *house) inTx(do func(ctx context.Context, order models.ID) error, order models.ID) {
	h.t.Helper()
	h.must(h.db.InTx(context.Background(), func(ctx context.Context) error { return do(ctx, order) }))
}

func (h *house) wantStock(sku string, stock, reserved int) {
	h.t.Helper()
	p, err := h.ProductBySKU(context.Background(), sku)
	h.must(err)
	if p.Stock != stock || p.Reserved != reserved || p.Left() != max(stock-reserved, 0) {
		h.t.Errorf("stock %d, held back %d; want %d and %d", p.Stock, p.Reserved, stock, reserved)
	}
}

func TestWhatAnOrderHoldsBack(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	ctx := context.Background()
	p, err := h.ProductBySKU(ctx, "OIL-ARG")
	h.must(err)
	first := h.ordered(p, 3)
	h.wantStock("OIL-ARG", 5, 3)
	_, session, err := h.OpenSession(ctx)
	h.must(err)
	_, err = h.Add(ctx, session.Owner, shop.Add{ProductID: p.ID, Qty: 3})
	if !fault.Is(err, "shop.insufficient_stock") {
		t.Errorf("of two that are left three were put in: %v", err)
	}
	err = h.db.InTx(ctx, func(ctx context.Context) error {
		return h.Reserve(ctx, first, []shop.Line{{ProductID: p.ID, Qty: 3}, {ProductID: p.ID, Qty: 3}})
	})
	if !fault.Is(err, "shop.insufficient_stock") {
		t.Errorf("two lines of one product were not added up: %v", err)
	}
	h.wantStock("OIL-ARG", 5, 3)
	h.inTx(func(ctx context.Context, order models.ID) error {
		return h.Reserve(ctx, order, []shop.Line{{ProductID: p.ID, Qty: 5}})
	}, first)
	h.wantStock("OIL-ARG", 5, 5)
	for range 2 {
		h.inTx(h.Take, first)
		h.wantStock("OIL-ARG", 0, 0)
	}
	for range 2 {
		h.inTx(h.Release, first)
		h.wantStock("OIL-ARG", 5, 0)
	}
	second := h.ordered(p, 2)
	for range 2 {
		h.inTx(h.Release, second)
		h.wantStock("OIL-ARG", 5, 0)
	}
}

// The feed knows of our sales at once, late or never; what was sold is never sold again, and what came in is there.
func TestTheFeedAndWhatWasSold(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		says []int // the feed's figure, reading by reading; it was 5, and 3 were sold
		want []int
	}{
		{"it never learns of it", []int{5, 5, 5}, []int{2, 2, 2}},
		{"it learns at once", []int{2, 2}, []int{2, 2}},
		{"it learns late", []int{5, 2, 2}, []int{2, 2, 2}},
		{"it learns bit by bit", []int{4, 3, 2}, []int{2, 2, 2}},
		{"something else was sold, too", []int{1, 1}, []int{1, 1}},
		{"goods came in", []int{15, 15, 12}, []int{12, 12, 12}},
		{"nothing is left", []int{0, 4}, []int{0, 4}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := open(t)
			says := func(stock int) {
				h.supplier.says([]object{category("hair", "")}, []object{product("OIL", "hair", 100, text("Oil", "Aceite", "زيت"), object{"stock": stock})})
				h.sync()
			}
			says(5)
			p, err := h.ProductBySKU(context.Background(), "OIL")
			h.must(err)
			h.inTx(h.Take, h.ordered(p, 3))
			held := h.ordered(p, 1)
			for i, figure := range tt.says {
				says(figure)
				h.wantStock("OIL", tt.want[i], 1)
				if run := h.sync(); run.Changed != 0 {
					t.Errorf("the same feed again changed %d", run.Changed)
				}
			}
			h.inTx(h.Release, held)
			h.wantStock("OIL", tt.want[len(tt.want)-1], 0)
		})
	}
}

// Somebody who changes a product while it is sold does not write over what was sold.
func TestASaleIsNotWrittenOver(t *testing.T) {
	t.Parallel()
	h := stocked(t)
	ctx := context.Background()
	p, err := h.ProductBySKU(ctx, "OIL-ARG")
	h.must(err)
	order := h.ordered(p, 2)
	edit := shop.ProductEdit{Names: p.Names, Descriptions: p.Descriptions, PriceMinor: 1, Stock: p.Stock, Active: true}
	seen, err := h.ChangeProduct(ctx, "staff:1", p.ID, p.Version, edit)
	h.must(err)
	h.inTx(h.Take, order)
	if _, err := h.ChangeProduct(ctx, "staff:1", p.ID, seen.Version, edit); !fault.Is(err, "shop.changed") {
		t.Errorf("got %v", err)
	}
	h.wantStock("OIL-ARG", 3, 0)
	now, err := h.AnyProduct(ctx, p.ID)
	h.must(err)
	edit.Stock = 7
	_, err = h.ChangeProduct(ctx, "staff:1", p.ID, now.Version, edit)
	h.must(err)
	h.sync()
	h.wantStock("OIL-ARG", 7, 0)
	edit.Release = []string{shop.HeldStock}
	_, err = h.ChangeProduct(ctx, "staff:1", p.ID, h.version(p.ID), edit)
	h.must(err)
	h.sync()
	h.wantStock("OIL-ARG", 5, 0)
}

func (h *house) version(id models.ID) int {
	h.t.Helper()
	p, err := h.AnyProduct(context.Background(), id)
	h.must(err)
	return p.Version
}
