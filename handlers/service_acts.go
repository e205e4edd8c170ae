package handlers

import (
	"context"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/internal/settings"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/ui"
)

// addService puts a service on the menu.
func (s *Server) addService(c *fiber.Ctx) error {
	f := s.form(c, "services.field")
	edit := readService(f)
	if f.Valid() {
		added, err := s.Diary.Upkeep().AddService(c.UserContext(), s.actor(c), edit)
		if err == nil {
			return s.acted(c, acted{
				To: servicesPath, Toast: "services.service.added", Undo: &undo{URL: servicesPath + "/" + added.ID.String() + "/retire"}, Result: fiber.Map{"id": added.ID, "code": added.Code},
			})
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.serviceForm(c, f, edit, services.ServiceForm{Form: services.Form{New: true}})
}

// editService changes a service from now on; booked visits keep what was agreed.
func (s *Server) editService(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Service(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	fillService(f, row)
	edit, version := readService(f), versionOf(f)
	page := services.ServiceForm{Name: ui.In(ctx, row.Names)}
	if f.Valid() {
		changed, err := s.Diary.Upkeep().ChangeService(ctx, s.actor(c), id, version, edit)
		if err == nil {
			return s.acted(c, acted{To: servicesPath + "/" + id.String(), Toast: "services.saved", Result: fiber.Map{"version": changed.Version}})
		}
		if !f.Refused(err) {
			return err
		}
		if overtaken(err) {
			page.Now = f.beside(func(f *form) { fillService(f, row) })
		}
	}
	if !f.posted {
		edit = asEdit(row)
	}
	return s.serviceForm(c, f, edit, page)
}

func (s *Server) serviceForm(c *fiber.Ctx, f *form, edit booking.ServiceEdit, page services.ServiceForm) error {
	policies, err := s.Policies.Policies(c.UserContext())
	if err != nil {
		return err
	}
	page.Form.Form, page.Categories = f.Shown(), categoryOptions(c.UserContext())
	page.Currency, page.Percent = policies.Currency, policies.DepositPercent
	page.Preview = s.serviceSaid(edit, policies)
	title := "services.service.edit_title"
	if page.New {
		title = "services.service.new"
	}
	return s.formPage(c, servicesScreen(title), f, services.EditService(page))
}

// previewService draws what customers would read of what is typed so far.
func (s *Server) previewService(c *fiber.Ctx) error {
	policies, err := s.Policies.Policies(c.UserContext())
	if err != nil {
		return err
	}
	private(c)
	return send(c, fiber.StatusOK, services.Previewed(s.serviceSaid(readService(s.form(c, "services.field")), policies)))
}

// serviceSaid is the quote of a service in each language.
func (s *Server) serviceSaid(e booking.ServiceEdit, p settings.Policies) services.Preview {
	var out services.Preview
	for _, lang := range models.Languages() {
		if e.Names[lang] == "" {
			continue
		}
		facts := i18n.Facts{
			"Service": e.Names[lang], "Minutes": minutesIn(s.Texts, lang, e.Minutes),
			"Price": i18n.Money(lang, models.Money{Minor: e.PriceMinor, Currency: p.Currency}),
		}
		key := "chat.quote"
		if e.PriceMinor == 0 {
			key = "chat.quote.free"
		}
		out.Said = append(out.Said, services.Said{Language: lang, Text: s.Texts.Text(lang, key, facts)})
	}
	return out
}

func readService(f *form) booking.ServiceEdit {
	e := booking.ServiceEdit{
		Names: f.Texts("names", booking.MaxName), Category: models.Category(f.Choice("category", string(models.Hair), string(models.Aesthetics))),
		Minutes: f.Number("minutes", booking.MinMinutes, booking.MaxMinutes), PriceMinor: f.Money("price", booking.MaxPriceMinor),
		DepositPercent: f.OptionalNumber("deposit", 0, 100), Synonyms: models.Words{},
	}
	for _, lang := range models.Languages() {
		typed := f.OptionalLong("synonyms."+lang, booking.MaxSynonyms*(booking.MaxSynonym+2))
		e.Synonyms[lang] = strings.FieldsFunc(typed, func(r rune) bool { return strings.ContainsRune("\n,،;", r) })
	}
	return e
}

func fillService(f *form, row models.Service) {
	f.FillTexts("names", row.Names)
	f.Fill("category", string(row.Category))
	f.Fill("minutes", strconv.Itoa(row.Minutes))
	f.Fill("price", ui.Major(row.PriceMinor))
	f.Fill("deposit", percentText(row.DepositPercent))
	for _, lang := range models.Languages() {
		f.Fill("synonyms."+lang, strings.Join(row.Synonyms[lang], "\n"))
	}
	f.Fill("version", strconv.Itoa(row.Version))
}

func asEdit(row models.Service) booking.ServiceEdit {
	return booking.ServiceEdit{
		Category: row.Category, Minutes: row.Minutes, PriceMinor: row.PriceMinor, DepositPercent: row.DepositPercent, Names: row.Names, Synonyms: row.Synonyms,
	}
}

// retireService takes a service off the menu at once; the toast puts it back.
func (s *Server) retireService(c *fiber.Ctx) error {
	return s.switched(c, servicesPath, "services.service.retired", "restore", func(ctx context.Context, id models.ID) error {
		_, err := s.Diary.Upkeep().RetireService(ctx, s.actor(c), id)
		return err
	})
}

// restoreService puts it back.
func (s *Server) restoreService(c *fiber.Ctx) error {
	return s.switched(c, servicesPath, "services.service.restored", "retire", func(ctx context.Context, id models.ID) error {
		_, err := s.Diary.Upkeep().RestoreService(ctx, s.actor(c), id)
		return err
	})
}

// switched does an act of one button under a list's path, which the opposite act takes back.
func (s *Server) switched(c *fiber.Ctx, list, toast, opposite string, do func(context.Context, models.ID) error) error {
	id, err := thing(c)
	if err != nil {
		return err
	}
	if err := do(c.UserContext(), id); err != nil {
		return err
	}
	a := acted{To: list + "/" + id.String(), Toast: toast}
	if opposite != "" {
		a.Undo = &undo{URL: a.To + "/" + opposite}
	}
	return s.acted(c, a)
}

// moveService moves a service one place among those of its category.
func (s *Server) moveService(up bool) fiber.Handler {
	return func(c *fiber.Ctx) error { return s.reordered(c, servicesPath, up, s.Diary.Upkeep().MoveService) }
}

func (s *Server) reordered(c *fiber.Ctx, list string, up bool, move func(context.Context, string, models.ID, bool) error) error {
	id, err := thing(c)
	if err != nil {
		return err
	}
	if err := move(c.UserContext(), s.actor(c), id, up); err != nil {
		return err
	}
	return s.acted(c, acted{To: list, Toast: "services.moved"})
}
