package handlers

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/shop"
	"frontdesk/models"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

// few is how many are so few that the page says how many.
const few = 3

// storeProduct is the page of one product.
func (s *Server) storeProduct(c *fiber.Ctx) error {
	var id models.ID
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return fault.NotFound("shop.product_not_found")
	}
	p, err := s.Shop.Product(c.UserContext(), id)
	if err != nil {
		return err
	}
	cart, err := s.cartOf(c)
	if err != nil {
		return err
	}
	return s.showProduct(c, fiber.StatusOK, p, s.addForm(c, p, cart))
}

// showProduct draws a product with its form as it stands.
func (s *Server) showProduct(c *fiber.Ctx, status int, p models.Product, form store.AddForm) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	card, tariff := s.card(ctx, p), policies.Shipping(p.Currency)
	page := store.ProductPage{
		Card: card, SKU: p.SKU, Description: ui.In(ctx, p.Descriptions), Specs: specs(ctx, p), Add: form,
		Back:     store.Crumb{Label: i18n.T(ctx, "public.store.title"), URL: store.ProductsPath},
		WhatsApp: s.whatsAppLink(s.askWords(ctx, p)),
		Shipping: store.Shipping{Currency: p.Currency, ShippingMinor: tariff.FlatMinor, FreeFromMinor: tariff.FreeFromMinor},
	}
	if p.Category != nil {
		page.Back = store.Crumb{Label: ui.In(ctx, p.Category.Names), URL: link(store.ProductsPath, "category", p.Category.Slug)}
	}
	for _, m := range p.Media {
		if one := s.picture(ctx, m, p); one.URL != "" {
			page.Pictures = append(page.Pictures, one)
		}
	}
	return s.publicTitled(c, status, card.Name, store.Product(page), false)
}

// askWords begin a chat about a product: its name, its code and where it is, in the reader's language.
func (s *Server) askWords(ctx context.Context, p models.Product) string {
	lang := i18n.From(ctx).Language
	address := strings.TrimSuffix(s.set.BaseURL, "/") + link(store.ProductsPath+"/"+p.ID.String(), "lang", lang)
	return i18n.T(ctx, "public.store.ask_words", "Name", p.Names.In(lang), "SKU", p.SKU, "Link", address)
}

// specs are a product's properties in the reader's language, in the order of their names.
func specs(ctx context.Context, p models.Product) []store.Spec {
	var out []store.Spec
	for _, key := range sortedKeys(p.Attributes) {
		if value := ui.In(ctx, p.Attributes[key]); value != "" {
			out = append(out, store.Spec{Label: firstUpper(ui.Word(ctx, "public.store.spec", key)), Value: value})
		}
	}
	if p.Category != nil {
		out = append(out, store.Spec{Label: i18n.T(ctx, "public.store.category"), Value: ui.In(ctx, p.Category.Names)})
	}
	if p.Brand != "" {
		out = append(out, store.Spec{Label: i18n.T(ctx, "public.store.brand"), Value: p.Brand})
	}
	return out
}

func firstUpper(s string) string {
	for i, r := range s {
		return strings.ToUpper(string(r)) + s[i+len(string(r)):]
	}
	return s
}

func (s *Server) cards(ctx context.Context, products []models.Product) []store.Card {
	out := make([]store.Card, len(products))
	for i, p := range products {
		out[i] = s.card(ctx, p)
	}
	return out
}

func (s *Server) card(ctx context.Context, p models.Product) store.Card {
	out := store.Card{
		URL: store.ProductsPath + "/" + p.ID.String(), Name: ui.In(ctx, p.Names), Brand: p.Brand,
		PriceMinor: p.PriceMinor, Currency: p.Currency, Stock: stockWords(ctx, p.Left()),
		Picture: store.Picture{Tint: tintOf(p)},
	}
	if i := slices.IndexFunc(p.Media, func(m models.Medium) bool { return m.Kind == models.MediumImage }); i >= 0 {
		out.Picture = s.picture(ctx, p.Media[i], p)
	}
	return out
}

// picture is a medium as a page may show it: browsers are told to load nothing from elsewhere, so that
// what lies there is drawn instead.
func (s *Server) picture(ctx context.Context, m models.Medium, p models.Product) store.Picture {
	return store.Picture{
		URL: s.ourAddress(m.URL), Alt: cmp.Or(ui.In(ctx, m.Alt), ui.In(ctx, p.Names)), Video: m.Kind == models.MediumVideo, Tint: tintOf(p),
	}
}

// ourAddress is an address on this host without the host; empty for any other.
func (s *Server) ourAddress(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || raw == "" || strings.Contains(raw, `\`) {
		return ""
	}
	ours, err := url.Parse(s.set.BaseURL)
	if u.Host != "" && (err != nil || u.Scheme != ours.Scheme || !strings.EqualFold(u.Host, ours.Host)) || u.Host == "" && u.Scheme != "" || !strings.HasPrefix(u.Path, "/") {
		return ""
	}
	return u.RequestURI()
}

func tintOf(p models.Product) string {
	if p.Category == nil {
		return ui.Tint(0)
	}
	return ui.Tint(max(0, p.Category.Position))
}

// stockWords say how much there is: a number only when it is small enough to matter.
func stockWords(ctx context.Context, left int) store.Stock {
	switch {
	case left <= 0:
		return store.Stock{Tone: ui.Neutral, Word: i18n.T(ctx, "public.store.sold_out")}
	case left <= few:
		return store.Stock{Tone: ui.Attention, Word: i18n.N(ctx, "public.store.few_left", left), Left: left}
	default:
		return store.Stock{Tone: ui.Good, Word: i18n.T(ctx, "public.store.in_stock"), Left: left}
	}
}

// addForm is the form of a product as it starts, beside what the cart holds of it.
func (s *Server) addForm(c *fiber.Ctx, p models.Product, cart models.Cart) store.AddForm {
	out := store.AddForm{CSRF: s.storeToken(c), Product: p.ID.String(), Key: models.NewID().String(), Qty: strconv.Itoa(1), Most: min(p.Left(), shop.MaxQty)}
	for _, item := range cart.Items {
		if item.ProductID == p.ID {
			out.InCart = item.Qty
		}
	}
	return out
}
