package handlers

import (
	"log/slog"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/checkout"
	"frontdesk/internal/fault"
	"frontdesk/internal/funnel"
	"frontdesk/internal/i18n"
	"frontdesk/internal/logging"
	"frontdesk/models"
	"frontdesk/views/store"
	"frontdesk/views/ui"
)

// storeLookup is the page that finds an order.
func (s *Server) storeLookup(c *fiber.Ctx) error {
	return s.showLookup(c, fiber.StatusOK, s.form(c, "public.lookup"), store.LookupPage{})
}

func (s *Server) showLookup(c *fiber.Ctx, status int, f *form, p store.LookupPage) error {
	ctx := c.UserContext()
	p.Form = f.Shown()
	p.Form.CSRF = s.storeToken(c)
	p.WhatsApp = link(store.HandoffPath, "about", "lookup")
	if p.Found != nil || p.Trouble != nil {
		p.RequestID = logging.Request(ctx)
	}
	if p.Trouble != nil {
		p.WhatsApp = link(store.HandoffPath, "about", "lookup", "id", p.RequestID)
	}
	return s.publicTitled(c, status, i18n.T(ctx, "public.lookup.title"), store.Lookup(p), false)
}

// findOrder answers the form: with the order, or with what went wrong and the next step. What was typed
// stays in the form.
func (s *Server) findOrder(c *fiber.Ctx) error {
	if err := s.ourStoreForm(c); err != nil {
		return err
	}
	f := s.form(c, "public.lookup")
	asked := lookup{
		phone: f.OptionalText("phone", 2*maxPhone), order: f.OptionalText("orderId", 2*maxOrderNumber),
		ticket: f.OptionalText("ticket", 200), answer: f.OptionalText("answer", 20),
	}
	if !f.Valid() {
		return s.showLookup(c, fiber.StatusUnprocessableEntity, f, store.LookupPage{})
	}
	o, ticket, err := s.lookUp(c, funnel.Web, asked)
	if err != nil {
		return s.lookupFailed(c, f, asked, asFault(err), err)
	}
	s.identityCookie(c, ticketCookie, ticket)
	cards, err := s.orderCards(c.UserContext(), []models.Order{o})
	if err != nil {
		return err
	}
	return s.showLookup(c, fiber.StatusOK, f, store.LookupPage{Found: &cards[0]})
}

// lookupFailed shows the form again: each kind of trouble has its own words and its own next step.
func (s *Server) lookupFailed(c *fiber.Ctx, f *form, asked lookup, known *fault.Fault, err error) error {
	ctx, status := c.UserContext(), known.Status()
	p := store.LookupPage{}
	word := func(name string) string { return i18n.T(ctx, "public.lookup."+name) }
	f.values.Del("answer")
	switch {
	case known.Kind == fault.KindInvalid:
		f.Refused(err)
		return s.showLookup(c, fiber.StatusUnprocessableEntity, f, p)
	case known.Key == challengeKey:
		p.Question, _ = known.Facts["Question"].(string)
		p.Ticket, _ = known.Facts["Ticket"].(string)
		p.Trouble = &store.Trouble{Tone: ui.Attention, Icon: "circle-help", Title: word("sum"), Text: word("sum_text")}
		if asked.ticket != "" {
			f.Wrong("answer", "lookup.answer_wrong")
			p.Trouble = nil
		}
	case known.Kind == fault.KindNotFound:
		p.Trouble = &store.Trouble{Tone: ui.Attention, Icon: "search", Title: word("missed"), Text: word("missed_text"), Next: word("missed_next")}
	case known.Kind == fault.KindTooMany:
		p.Trouble = &store.Trouble{
			Tone: ui.Attention, Icon: "hourglass", Title: word("many"), Text: word("many_text"), Next: i18n.N(ctx, "public.lookup.many_next", known.RetryAfter),
		}
	case status >= fiber.StatusInternalServerError:
		s.Log.LogAttrs(ctx, slog.LevelError, "order not looked up", slog.Any("err", err))
		p.Trouble = &store.Trouble{Tone: ui.Danger, Icon: "triangle-alert", Title: word("down"), Text: word("down_text"), Next: word("down_next")}
	default:
		return err
	}
	retryLater(c, known)
	return s.showLookup(c, status, f, p)
}

// storeHandoff leads into a chat on WhatsApp that begins with what it is about.
func (s *Server) storeHandoff(c *fiber.Ctx) error {
	ctx := c.UserContext()
	p := store.HandoffPage{Words: i18n.T(ctx, "public.handoff.words"), Back: store.Crumb{Label: i18n.T(ctx, "public.nav.shop"), URL: store.ProductsPath}}
	switch {
	case c.Query("product") != "":
		var id models.ID
		if id.UnmarshalText([]byte(c.Query("product"))) != nil {
			return fault.NotFound("shop.product_not_found")
		}
		product, err := s.Shop.Product(ctx, id)
		if err != nil {
			return err
		}
		p.Words, p.Back = s.askWords(ctx, product), store.Crumb{Label: ui.In(ctx, product.Names), URL: store.ProductsPath + "/" + product.ID.String()}
	case checkout.OrderNumber(c.Query("order")) != "":
		number := checkout.OrderNumber(c.Query("order"))
		p.Words, p.Back = i18n.T(ctx, "public.order.ask_words", "Number", number), store.Crumb{Label: i18n.T(ctx, "public.order.title"), URL: store.OrdersPath + "/" + number}
	case c.Query("return") != "" && len(c.Query("return")) <= 20 && slugLike(strings.ToLower(c.Query("return"))):
		p.Words, p.Back = i18n.T(ctx, "public.return.ask_words", "Code", c.Query("return")), store.Crumb{Label: i18n.T(ctx, "public.return.mine"), URL: store.ListPath}
	case c.Query("about") == "lookup":
		p.Words, p.Back = i18n.T(ctx, "public.lookup.ask_words"), store.Crumb{Label: i18n.T(ctx, "public.lookup.title"), URL: store.LookupPath}
		if id := c.Query("id"); validRequestID.MatchString(id) {
			p.Words = i18n.T(ctx, "public.lookup.ask_words_id", "ID", id)
		}
	}
	p.URL = s.whatsAppLink(p.Words)
	return s.publicTitled(c, fiber.StatusOK, i18n.T(ctx, "public.handoff.title"), store.Handoff(p), false)
}
