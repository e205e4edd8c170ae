package handlers

import (
	"fmt"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/ui"
)

// breakRows is how many breaks a weekday of the form has room for.
const breakRows = 2

// editBreaks changes a stylist's weekly breaks. Visits that stand in a new break stay.
func (s *Server) editBreaks(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	row, err := s.Diary.Upkeep().Stylist(ctx, id)
	if err != nil {
		return err
	}
	had, err := s.Diary.Upkeep().BreaksOf(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	fill := func(f *form) { fillBreaks(f, had, row.Version) }
	fill(f)
	breaks, version := readBreaks(f), versionOf(f)
	page := services.BreaksForm{Name: ui.In(ctx, row.Names), Days: breakDays(i18n.From(ctx).Language)}
	if f.Valid() {
		err := s.Diary.Upkeep().SetBreaks(ctx, s.actor(c), id, version, breaks)
		if err == nil {
			return s.acted(c, acted{To: stylistsPath + "/" + id.String(), Toast: "services.breaks.changed"})
		}
		if !f.Refused(err) {
			return err
		}
		if overtaken(err) {
			page.Now = f.beside(fill)
		}
	}
	page.Form.Form = f.Shown()
	return s.formPage(c, servicesScreen("services.breaks"), f, services.EditBreaks(page))
}

func breakField(day time.Weekday, n int) services.TimeFields {
	name := fmt.Sprintf("break.%d.%d", day, n)
	return services.TimeFields{From: name + ".from", To: name + ".to"}
}

func breakDays(lang models.Language) []services.BreakDay {
	var out []services.BreakDay
	for _, day := range weekdays() {
		line := services.BreakDay{Label: i18n.Weekday(lang, day)}
		for n := range breakRows {
			line.Breaks = append(line.Breaks, breakField(day, n))
		}
		out = append(out, line)
	}
	return out
}

func fillBreaks(f *form, breaks []models.WeeklyBreak, version int) {
	of := map[time.Weekday][]models.WeeklyBreak{}
	for _, b := range breaks {
		of[b.Weekday] = append(of[b.Weekday], b)
	}
	for _, day := range weekdays() {
		for n := range breakRows {
			var b models.WeeklyBreak
			if n < len(of[day]) {
				b = of[day][n]
			}
			names := breakField(day, n)
			f.Fill(names.From, b.Starts)
			f.Fill(names.To, b.Ends)
		}
	}
	f.Fill("version", strconv.Itoa(version))
}

// readBreaks reads the breaks that were filled in.
func readBreaks(f *form) []models.WeeklyBreak {
	var breaks []models.WeeklyBreak
	for _, day := range weekdays() {
		for n := range breakRows {
			names := breakField(day, n)
			from, to := wallText(f, names.From), wallText(f, names.To)
			if from != "" || to != "" {
				breaks = append(breaks, models.WeeklyBreak{Weekday: day, Starts: from, Ends: to})
			}
		}
	}
	return breaks
}
