package handlers

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/reconcile"
	"frontdesk/internal/staff"
	"frontdesk/internal/stripeapi"
	"frontdesk/models"
	letterpages "frontdesk/views/letters"
	"frontdesk/views/orders"
	"frontdesk/views/reconciliation"
	"frontdesk/views/ui"
)

// differenceOf is the difference that the address names.
func (s *Server) differenceOf(c *fiber.Ctx) (models.Difference, error) {
	var id models.ID
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return models.Difference{}, fault.NotFound("reconciliation.no_difference")
	}
	return s.Books.Difference(c.UserContext(), id)
}

// oneDifference shows both sides of a difference and leads to what it is about.
func (s *Server) oneDifference(c *fiber.Ctx) error {
	ctx := c.UserContext()
	d, err := s.differenceOf(c)
	if err != nil {
		return err
	}
	page := reconciliation.Difference{
		Title: i18n.T(ctx, "reconciliation.kind."+string(d.Kind)), Lead: i18n.T(ctx, "reconciliation.why."+string(d.Kind)), State: differenceBadge(ctx, d.State), Note: d.Note,
		Here: sideFacts(ctx, d.HereMinor, d.HereCurrency, d.HereState), There: sideFacts(ctx, d.ThereMinor, d.ThereCurrency, d.ThereState),
	}
	if page.Facts, err = s.differenceFacts(c, d); err != nil {
		return err
	}
	if s.mayDo(c, staff.Refunds, staff.ToAct) {
		switch d.State {
		case models.DifferenceOpen:
			page.Acts = []orders.Possible{{URL: differenceURL(d.ID, "explain"), Label: i18n.T(ctx, "reconciliation.act.explain"), Icon: "check", Tone: ui.Primary}}
		case models.DifferenceExplained:
			page.Acts = []orders.Possible{{URL: differenceURL(d.ID, "reopen"), Label: i18n.T(ctx, "reconciliation.act.reopen"), Icon: "undo-2"}}
		}
	}
	if page.History, err = s.history(c, reconcile.SubjectDifference, d.ID.String()); err != nil {
		return err
	}
	return s.page(c, booksScreen("reconciliation.one"), reconciliation.One(page))
}

// sideFacts are what one side says.
func sideFacts(ctx context.Context, minor *int64, currency, state string) []orders.Fact {
	out := []orders.Fact{{Label: i18n.T(ctx, "reconciliation.amount"), Value: sideAmount(ctx, minor, currency), Code: true}}
	if state != "" {
		out = append(out, orders.Fact{Label: i18n.T(ctx, "reconciliation.column.state"), Value: ui.Word(ctx, "reconciliation.said", state)})
	}
	return out
}

// differenceFacts lead to what a difference is about, each for those who may go there.
func (s *Server) differenceFacts(c *fiber.Ctx, d models.Difference) ([]orders.Fact, error) {
	ctx := c.UserContext()
	var out []orders.Fact
	fact := func(key, value, url string, code bool) {
		if value != "" {
			out = append(out, orders.Fact{Label: i18n.T(ctx, "reconciliation."+key), Value: value, URL: url, Code: code})
		}
	}
	moment := func(t time.Time) string { return ui.Moment(ctx, s.inZone(c, t)) }
	fact("column.since", moment(d.Since), "", false)
	fact("column.found", moment(d.FoundAt), "", false)
	fact("column.seen", moment(d.SeenAt), "", false)
	if d.RunID != nil {
		fact("found_by", i18n.T(ctx, "reconciliation.found_by_run"), compareRuns+"/"+d.RunID.String(), false)
	} else {
		fact("found_by", i18n.T(ctx, "reconciliation.found_by_watch"), "", false)
	}
	if d.OrderID != nil {
		url := ""
		if s.mayDo(c, staff.Orders, staff.ToRead) {
			url = orderURL(*d.OrderID, "")
		}
		fact("order", i18n.T(ctx, "reconciliation.look_order"), url, false)
	}
	if d.AppointmentID != nil {
		url := ""
		if s.mayDo(c, staff.Diary, staff.ToRead) {
			url = link("/console/diary", "visit", d.AppointmentID.String())
		}
		fact("visit", i18n.T(ctx, "reconciliation.look_visit"), url, false)
	}
	if d.RefundID != nil {
		fact("refund", i18n.T(ctx, "reconciliation.look_refund"), refundURL(*d.RefundID, ""), false)
	} else if d.PaymentID != nil {
		fact("refunds", i18n.T(ctx, "reconciliation.look_refunds"), link(refundsPath, "of", d.PaymentID.String()), false)
	}
	if d.PaymentID != nil {
		fact("column.payment", d.PaymentID.String(), "", true)
	}
	fact("column.ref", d.Ref, "", true)
	fact("column.intent", d.Intent, "", true)
	if d.SettledAt != nil {
		who, err := s.actorNames(ctx, []string{d.SettledBy})
		if err != nil {
			return nil, err
		}
		fact("settled", who(d.SettledBy)+" · "+moment(*d.SettledAt), "", false)
	}
	return out, nil
}

// explainDifference settles a difference with somebody's words.
func (s *Server) explainDifference(c *fiber.Ctx) error {
	ctx := c.UserContext()
	d, err := s.differenceOf(c)
	if err != nil {
		return err
	}
	f := s.form(c, "reconciliation.field")
	f.Fill("version", strconv.FormatInt(d.Version, 10))
	version, note := f.version(), f.Text("note", reconcile.MaxNote)
	if f.Valid() {
		_, err := s.Books.Explain(ctx, d.ID, version, s.actor(c), note)
		if err == nil {
			return s.acted(c, acted{To: differenceURL(d.ID, ""), Toast: "reconciliation.explain.done", Result: fiber.Map{"id": d.ID, "state": models.DifferenceExplained}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	sheet := s.differenceSheet(ctx, "explain", d, f)
	if d.State == models.DifferenceOpen {
		sheet.Fields = []ui.Field{{Name: "note", Max: reconcile.MaxNote, Autocomplete: "off", Hint: i18n.T(ctx, "reconciliation.note_hint")}}
	} else {
		sheet.Blocked = i18n.T(ctx, "reconciliation.changed")
	}
	return s.formPage(c, screen{title: "reconciliation.explain.title", room: staff.Refunds}, f, letterpages.Ask(sheet))
}

// reopenDifference lets an explained difference stand again.
func (s *Server) reopenDifference(c *fiber.Ctx) error {
	ctx := c.UserContext()
	d, err := s.differenceOf(c)
	if err != nil {
		return err
	}
	f := s.form(c, "reconciliation.field")
	f.Fill("version", strconv.FormatInt(d.Version, 10))
	version := f.version()
	if f.Valid() {
		_, err := s.Books.Reopen(ctx, d.ID, version, s.actor(c))
		if err == nil {
			return s.acted(c, acted{To: differenceURL(d.ID, ""), Toast: "reconciliation.reopen.done", Result: fiber.Map{"id": d.ID, "state": models.DifferenceOpen}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	sheet := s.differenceSheet(ctx, "reopen", d, f)
	if d.State != models.DifferenceExplained {
		sheet.Blocked = i18n.T(ctx, "reconciliation.changed")
	}
	return s.formPage(c, screen{title: "reconciliation.reopen.title", room: staff.Refunds}, f, letterpages.Ask(sheet))
}

func (s *Server) differenceSheet(ctx context.Context, name string, d models.Difference, f *form) letterpages.Sheet {
	key := "reconciliation." + name
	return letterpages.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, key+".title"), Lead: i18n.T(ctx, key+".lead"), Submit: i18n.T(ctx, "reconciliation.act."+name), Cancel: differenceURL(d.ID, ""), Form: f.Shown(),
		},
		Facts: []orders.Fact{
			{Label: i18n.T(ctx, "reconciliation.column.kind"), Value: i18n.T(ctx, "reconciliation.kind."+string(d.Kind))},
			{Label: i18n.T(ctx, "reconciliation.here"), Value: sideAmount(ctx, d.HereMinor, d.HereCurrency), Code: true},
			{Label: i18n.T(ctx, "reconciliation.there"), Value: sideAmount(ctx, d.ThereMinor, d.ThereCurrency), Code: true},
		},
		Hidden: [][2]string{{"version", strconv.FormatInt(d.Version, 10)}},
	}
}

// compareNow begins a comparison of a few days.
func (s *Server) compareNow(c *fiber.Ctx) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	zone := policies.Zone()
	now := s.Clock.Now().In(zone)
	f := s.form(c, "reconciliation.field")
	f.Fill("from", now.AddDate(0, 0, -1).Format(time.DateOnly))
	f.Fill("to", now.Format(time.DateOnly))
	from, to := f.Date("from", zone), f.Date("to", zone)
	if f.Valid() {
		r, err := s.Books.Begin(ctx, s.actor(c), stripeapi.Window{From: from, To: to.AddDate(0, 0, 1)})
		if err == nil {
			return s.acted(c, acted{To: compareRuns + "/" + r.ID.String(), Leave: true, Toast: "reconciliation.compare.done", Result: fiber.Map{"id": r.ID}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	day := func(name string) ui.Field { return ui.Field{Name: name, Type: "date", Autocomplete: "off"} }
	return s.formPage(c, screen{title: "reconciliation.compare.title", room: staff.Refunds}, f, letterpages.Ask(letterpages.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, "reconciliation.compare.title"), Lead: i18n.T(ctx, "reconciliation.compare.lead", "Days", reconcile.MaxDays),
			Submit: i18n.T(ctx, "reconciliation.act.compare"), Cancel: booksPath, Form: f.Shown(),
		},
		Fields: []ui.Field{day("from"), day("to")},
	}))
}

// oneComparison shows what both sides add up to, or how far it is.
func (s *Server) oneComparison(c *fiber.Ctx) error {
	ctx := c.UserContext()
	var id models.ID
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return fault.NotFound("reconciliation.no_run")
	}
	r, err := s.Books.Run(ctx, id)
	if err != nil {
		return err
	}
	who, err := s.actorNames(ctx, []string{r.Actor})
	if err != nil {
		return err
	}
	figures, err := reconcile.FiguresOf(r)
	if err != nil {
		return err
	}
	page := reconciliation.Run{Title: i18n.T(ctx, "reconciliation.comparison"), State: comparisonBadge(ctx, r.State), Facts: []orders.Fact{
		{Label: i18n.T(ctx, "reconciliation.compared"), Value: s.windowWords(c, r)},
		{Label: i18n.T(ctx, "reconciliation.by"), Value: comparedBy(ctx, r, who)},
		{Label: i18n.T(ctx, "reconciliation.asked"), Value: ui.Moment(ctx, s.inZone(c, r.AskedAt))},
	}}
	switch {
	case r.State == models.ReconciliationRunning && r.Stage != "":
		page.Stage = i18n.T(ctx, "reconciliation.stage."+r.Stage)
	case r.State == models.ReconciliationRunning:
		page.Stage = i18n.T(ctx, "reconciliation.stage.waits")
	case r.State == models.ReconciliationDone:
		page.List = link(booksPath, "run", r.ID.String())
		for _, n := range []struct {
			key string
			n   int
		}{{"found", r.Found}, {"cleared", r.Cleared}, {"unchecked", r.Unchecked}} {
			page.Facts = append(page.Facts, orders.Fact{Label: i18n.T(ctx, "reconciliation.count."+n.key), Value: strconv.Itoa(n.n)})
		}
	}
	if r.Code != "" {
		page.Problem = i18n.T(ctx, "reconciliation.problem", "Code", ui.Word(ctx, "reconciliation.code", r.Code))
	}
	for _, f := range figures {
		page.Figures = append(page.Figures, reconciliation.Sums{
			Title: i18n.T(ctx, "reconciliation.figures."+f.What, "Currency", f.Currency), Agree: f.Here == f.There && f.HereMinor == f.ThereMinor,
			Facts: []orders.Fact{
				{Label: i18n.T(ctx, "reconciliation.here"), Value: i18n.T(ctx, "reconciliation.sum", "Count", f.Here, "Amount", ui.Money(ctx, f.HereMinor, f.Currency))},
				{Label: i18n.T(ctx, "reconciliation.there"), Value: i18n.T(ctx, "reconciliation.sum", "Count", f.There, "Amount", ui.Money(ctx, f.ThereMinor, f.Currency))},
			},
		})
	}
	return s.page(c, booksScreen("reconciliation.comparison"), reconciliation.OneRun(page))
}
