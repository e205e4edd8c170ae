package shop

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/models"
)

// Limits of what staff may write about a product. The database knows that of a price, too.
const (
	MaxName        = 120  // characters
	MaxDescription = 4000 // characters
	MaxStock       = 1_000_000
	MaxPriceMinor  = maxPrice
)

// Fields of a product that staff may change. One that they have changed is held: no reading of the feed writes it until
// they let it go.
const (
	HeldNames        = "names"
	HeldDescriptions = "descriptions"
	HeldPrice        = "price"
	HeldStock        = "stock"
	HeldActive       = "active"
)

// HeldFields lists them.
func HeldFields() []string {
	return []string{HeldNames, HeldDescriptions, HeldPrice, HeldStock, HeldActive}
}

// ProductEdit is what staff may change about a product. Everything else is the feed's.
type ProductEdit struct {
	Names        models.Text // English must be there
	Descriptions models.Text
	PriceMinor   int64
	Stock        int
	Active       bool
	// Release names fields that the feed may write again, from its next reading on; what stands here stands until then.
	Release []string
}

// ChangeProduct changes a product for whoever saw this version of it, from now on, and keeps who did it. A field that
// it changes is held from then on, so that the feed leaves it alone; one that it releases no longer is. Carts learn of
// a new price as they are read. A change that changes nothing leaves no trace. Faults: shop.product_not_found, shop.changed when somebody was faster, shop.refused with
// the fields names.<language>, descriptions.<language>, price and stock.
func (s *Shop) ChangeProduct(ctx context.Context, actor string, id models.ID, version int, e ProductEdit) (models.Product, error) {
	e, err := e.checked()
	if err != nil {
		return models.Product{}, err
	}
	var p models.Product
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		err := s.db.On(ctx).Session(&gorm.Session{QueryFields: true}).Clauses(clause.Locking{Strength: "UPDATE"}).Take(&p, "id = ?", id).Error
		switch {
		case errors.Is(err, gorm.ErrRecordNotFound):
			return fault.NotFound("shop.product_not_found")
		case err != nil:
			return err
		case p.Version != version:
			return fault.Conflict("shop.changed")
		}
		before, after := e.apply(&p)
		if maps.EqualFunc(before, after, func(a, b any) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
			return nil
		}
		p.Version++
		p.UpdatedAt = s.clock.Now()
		err = s.db.On(ctx).Model(&p).Select("names", "descriptions", "price_minor", "stock", "active", "held", "feed_stock", "version", "updated_at").Updates(&p).Error
		if err != nil {
			return err
		}
		return audit.New(s.db, s.clock).Record(ctx, audit.Entry{
			Actor: actor, Action: "product.changed", SubjectKind: "product", SubjectID: id.String(), Before: before, After: after,
		})
	})
	if err != nil {
		return models.Product{}, fmt.Errorf("change product: %w", err)
	}
	return p, nil
}

// AskForSync is BeginSync for somebody of the salon, and keeps who asked. Fault: shop.no_feed.
func (s *Shop) AskForSync(ctx context.Context, actor string) (models.FeedRun, error) {
	var run models.FeedRun
	err := s.db.InTx(ctx, func(ctx context.Context) (err error) {
		if run, err = s.BeginSync(ctx); err != nil {
			return err
		}
		return audit.New(s.db, s.clock).Record(ctx, audit.Entry{
			Actor: actor, Action: "catalogue.sync_asked", SubjectKind: "catalogue", SubjectID: run.ID.String(),
		})
	})
	return run, err
}

// apply brings a product to an edit, holds what it changes and lets go of what it releases. It gives what the log keeps,
// before and after.
func (e ProductEdit) apply(p *models.Product) (before, after map[string]any) {
	was, held := *p, []string{}
	before = productFacts(*p)
	p.Names, p.Descriptions, p.PriceMinor, p.Stock, p.Active = e.Names, e.Descriptions, e.PriceMinor, e.Stock, e.Active
	after = productFacts(*p)
	changed := map[string]bool{
		HeldNames: !maps.Equal(was.Names, p.Names), HeldDescriptions: !maps.Equal(was.Descriptions, p.Descriptions),
		HeldPrice: was.PriceMinor != p.PriceMinor, HeldStock: was.Stock != p.Stock, HeldActive: was.Active != p.Active,
	}
	for _, field := range HeldFields() {
		holds := (slices.Contains(was.Held, field) || changed[field]) && !slices.Contains(e.Release, field)
		if holds {
			held = append(held, field)
		}
		if did := slices.Contains(was.Held, field); did != holds {
			before["held."+field], after["held."+field] = did, holds
			if field == HeldStock && did {
				p.FeedStock = nil // what was counted by hand is no sale that the feed has yet to learn of
			}
		}
	}
	p.Held = held
	return before, after
}

// productFacts are what the log keeps of a product.
func productFacts(p models.Product) map[string]any {
	return map[string]any{"names": p.Names, "descriptions": p.Descriptions, "price_minor": p.PriceMinor, "stock": p.Stock, "active": p.Active}
}

// checked tidies an edit and judges it.
func (e ProductEdit) checked() (ProductEdit, error) {
	wrong := map[string]string{}
	names, descriptions := models.Text{}, models.Text{}
	for _, lang := range models.Languages() {
		if name := strings.Join(strings.Fields(seen(e.Names[lang], false)), " "); name != "" {
			names[lang] = name
		}
		if text := strings.TrimSpace(seen(e.Descriptions[lang], true)); text != "" {
			descriptions[lang] = text
		}
		if utf8.RuneCountInString(names[lang]) > MaxName {
			wrong["names."+lang] = "shop.text_long"
		}
		if utf8.RuneCountInString(descriptions[lang]) > MaxDescription {
			wrong["descriptions."+lang] = "shop.text_long"
		}
	}
	if names[models.English] == "" {
		wrong["names."+models.English] = "shop.name_missing"
	}
	if e.PriceMinor < 0 || e.PriceMinor > MaxPriceMinor {
		wrong["price"] = "shop.price_range"
	}
	if e.Stock < 0 || e.Stock > MaxStock {
		wrong["stock"] = "shop.stock_range"
	}
	if len(wrong) > 0 {
		return e, fault.Invalid("shop.refused", wrong)
	}
	e.Names, e.Descriptions = names, descriptions
	return e, nil
}

// seen is a text without what controls how others are shown.
func seen(text string, lines bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines:
			return r
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, text)
}
