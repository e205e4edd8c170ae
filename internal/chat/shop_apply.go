package chat

import (
	"context"
	"errors"
	"slices"
	"strings"

	"frontdesk/internal/chat/understand"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/models"
)

// shop does what was asked of the shelves or the cart. What a rule refuses is an answer, not a failure.
func (w *work) shop(ctx context.Context, a Shopping) (*Event, error) {
	r := Shopped{Asked: a.Errand, Page: max(1, a.Page)}
	err := w.DB.InTx(ctx, func(ctx context.Context) error { return w.serve(ctx, &r) })
	if refused := (*fault.Fault)(nil); errors.As(err, &refused) {
		r.Fault, r.Facts = refused.Key, i18n.Facts(refused.Facts)
		for _, field := range []string{"qty", "sku", "q"} {
			if key := refused.Fields[field]; key != "" {
				r.Fault = key
			}
		}
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return &Event{Shopped: &r}, nil
}

func (w *work) serve(ctx context.Context, r *Shopped) (err error) {
	switch r.Asked.Do {
	case understand.DoBrowse:
		r.Shelves, err = w.Shop.Categories(ctx)
		return err
	case understand.DoShow:
		return w.showShelf(ctx, r)
	case understand.DoSearch, understand.DoDetails:
		return w.seek(ctx, r)
	case understand.DoAdd:
		return w.addToCart(ctx, r)
	case understand.DoCart:
		r.Cart, err = w.cart(ctx)
		return err
	default:
		return w.changeCart(ctx, r)
	}
}

// showShelf reads a page of a category; what points at nothing shows the categories.
func (w *work) showShelf(ctx context.Context, r *Shopped) (err error) {
	if r.Shelves, err = w.Shop.Categories(ctx); err != nil {
		return err
	}
	at := slices.IndexFunc(r.Shelves, func(c shop.CategoryCount) bool { return c.Slug == r.Asked.Shelf })
	if at < 0 {
		r.Asked.Do = understand.DoBrowse
		return nil
	}
	r.Shelf = &r.Shelves[at]
	return w.list(ctx, r, shop.Query{Category: r.Asked.Shelf})
}

func (w *work) list(ctx context.Context, r *Shopped, q shop.Query) error {
	q.Page, q.Size, q.Language, q.Sort, q.Desc = min(r.Page, shop.MaxPage), goodsPage, w.lang, shop.SortNewest, true
	found, err := w.Shop.Search(ctx, q)
	r.Goods, r.Total = found.Products, found.Total
	return err
}

// seek finds the product of a code, exactly (X07), or what some words fit; several words that nothing fits are let go one by one.
func (w *work) seek(ctx context.Context, r *Shopped) error {
	for _, code := range []string{r.Asked.SKU, r.Asked.Words} {
		p, err := w.Shop.ProductBySKU(ctx, code)
		if err == nil {
			r.Goods, r.Total = []models.Product{p}, 1
			return nil
		}
		if !fault.Is(err, "shop.product_not_found") {
			return err
		}
	}
	if r.Asked.Words == "" {
		r.Asked.Words = r.Asked.SKU
	}
	r.Asked.SKU = ""
	words := strings.Fields(clipped(r.Asked.Words))
	for left := len(words); left > 0; left-- {
		if err := w.list(ctx, r, shop.Query{Text: strings.Join(words[:left], " ")}); err != nil {
			return err
		}
		if r.Total > 0 {
			r.Close = left < len(words)
			break
		}
		if err := w.fewer(ctx, r, words, left); err != nil || r.Total > 0 {
			r.Close = true
			return err
		}
	}
	if r.Total == 1 && !r.Close {
		return w.whole(ctx, r)
	}
	return nil
}

// fewer looks with one of the words left out.
func (w *work) fewer(ctx context.Context, r *Shopped, words []string, left int) error {
	if left != len(words) || left < 2 {
		return nil
	}
	for i := len(words) - 1; i >= 0; i-- {
		if err := w.list(ctx, r, shop.Query{Text: strings.Join(slices.Delete(slices.Clone(words), i, i+1), " ")}); err != nil || r.Total > 0 {
			return err
		}
	}
	return nil
}

// whole reads the one product that was found with all its pictures.
func (w *work) whole(ctx context.Context, r *Shopped) error {
	p, err := w.Shop.Product(ctx, r.Goods[0].ID)
	r.Goods = []models.Product{p}
	return err
}

// clipped is a text as long as a search may be.
func clipped(text string) string {
	runes := []rune(text)
	return strings.ReplaceAll(string(runes[:min(len(runes), shop.MaxText)]), "\x00", "")
}

// owner is whose cart and orders the conversation is about: its customer, who is made where there is none yet.
func (w *work) owner(ctx context.Context) (shop.Owner, error) {
	if w.stage != nil {
		owner, _, err := w.stage.owner(ctx, w, true)
		return owner, err
	}
	if w.facts.Shopper == nil {
		contact, err := w.Customers.ContactByID(ctx, w.conv.ContactID)
		if err != nil {
			return shop.Owner{}, err
		}
		customer, err := w.Customers.Shopper(ctx, contact, w.lang)
		if err != nil {
			return shop.Owner{}, err
		}
		w.facts.Shopper = &customer.ID
	}
	return shop.Owner{Customer: *w.facts.Shopper}, nil
}

// cart is the sender's; who has never shopped has an empty one, and nothing is made for looking.
func (w *work) cart(ctx context.Context) (models.Cart, error) {
	if w.stage != nil {
		owner, known, err := w.stage.owner(ctx, w, false)
		if err != nil || !known {
			return models.Cart{}, err
		}
		return w.Shop.Cart(ctx, owner)
	}
	if w.facts.Shopper == nil {
		return models.Cart{}, nil
	}
	return w.Shop.Cart(ctx, shop.Owner{Customer: *w.facts.Shopper})
}

// addToCart puts the one product in that is meant; several are for the customer to choose from.
func (w *work) addToCart(ctx context.Context, r *Shopped) error {
	if err := w.seek(ctx, r); err != nil || len(r.Goods) != 1 || r.Total != 1 || r.Close {
		return err
	}
	owner, err := w.owner(ctx)
	if err != nil {
		return err
	}
	line, err := w.Shop.Add(ctx, owner, shop.Add{ProductID: r.Goods[0].ID, Qty: max(1, r.Asked.Qty), Channel: funnel.WhatsApp, Language: w.lang, Visit: w.conv.ID})
	if err != nil {
		return err
	}
	r.Line = &line
	r.Cart, err = w.Shop.Cart(ctx, owner)
	return err
}

// changeCart gives a line another quantity, or takes it out, or all of them. Without Line the cart has no such line,
// or several.
func (w *work) changeCart(ctx context.Context, r *Shopped) error {
	cart, err := w.cart(ctx)
	if err != nil || len(cart.Items) == 0 {
		return err
	}
	owner, err := w.owner(ctx)
	if err != nil {
		return err
	}
	if r.Asked.Do == understand.DoEmpty {
		for _, item := range cart.Items {
			if err := w.Shop.Remove(ctx, owner, item.ID); err != nil {
				return err
			}
		}
		return nil
	}
	line := lineOf(cart, r.Asked)
	if line == nil {
		r.Cart = cart
		return nil
	}
	qty := r.Asked.Qty
	if r.Asked.Do == understand.DoRemove && (qty == 0 || r.Asked.Typed || qty >= line.Qty) {
		qty = 0
	} else if r.Asked.Do == understand.DoRemove {
		qty = line.Qty - qty
	}
	line.Qty = qty
	r.Line = line
	if _, err := w.Shop.SetQty(ctx, owner, line.ID, qty); err != nil {
		return err
	}
	r.Cart, err = w.Shop.Cart(ctx, owner)
	return err
}

// lineOf is the one line that is meant; nil when there is none, or several.
func lineOf(cart models.Cart, e understand.Errand) *models.CartItem {
	var found []int
	for i, item := range cart.Items {
		named := e.SKU != "" && strings.EqualFold(item.SKU, e.SKU) || e.SKU == "" && e.Words != "" && namedBy(item.Names, e.Words)
		if named || e.SKU == "" && e.Words == "" && len(cart.Items) == 1 {
			found = append(found, i)
		}
	}
	if len(found) != 1 {
		return nil
	}
	item := cart.Items[found[0]]
	return &item
}

// namedBy tells whether a product's name in any language has all of the words.
func namedBy(names models.Text, words string) bool {
	for _, name := range names {
		if understand.Mentions(name, words) {
			return true
		}
	}
	return false
}
