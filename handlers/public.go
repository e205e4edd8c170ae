package handlers

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/models"
	"frontdesk/views/home"
	"frontdesk/views/layout"
)

// home is the salon's start page.
func (s *Server) home(c *fiber.Ctx) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	menu, err := s.Diary.Menu(ctx)
	if err != nil {
		return err
	}
	hours, _, err := s.Diary.HoursOn(ctx, s.Clock.Now())
	if err != nil {
		return err
	}
	lang := i18n.From(ctx).Language
	p := home.Page{
		Currency: policies.Currency, Deposit: policies.DepositPercent, Refund: policies.CancelRefundHours,
		WhatsAppURL: s.whatsAppLink(i18n.T(ctx, "public.home.greeting")), Hours: openingLines(ctx, hours), Packs: packLines(menu, lang),
	}
	for _, category := range []models.Category{models.Hair, models.Aesthetics} {
		p.Categories = append(p.Categories, home.Category{
			Name: i18n.T(ctx, "public.category."+string(category)), Services: serviceLines(menu, category, lang),
		})
	}
	if p.Closures, err = s.closures(ctx, policies); err != nil {
		return err
	}
	p.Newest = s.newest(c)
	return s.public(c, fiber.StatusOK, "public.home.page_title", home.Content(p))
}

// whatsAppLink opens a chat with the salon on the reader's phone; empty without a number.
func (s *Server) whatsAppLink(text string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s.set.WhatsAppNumber)
	if digits == "" {
		return ""
	}
	return "https://wa.me/" + digits + "?" + url.Values{"text": {text}}.Encode()
}

func serviceLines(menu booking.Menu, category models.Category, lang models.Language) []home.Service {
	var out []home.Service
	for _, s := range menu.Services {
		if s.Category == category {
			out = append(out, home.Service{Name: s.Names.In(lang), Minutes: s.Minutes, PriceMinor: s.PriceMinor})
		}
	}
	return out
}

func packLines(menu booking.Menu, lang models.Language) []home.Pack {
	var out []home.Pack
	for _, p := range menu.Packs {
		contents, sold := menu.Contents(p)
		if !sold {
			continue
		}
		_, singles := booking.Total(contents)
		out = append(out, home.Pack{Name: p.Names.In(lang), Minutes: p.Minutes, PriceMinor: p.PriceMinor, SavingMinor: singles - p.PriceMinor})
	}
	return out
}

// openingLines joins neighbouring days with the same hours: "Monday – Friday 10:00–20:00".
func openingLines(ctx context.Context, hours []models.OpeningHours) []home.Hours {
	lang := i18n.From(ctx).Language
	week := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
	of := func(d time.Weekday) (line home.Hours) {
		if i := slices.IndexFunc(hours, func(h models.OpeningHours) bool { return h.Weekday == d }); i >= 0 {
			line.Opens, line.Closes = hours[i].Opens, hours[i].Closes
		}
		return line
	}
	var out []home.Hours
	for i := 0; i < len(week); {
		j, line := i, of(week[i])
		for j+1 < len(week) && of(week[j+1]) == line {
			j++
		}
		line.Days = i18n.Weekday(lang, week[i])
		if j > i {
			line.Days += " – " + i18n.Weekday(lang, week[j])
		}
		out, i = append(out, line), j+1
	}
	return out
}

// closures are the salon's closed days of the next two months.
func (s *Server) closures(ctx context.Context, p settings.Policies) ([]string, error) {
	now := s.Clock.Now()
	blocks, err := s.Diary.Blocks(ctx, now, now.AddDate(0, 2, 0))
	if err != nil {
		return nil, err
	}
	lang := i18n.From(ctx).Language
	var out []string
	for _, b := range blocks {
		if b.ClosesSalon() {
			out = append(out, i18n.T(ctx, "public.home.closure", "Day", i18n.Day(lang, b.StartsAt.In(p.Zone())), "Reason", b.Reason.In(lang)))
		}
	}
	return out, nil
}

// privacy is the notice that the first reply links to, in the language of the link (R-914, R-1005).
func (s *Server) privacy(c *fiber.Ctx) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	n := home.Notice{
		Salon: policies.SalonName.In(i18n.From(ctx).Language), URLs: map[models.Language]string{},
		ReplyURL: s.whatsAppLink(i18n.T(ctx, "public.privacy.greeting")),
	}
	for _, lang := range models.Languages() {
		n.URLs[lang] = link("/privacy", "lang", lang)
	}
	return s.public(c, fiber.StatusOK, "public.privacy.title", home.Privacy(n))
}

// paid and payCancelled are where the payment provider sends people back to. They claim nothing: what
// was paid is told by the provider's signed event and confirmed in the chat.
func (s *Server) paid(c *fiber.Ctx) error {
	return s.afterPayment(c, "public.paid")
}

func (s *Server) payCancelled(c *fiber.Ctx) error {
	return s.afterPayment(c, "public.pay_cancelled")
}

func (s *Server) afterPayment(c *fiber.Ctx, key string) error {
	ctx := c.UserContext()
	c.Set(fiber.HeaderCacheControl, "no-store")
	back := s.whatsAppLink("")
	return send(c, fiber.StatusOK, layout.Bare(s.plainFrame(c, key+".title"), home.AfterPayment(i18n.T(ctx, key+".title"), i18n.T(ctx, key+".text"), back)))
}
