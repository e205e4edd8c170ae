package handlers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/services"
	"frontdesk/views/ui"
)

const closuresPath = servicesPath + "/closures"

// closuresShown is how many closed times one list holds.
const closuresShown = 500

// closedTimes lists closed days and days off: those ahead, the next first, then those that are over.
func (s *Server) closedTimes(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "closures", Path: closuresPath, Caption: "services.tab.closures", Sort: "when", PageSize: closuresShown,
		Columns: []tableColumn{
			{Key: "when", Label: "services.column.when"}, {Key: "who", Label: "services.column.who"}, {Key: "kind", Label: "services.field.kind"},
			{Key: "reason", Label: "services.field.reason"}, {Key: "note", Label: "services.field.note", Optional: true}, {Key: "acts", Label: "services.column.acts", End: true},
		},
		Filters: []tableFilter{
			{Key: "time", Label: "services.column.when", Kind: ui.FilterChips, Options: []ui.Option{
				{Value: "ahead", Label: i18n.T(ctx, "services.closure.ahead")}, {Value: "over", Label: i18n.T(ctx, "services.closure.over")},
			}},
			{Key: "kind", Label: "services.field.kind", Kind: ui.FilterSelect, Options: kindOptions(ctx)},
		},
		Empty:   ui.EmptyList{Icon: "calendar-x", Title: i18n.T(ctx, "services.closure.none"), Text: i18n.T(ctx, "services.closure.none_text")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "services.no_match"), Text: i18n.T(ctx, "services.no_match_text")},
	}
	page := services.Page{Tabs: s.serviceTabs(c, "closures"), Lead: i18n.T(ctx, "services.closure.lead")}
	keeps := s.keeps(c)
	if keeps {
		page.Add = &services.Link{URL: closuresPath + "/new", Label: i18n.T(ctx, "services.closure.new"), Icon: "calendar-x"}
		spec.Empty.URL, spec.Empty.Label = page.Add.URL, page.Add.Label
	}
	read := func(ctx context.Context, q tableQuery) (tablePage, error) { return s.closureRows(ctx, q, keeps) }
	return s.table(c, servicesScreen("services.tab.closures"), spec, read, func(t ui.Table) templ.Component {
		page.Table = t
		return services.Content(page)
	})
}

func (s *Server) closureRows(ctx context.Context, q tableQuery, keeps bool) (tablePage, error) {
	var rows []models.TimeBlock
	for _, over := range []bool{false, true} {
		if over && q.Value("time") == "ahead" || !over && q.Value("time") == "over" {
			continue
		}
		found, err := s.Diary.Upkeep().Closures(ctx, over, closuresShown)
		if err != nil {
			return tablePage{}, err
		}
		rows = append(rows, found...)
	}
	stylists, err := s.Diary.Upkeep().Stylists(ctx)
	if err != nil {
		return tablePage{}, err
	}
	var page tablePage
	for _, b := range rows {
		if !matches(q, "kind", string(b.Kind)) {
			continue
		}
		when := s.closedWhen(ctx, b, q.zone)
		note, acts := ui.Cell{}, ui.Cell{}
		if keeps {
			note.Text = b.Note
			acts.View = services.Open(closuresPath+"/"+b.ID.String()+"/open", when)
		}
		page.Rows = append(page.Rows, tableRow{Row: ui.Row{ID: b.ID.String(), Label: when, Cells: []ui.Cell{
			{Text: when}, {Text: closedWho(ctx, b, stylists)}, {Text: i18n.T(ctx, "services.kind."+string(b.Kind))}, {Text: ui.In(ctx, b.Reason)}, note, acts,
		}}})
	}
	return page, nil
}

// closedWhen says when time is closed, whole days without their midnights.
func (s *Server) closedWhen(ctx context.Context, b models.TimeBlock, zone *time.Location) string {
	lang := i18n.From(ctx).Language
	from, to := b.StartsAt.In(zone), b.EndsAt.In(zone)
	day := func(t time.Time) string { return yearDay(lang, models.DateOf(t)) }
	hours := "\u2066" + i18n.Clock(from) + "–" + i18n.Clock(to) + "\u2069"
	switch whole := minuteOf(from) == 0 && minuteOf(to) == 0; {
	case whole && to.Equal(from.AddDate(0, 0, 1)):
		return day(from)
	case whole:
		return i18n.T(ctx, "services.set.days", "From", day(from), "To", day(to.AddDate(0, 0, -1)))
	case models.DateOf(from) == models.DateOf(to):
		return day(from) + i18n.T(ctx, "services.comma") + hours
	default:
		return i18n.T(ctx, "services.set.days", "From", day(from)+" "+i18n.Clock(from), "To", day(to)+" "+i18n.Clock(to))
	}
}

func closedWho(ctx context.Context, b models.TimeBlock, stylists []models.Stylist) string {
	if b.StylistID == nil {
		return i18n.T(ctx, "services.whole_salon")
	}
	return nameOfStylist(stylists, *b.StylistID, i18n.From(ctx).Language)
}

func closingKinds() []models.BlockKind {
	return append(booking.BlockKinds(true), models.BlockDayOff, models.BlockBusy, models.BlockBreak)
}

func kindOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, kind := range closingKinds() {
		out = append(out, ui.Option{
			Value: string(kind), Label: i18n.T(ctx, "services.kind."+string(kind)), Hint: i18n.T(ctx, "services.kind_hint."+string(kind)),
		})
	}
	return out
}

// closing is what the form that closes time says.
type closing struct {
	booking.BlockRequest
	days models.Span // the first and the last day's midnights
}

// closeTime closes days or hours, once somebody has decided about the visits that stand there.
func (s *Server) closeTime(c *fiber.Ctx) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	r := readClosing(f, policies.Zone())
	r.Actor = s.actor(c)
	page := services.CloseForm{Kinds: kindOptions(ctx)}
	if f.Valid() {
		b, err := s.Diary.Upkeep().Close(ctx, r.BlockRequest)
		if err == nil {
			return s.acted(c, acted{
				To: closuresPath, Toast: "services.closure.closed", Undo: &undo{URL: closuresPath + "/" + b.ID.String() + "/open"}, Result: fiber.Map{"id": b.ID},
			})
		}
		if !f.Refused(err) {
			return err
		}
		if page.Visits, err = s.inTheWay(c, err); err != nil {
			return err
		}
	}
	stylists, err := s.Diary.Upkeep().Stylists(ctx)
	if err != nil {
		return err
	}
	for _, st := range stylists {
		if st.Active {
			page.Stylists = append(page.Stylists, ui.Option{Value: st.ID.String(), Label: ui.In(ctx, st.Names)})
		}
	}
	page.Form.Form, page.Preview = f.Shown(), s.closingSaid(r)
	return s.formPage(c, servicesScreen("services.closure.new"), f, services.CloseTime(page))
}

// readClosing reads the form: whole days, or hours of days. Kinds that close the salon name no stylist,
// the others must.
func readClosing(f *form, zone *time.Location) closing {
	words := make([]string, 0, len(closingKinds()))
	for _, kind := range closingKinds() {
		words = append(words, string(kind))
	}
	r := closing{BlockRequest: booking.BlockRequest{
		Kind: models.BlockKind(f.Choice("kind", words...)), StylistID: f.OptionalID("stylist"),
		Reason: f.OptionalTexts("reason", booking.MaxClosureReason), Note: f.OptionalText("note", booking.MaxReason), KeepVisits: f.Checked("keep"),
	}}
	from, to := f.Date("from", zone), f.OptionalDate("to", zone)
	starts, ends := f.OptionalClock("starts"), f.OptionalClock("ends")
	if to.IsZero() {
		to = from
	}
	salon := slices.Contains(booking.BlockKinds(true), r.Kind)
	switch {
	case r.Kind == "" || from.IsZero():
	case salon && r.StylistID != nil:
		f.Wrong("stylist", "services.wrong.salon_kind")
	case !salon && r.StylistID == nil:
		f.Wrong("stylist", "services.wrong.stylist_kind")
	case to.Before(from):
		f.Wrong("to", "services.wrong.date_order")
	}
	r.days = models.Span{Start: from, End: to}
	r.Span = booking.WholeDays(models.DateOf(from), models.DateOf(to), zone)
	switch {
	case starts == nil && ends == nil:
	case starts == nil || ends == nil:
		f.Wrong("ends", "services.wrong.both_times")
	default:
		r.Span = models.Span{Start: atMinute(from, *starts), End: atMinute(to, *ends)}
		if !r.Span.Start.Before(r.Span.End) {
			f.Wrong("ends", "services.wrong.order")
		}
	}
	return r
}

// atMinute is a wall time of a day, in minutes after its midnight.
func atMinute(day time.Time, minute int) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 0, minute, 0, 0, day.Location())
}

// previewClosing draws what customers who ask for that day would read.
func (s *Server) previewClosing(c *fiber.Ctx) error {
	policies, err := s.Policies.Policies(c.UserContext())
	if err != nil {
		return err
	}
	private(c)
	return send(c, fiber.StatusOK, services.Previewed(s.closingSaid(readClosing(s.form(c, "services.field"), policies.Zone()))))
}

func (s *Server) closingSaid(r closing) services.Preview {
	var out services.Preview
	if r.days.Start.IsZero() || r.StylistID != nil || !slices.Contains(booking.BlockKinds(true), r.Kind) {
		return out
	}
	for _, lang := range models.Languages() {
		key, reason := "chat.closed", strings.TrimSpace(r.Reason[lang])
		if reason == "" {
			key = "chat.closed.weekly"
		}
		text := s.Texts.Text(lang, key, i18n.Facts{"Day": i18n.Day(lang, r.days.Start), "Reason": reason})
		out.Said = append(out.Said, services.Said{Language: lang, Text: text})
	}
	return out
}

// openTime opens closed time again.
func (s *Server) openTime(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := thing(c)
	if err != nil {
		return err
	}
	b, err := s.Diary.TimeBlock(ctx, id)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	stylists, err := s.Diary.Upkeep().Stylists(ctx)
	if err != nil {
		return err
	}
	f := s.form(c, "services.field")
	if f.Valid() {
		if _, err := s.Diary.Unblock(ctx, booking.UnblockRequest{ID: id, Actor: s.actor(c)}); err != nil {
			return err
		}
		return s.acted(c, acted{To: closuresPath, Toast: "services.closure.opened"})
	}
	when := s.closedWhen(ctx, b, policies.Zone())
	page := services.OpenForm{Form: services.Form{Form: f.Shown()}, When: when, What: strings.Join([]string{
		closedWho(ctx, b, stylists), i18n.T(ctx, "services.kind."+string(b.Kind)), when,
	}, " · ")}
	return s.formPage(c, servicesScreen("services.closure.open"), f, services.OpenTime(page))
}
