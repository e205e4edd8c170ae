package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/customers"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
	"frontdesk/views/ui"
)

// kept are the answers given so far, for the page that asks the next one.
func (d *draft) kept(step string, without ...string) map[string]string {
	out := map[string]string{"step": step, "name": d.name, "surname": d.surname, "phone": d.phone, "language": string(d.language)}
	if d.known != nil && ownOf(d.q.visitor) == nil {
		out = map[string]string{"step": step, "customer": d.known.ID.String()}
	}
	if d.pack != nil {
		out["pack"] = d.pack.Code
	}
	if d.at != nil {
		out["stylist"], out["day"], out["time"] = d.at.stylist.Code, d.at.at.Format(time.DateOnly), i18n.Clock(d.at.at)
	}
	for name, value := range out {
		if value == "" || slices.Contains(without, name) {
			delete(out, name)
		}
	}
	return out
}

func (d *draft) codes() []string {
	out := make([]string, len(d.services))
	for i, service := range d.services {
		out[i] = service.Code
	}
	return out
}

// who is whom the visit is for, as the reader may see it.
func (d *draft) who() string {
	if d.known != nil {
		return personFor(d.q.visitor, *d.known, "")
	}
	return strings.TrimSpace(d.name + " " + d.surname)
}

// findPeople answers a search: who fits, and somebody new.
func (s *Server) findPeople(c *fiber.Ctx, d *draft) error {
	ctx := c.UserContext()
	own := ownOf(d.q.visitor) != nil
	var found []models.Customer
	var err error
	switch _, wrong := customers.Normalize(d.find); {
	case !own:
		found, err = s.People.Find(ctx, d.find, foundPeople)
	case wrong != nil:
		d.Wrong("find", "customers.phone")
		return s.showWho(c, d, nil, false)
	default:
		var who models.Customer
		var known bool
		if who, known, err = s.People.ByPhone(ctx, d.find); known {
			found = []models.Customer{who}
		}
		d.phone = d.find
	}
	if err != nil {
		return err
	}
	if own && len(found) == 1 {
		d.known = &found[0]
		return s.showWhat(c, d)
	}
	d.guess(len(found) > 0)
	return s.showWho(c, d, found, len(found) == 0)
}

// guess keeps what was searched for as the phone or the name of somebody new.
func (d *draft) guess(found bool) {
	if found {
		return
	}
	field := "name"
	if _, err := customers.Normalize(d.find); err == nil {
		field = "phone"
	}
	d.values.Set(field, d.find)
}

func (s *Server) showWho(c *fiber.Ctx, d *draft, found []models.Customer, asNew bool) error {
	ctx := c.UserContext()
	w := diary.Who{Own: ownOf(d.q.visitor) != nil, NewOne: asNew, Kept: d.kept(stepWho, "name", "surname", "phone", "language", "customer")}
	for _, who := range found {
		o := ui.Option{Value: who.ID.String(), Label: who.FullName()}
		if who.Phone != nil && seesPhone(d.q.visitor.Role) {
			o.Hint = "\u2068" + *who.Phone + "\u2069" // kept left to right
		}
		w.Found = append(w.Found, o)
	}
	if len(found) > 0 {
		w.Found = append(w.Found, ui.Option{Value: newPerson, Label: i18n.T(ctx, "diary.book.somebody_new")})
	}
	if asNew {
		w.Kept["customer"] = newPerson
		if d.values.Get("language") == "" {
			d.values.Set("language", i18n.From(ctx).Language)
		}
	}
	w.Act = s.bookAct(c, d, "who", "diary.book.next")
	return s.formPage(c, diaryScreen("diary.book.title"), d.form, diary.WhoPage(w))
}

func (s *Server) bookAct(c *fiber.Ctx, d *draft, page, submit string) ui.Act {
	ctx := c.UserContext()
	return ui.Act{
		Title: i18n.T(ctx, "diary.book."+page), Lead: d.lead(ctx), Submit: i18n.T(ctx, submit), Cancel: back(c, d.q.url(nil)), Form: d.Shown(),
	}
}

// lead says what has been chosen so far: of a tapped free time, whose and when.
func (d *draft) lead(ctx context.Context) string {
	if d.at == nil || d.step == stepBook {
		return ""
	}
	return ui.Moment(ctx, d.at.at) + " · " + d.at.stylist.Names.In(i18n.From(ctx).Language)
}

func (s *Server) showWhat(c *fiber.Ctx, d *draft) error {
	ctx := c.UserContext()
	lang := i18n.From(ctx).Language
	w := diary.What{Who: d.who(), Kept: d.kept(stepWhat, "pack")}
	for _, pack := range d.q.menu.Packs {
		w.Packs = append(w.Packs, ui.Option{Value: pack.Code, Label: pack.Names.In(lang), Hint: priceLine(ctx, pack.Minutes, pack.PriceMinor, pack.Currency)})
	}
	if len(w.Packs) > 0 {
		w.Packs = append(w.Packs, ui.Option{Value: "", Label: i18n.T(ctx, "diary.book.no_pack")})
	}
	for _, category := range []models.Category{models.Hair, models.Aesthetics} {
		section := diary.Section{Title: i18n.T(ctx, "diary.category."+string(category))}
		for _, service := range d.q.menu.Services {
			if service.Category == category {
				section.Options = append(section.Options, ui.Option{
					Value: service.Code, Label: service.Names.In(lang), Hint: priceLine(ctx, service.Minutes, service.PriceMinor, service.Currency),
				})
			}
		}
		if len(section.Options) > 0 {
			w.Services = append(w.Services, section)
		}
	}
	w.Act = s.bookAct(c, d, "what", "diary.book.next")
	return s.formPage(c, diaryScreen("diary.book.title"), d.form, diary.WhatPage(w))
}

func priceLine(ctx context.Context, minutes int, minor int64, currency string) string {
	return i18n.N(ctx, "console.minutes", minutes) + " · " + ui.Money(ctx, minor, currency)
}

func (s *Server) showWhen(c *fiber.Ctx, d *draft, conflict string) error {
	ctx := c.UserContext()
	page, err := s.times(ctx, d.q, d.wanted())
	if err != nil {
		return err
	}
	page.Conflict = conflict
	page.Subject = diary.Subject{Who: d.who(), What: d.what(ctx)}
	page.Kept, page.Services = d.kept(stepWhen, "stylist", "day", "time"), d.codes()
	page.Act = s.bookAct(c, d, "when", "diary.times.submit")
	return s.formPage(c, diaryScreen("diary.book.title"), d.form, diary.TimesPage(page))
}

func (d *draft) what(ctx context.Context) string {
	lang := i18n.From(ctx).Language
	if d.pack != nil {
		return d.pack.Names.In(lang)
	}
	names := make([]string, len(d.services))
	for i, service := range d.services {
		names[i] = service.Names.In(lang)
	}
	return strings.Join(names, " · ")
}

func (s *Server) showCheck(c *fiber.Ctx, d *draft) error {
	ctx := c.UserContext()
	page, err := s.bookingCheck(ctx, d)
	if err != nil {
		return err
	}
	d.step = stepBook
	page.Act = s.bookAct(c, d, "check", "diary.book.submit")
	return s.formPage(c, diaryScreen("diary.book.title"), d.form, diary.CheckPage(page))
}
