package handlers

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/ui"
)

const hoursPath = servicesPath + "/hours"

// weekdays of a form and of a page, Monday first.
func weekdays() []time.Weekday {
	return []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday, time.Saturday, time.Sunday}
}

// hours are the weekly hours, the dated sets, and the visits that stand outside of both.
func (s *Server) hours(c *fiber.Ctx) error {
	ctx := c.UserContext()
	weekly, err := s.Diary.Hours(ctx)
	if err != nil {
		return err
	}
	_, inForce, err := s.Diary.HoursOn(ctx, s.Clock.Now())
	if err != nil {
		return err
	}
	page := services.HoursPage{Tabs: s.serviceTabs(c, "hours"), Keeps: s.keeps(c), Week: weekOf(ctx, weekly)}
	if inForce != nil {
		page.InForce = ui.In(ctx, inForce.Names)
	}
	if page.Sets, err = s.setCards(c, page.Keeps); err != nil {
		return err
	}
	if page.Keeps {
		stranded, err := s.Diary.Upkeep().Stranded(ctx)
		if err != nil {
			return err
		}
		if page.Stranded, err = s.standing(c, stranded); err != nil {
			return err
		}
	}
	if page.History, err = s.history(c, "hours", ""); err != nil {
		return err
	}
	return s.page(c, servicesScreen("services.tab.hours"), services.Hours(page))
}

func weekOf(ctx context.Context, week []models.OpeningHours) []services.DayHours {
	byDay := map[time.Weekday]models.OpeningHours{}
	for _, h := range week {
		byDay[h.Weekday] = h
	}
	var out []services.DayHours
	for _, day := range weekdays() {
		out = append(out, services.DayHours{Day: i18n.Weekday(i18n.From(ctx).Language, day), Opens: byDay[day].Opens, Closes: byDay[day].Closes})
	}
	return out
}

func (s *Server) setCards(c *fiber.Ctx, keeps bool) ([]services.Set, error) {
	ctx := c.UserContext()
	rows, err := s.Diary.Upkeep().Sets(ctx)
	if err != nil {
		return nil, err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return nil, err
	}
	today := models.DateOf(s.Clock.Now().In(policies.Zone()))
	lang := i18n.From(ctx).Language
	out := make([]services.Set, len(rows))
	for i, row := range rows {
		state, tone := setState(row, today)
		out[i] = services.Set{
			Name: row.Names.In(lang), Week: weekOf(ctx, row.Week()), State: i18n.T(ctx, "services.set.state."+state), Tone: tone,
			Days: i18n.T(ctx, "services.set.days", "From", yearDay(lang, row.StartsOn), "To", yearDay(lang, row.EndsOn)),
		}
		if !keeps || row.EndsOn < today {
			continue
		}
		path := hoursPath + "/sets/" + row.ID.String()
		out[i].Edit, out[i].Switch = path+"/edit", path+"/retire"
		out[i].SwitchLabel, out[i].SwitchIconName = i18n.T(ctx, "services.retire"), "archive"
		if !row.Active {
			out[i].Switch, out[i].SwitchLabel, out[i].SwitchIconName = path+"/restore", i18n.T(ctx, "services.restore"), "undo-2"
		}
	}
	return out, nil
}

// yearDay is a day with its year: "Mon 8 Feb 2027".
func yearDay(lang models.Language, d models.Date) string {
	t := d.In(time.UTC)
	return i18n.DayShort(lang, t) + " " + strconv.Itoa(t.Year())
}

func setState(set models.ScheduleSet, today models.Date) (string, ui.Tone) {
	switch {
	case !set.Active:
		return "retired", ui.Neutral
	case set.EndsOn < today:
		return "past", ui.Neutral
	case set.Covers(today):
		return "now", ui.Good
	default:
		return "ahead", ui.Info
	}
}

// editHours changes the weekly hours, once somebody has decided about the visits outside the new ones.
func (s *Server) editHours(c *fiber.Ctx) error {
	ctx := c.UserContext()
	weekly, err := s.Diary.Hours(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	fill := func(f *form) {
		fillWeek(f, weekly)
		f.Fill("was", booking.WeekText(weekly))
	}
	fill(f)
	now, keep := readWeek(f), f.Checked("keep")
	was, ok := booking.ReadWeek(f.OptionalText("was", 400))
	if f.posted && !ok {
		f.Wrong("", "console.form.malformed")
	}
	page := services.HoursForm{Days: weekFields(ctx)}
	if f.Valid() {
		err := s.Diary.Upkeep().SetHours(ctx, s.actor(c), was, now, keep)
		if err == nil {
			return s.acted(c, acted{To: hoursPath, Toast: "services.hours.changed"})
		}
		if !f.Refused(err) {
			return err
		}
		if overtaken(err) {
			page.Now = f.beside(fill)
		}
		if page.Visits, err = s.inTheWay(c, err); err != nil {
			return err
		}
	}
	page.Form.Form = f.Shown()
	return s.formPage(c, servicesScreen("services.hours.edit_title"), f, services.EditHours(page))
}

// inTheWay draws the visits that a refusal is about; none for any other.
func (s *Server) inTheWay(c *fiber.Ctx, refused error) ([]services.Visit, error) {
	by, _ := booking.Obstacles(refused)
	return s.standing(c, by.Visits)
}

func weekField(day time.Weekday) string { return "hours." + strconv.Itoa(int(day)) }

func weekFields(ctx context.Context) []services.WeekField {
	var out []services.WeekField
	for _, day := range weekdays() {
		name := weekField(day)
		out = append(out, services.WeekField{
			Label: i18n.Weekday(i18n.From(ctx).Language, day), Name: name, TimeFields: services.TimeFields{From: name + ".opens", To: name + ".closes"},
		})
	}
	return out
}

func fillWeek(f *form, week []models.OpeningHours) {
	byDay := map[time.Weekday]models.OpeningHours{}
	for _, h := range week {
		byDay[h.Weekday] = h
	}
	for _, day := range weekdays() {
		f.Fill(weekField(day)+".opens", byDay[day].Opens)
		f.Fill(weekField(day)+".closes", byDay[day].Closes)
	}
}

// readWeek reads a week of hours; a weekday without times is closed.
func readWeek(f *form) []models.OpeningHours {
	var week []models.OpeningHours
	for _, day := range weekdays() {
		opens, closes := wallText(f, weekField(day)+".opens"), wallText(f, weekField(day)+".closes")
		if opens != "" || closes != "" {
			week = append(week, models.OpeningHours{Weekday: day, Opens: opens, Closes: closes})
		}
	}
	return week
}

// wallText is a time of day as rows write it, "09:30"; empty when the field is.
func wallText(f *form, name string) string {
	minute := f.OptionalClock(name)
	if minute == nil {
		return ""
	}
	two := func(n int) string { return strings.Repeat("0", 2-len(strconv.Itoa(n))) + strconv.Itoa(n) }
	return two(*minute/60) + ":" + two(*minute%60)
}

// addSet makes a dated set of hours.
func (s *Server) addSet(c *fiber.Ctx) error {
	ctx := c.UserContext()
	weekly, err := s.Diary.Hours(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	fillWeek(f, weekly)
	edit, keep := readSet(f), f.Checked("keep")
	f.OptionalText("version", 12) // the form of a change has one
	page := services.SetForm{Form: services.Form{New: true}, Days: weekFields(ctx)}
	if f.Valid() {
		made, err := s.Diary.Upkeep().AddSet(ctx, s.actor(c), edit, keep)
		if err == nil {
			return s.acted(c, acted{To: hoursPath, Toast: "services.set.added", Result: fiber.Map{"id": made.ID}})
		}
		if !f.Refused(err) {
			return err
		}
		if page.Visits, err = s.inTheWay(c, err); err != nil {
			return err
		}
	}
	page.Form.Form = f.Shown()
	return s.formPage(c, servicesScreen("services.set.new"), f, services.EditSet(page))
}

// editSet changes a dated set of hours.
func (s *Server) editSet(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	set, err := s.Diary.Upkeep().Set(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	fillSet(f, set)
	edit, keep, version := readSet(f), f.Checked("keep"), versionOf(f)
	page := services.SetForm{Name: ui.In(ctx, set.Names), Days: weekFields(ctx)}
	if f.Valid() {
		_, err := s.Diary.Upkeep().ChangeSet(ctx, s.actor(c), id, version, edit, keep)
		if err == nil {
			return s.acted(c, acted{To: hoursPath, Toast: "services.set.changed"})
		}
		if !f.Refused(err) {
			return err
		}
		if overtaken(err) {
			page.Now = f.beside(func(f *form) { fillSet(f, set) })
		}
		if page.Visits, err = s.inTheWay(c, err); err != nil {
			return err
		}
	}
	page.Form.Form = f.Shown()
	return s.formPage(c, servicesScreen("services.set.edit_title"), f, services.EditSet(page))
}

func readSet(f *form) booking.SetEdit {
	e := booking.SetEdit{Names: f.Texts("names", booking.MaxName), Hours: readWeek(f)}
	if day := f.Date("from", time.UTC); !day.IsZero() {
		e.From = models.DateOf(day)
	}
	if day := f.Date("to", time.UTC); !day.IsZero() {
		e.To = models.DateOf(day)
	}
	return e
}

func fillSet(f *form, set models.ScheduleSet) {
	f.FillTexts("names", set.Names)
	f.Fill("from", string(set.StartsOn))
	f.Fill("to", string(set.EndsOn))
	fillWeek(f, set.Week())
	f.Fill("version", strconv.Itoa(set.Version))
}

// retireSet lets the weekly hours hold again on the set's days.
func (s *Server) retireSet(c *fiber.Ctx) error {
	return s.switchSet(c, "retire", s.Diary.Upkeep().RetireSet)
}

// restoreSet lets a retired set hold again.
func (s *Server) restoreSet(c *fiber.Ctx) error {
	return s.switchSet(c, "restore", s.Diary.Upkeep().RestoreSet)
}

type setSwitch func(ctx context.Context, actor string, id models.ID, keep bool) (models.ScheduleSet, error)

func (s *Server) switchSet(c *fiber.Ctx, act string, do setSwitch) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	set, err := s.Diary.Upkeep().Set(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	keep := f.Checked("keep")
	page := services.SwitchForm{
		Title:  i18n.T(ctx, "services.set."+act+"_title", "Name", ui.In(ctx, set.Names)),
		Effect: i18n.T(ctx, "services.set."+act+"_effect"), Submit: i18n.T(ctx, "services."+act),
	}
	if f.Valid() {
		_, err := do(ctx, s.actor(c), id, keep)
		if err == nil {
			return s.acted(c, acted{To: hoursPath, Toast: "services.set." + act + "d"})
		}
		if !f.Refused(err) {
			return err
		}
		if page.Visits, err = s.inTheWay(c, err); err != nil {
			return err
		}
	}
	page.Form.Form = f.Shown()
	return s.formPage(c, servicesScreen("services.tab.hours"), f, services.SwitchSet(page))
}
