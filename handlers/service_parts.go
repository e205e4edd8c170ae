package handlers

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/ui"
)

// What the pages of the menu and the times share.

const servicesPath = "/console/services"

// thing reads the id of an address. Fault: services.not_found for what is none.
func thing(c *fiber.Ctx) (id models.ID, err error) {
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return id, fault.NotFound("services.not_found")
	}
	return id, nil
}

// keeps tells whether the visitor may change the menu and the times.
func (s *Server) keeps(c *fiber.Ctx) bool {
	v, _ := VisitorOf(c.UserContext())
	_, may := s.Staff.Can(v.Role, staff.Services, staff.ToAct)
	return may
}

func (s *Server) actor(c *fiber.Ctx) string {
	v, _ := VisitorOf(c.UserContext())
	return v.Actor()
}

func servicesScreen(title string) screen { return screen{title: title, room: staff.Services} }

// tabs lead through the room.
func (s *Server) serviceTabs(c *fiber.Ctx, here string) []ui.Chip {
	var out []ui.Chip
	for _, tab := range []struct{ name, path string }{
		{"services", servicesPath}, {"packs", servicesPath + "/packs"}, {"stylists", servicesPath + "/stylists"},
		{"hours", servicesPath + "/hours"}, {"closures", servicesPath + "/closures"},
	} {
		out = append(out, ui.Chip{Label: i18n.T(c.UserContext(), "services.tab."+tab.name), URL: tab.path, Current: tab.name == here})
	}
	return out
}

// versionOf is the version of the row that the person saw; a form without one is no form of ours.
func versionOf(f *form) int {
	n, ok := atoi(f.OptionalText("version", 12))
	if f.posted && !ok {
		f.Wrong("", "console.form.malformed")
	}
	return n
}

// beside is what stands in the database now beside what was typed, for whoever was overtaken; the form goes
// on from the version that stands now, so that saving again is a decision.
func (f *form) beside(fill func(*form)) []ui.FieldChange {
	now := &form{ctx: f.ctx, labels: f.labels, values: map[string][]string{}}
	fill(now)
	var out []ui.FieldChange
	for _, name := range sortedKeys(now.values) {
		stands, typed := strings.Join(now.values[name], ", "), strings.ReplaceAll(strings.Join(f.values[name], ", "), "\r\n", "\n")
		if label := cmp.Or(f.label(name), timeLabel(f.ctx, name)); label != "" && stands != typed {
			out = append(out, ui.FieldChange{Field: label, Before: typed, After: stands})
		}
	}
	for _, version := range []string{"version", "was"} {
		if now.values[version] != nil {
			f.values[version] = now.values[version]
		}
	}
	return out
}

// timeLabel is what the field of a weekday's hours or break is called: "hours.1.opens" is "Monday: from".
func timeLabel(ctx context.Context, field string) string {
	parts := strings.Split(field, ".")
	day, ok := atoi(parts[min(1, len(parts)-1)])
	if parts[0] != "hours" && parts[0] != "break" || !ok || day < 0 || day > 6 {
		return ""
	}
	end := "services.from"
	if last := parts[len(parts)-1]; last == "closes" || last == "to" {
		end = "services.until"
	}
	return i18n.Weekday(i18n.From(ctx).Language, time.Weekday(day)) + ": " + i18n.T(ctx, end)
}

// overtaken tells whether a refusal means that somebody else was faster.
func overtaken(err error) bool { return fault.Is(err, "services.changed") }

// standing draws the visits that an act leaves where they are, for the one who must decide about them.
func (s *Server) standing(c *fiber.Ctx, visits []booking.Visit) ([]services.Visit, error) {
	if len(visits) == 0 {
		return nil, nil
	}
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return nil, err
	}
	stylists, err := s.Diary.Upkeep().Stylists(ctx)
	if err != nil {
		return nil, err
	}
	v, _ := VisitorOf(ctx)
	lang := i18n.From(ctx).Language
	out := make([]services.Visit, len(visits))
	for i, visit := range visits {
		at := visit.StartsAt.In(policies.Zone())
		names := make([]string, len(visit.Services))
		for j, one := range visit.Services {
			names[j] = one.Names.In(lang)
		}
		out[i] = services.Visit{
			At: at, Who: personFor(v, visit.Customer, visit.ForName), What: strings.Join(names, " + "),
			Stylist: nameOfStylist(stylists, visit.StylistID, lang),
			URL:     link("/console/diary", "day", at.Format(time.DateOnly), "visit", visit.ID.String()),
		}
	}
	return out, nil
}

func nameOfStylist(stylists []models.Stylist, id models.ID, lang models.Language) string {
	i := slices.IndexFunc(stylists, func(s models.Stylist) bool { return s.ID == id })
	if i < 0 {
		return ""
	}
	return stylists[i].Names.In(lang)
}

// categoryOptions are the categories of the salon in words.
func categoryOptions(ctx context.Context) []ui.Option {
	return []ui.Option{
		{Value: string(models.Hair), Label: i18n.T(ctx, "public.category.hair")},
		{Value: string(models.Aesthetics), Label: i18n.T(ctx, "public.category.aesthetics")},
	}
}

// The words for offered and retired: of things, and of people.
const (
	thingStates  = "services.state"
	personStates = "services.stylist.state"
)

// stateOptions are offered and retired.
func stateOptions(ctx context.Context, words string) []ui.Option {
	return []ui.Option{{Value: "offered", Label: i18n.T(ctx, words+".offered")}, {Value: "retired", Label: i18n.T(ctx, words+".retired")}}
}

func stateOf(active bool) string {
	if active {
		return "offered"
	}
	return "retired"
}

// sorted orders rows by a table's column; the other way round when it says so.
func sorted[T any](q tableQuery, rows []T, compare map[string]func(a, b T) int) {
	by, known := compare[q.Sort]
	if !known {
		return
	}
	slices.SortStableFunc(rows, func(a, b T) int {
		if q.Desc {
			return by(b, a)
		}
		return by(a, b)
	})
}

// minutesIn is a length as the chat writes it: "95 min (1 h 35 min)".
func minutesIn(c *i18n.Catalogue, lang models.Language, minutes int) string {
	plain := c.Plural(lang, "chat.minutes", minutes, nil)
	if minutes <= 60 || minutes%60 == 0 {
		return plain
	}
	return c.Text(lang, "chat.duration", i18n.Facts{"Minutes": plain, "Hours": minutes / 60, "Rest": minutes % 60})
}

func percentText(n *int) string {
	if n == nil {
		return ""
	}
	return strconv.Itoa(*n)
}
