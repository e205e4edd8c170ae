package handlers

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/letters"
	"frontdesk/internal/staff"
	"frontdesk/models"
	letterpages "frontdesk/views/letters"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

const (
	// chosenLetters is how many letters are chosen one by one.
	chosenLetters = 100
	// typedFrom is from how many jobs on their number must be typed.
	typedFrom = 101
)

// manyLetters is the form of an act on the letters of a filter, which stands in the address when it is opened and in the
// form afterwards, with the moment up to which a letter is meant.
type manyLetters struct {
	*form
	ask    letterAsk
	filter letters.Filter
	hidden [][2]string
}

func (s *Server) manyLetters(c *fiber.Ctx) (*manyLetters, error) {
	m := &manyLetters{form: s.form(c, "letters.field")}
	m.Fill("until", s.Clock.Machine().UTC().Format(time.RFC3339Nano))
	if err := m.address(c); err != nil {
		return nil, err
	}
	var err error
	if m.ask, err = s.letterAsk(c, func(name string) string { return m.raw(name, maxFilter) }); err != nil {
		return nil, err
	}
	m.filter = m.ask.filter
	if err := m.chosen(); err != nil {
		return nil, err
	}
	now := s.Clock.Machine()
	until, wrong := now, error(nil)
	if text := m.raw("until", 40); text != "" { // a program may leave it out: up to now
		until, wrong = time.Parse(time.RFC3339Nano, text)
	}
	if wrong != nil {
		m.Wrong("", "console.form.malformed")
		until = now // the form that is drawn again can be sent
	}
	m.values.Set("until", until.UTC().Format(time.RFC3339Nano))
	if m.filter.To.IsZero() || until.Before(m.filter.To) {
		m.filter.To = until
	}
	m.hidden = [][2]string{{"until", m.values.Get("until")}}
	for _, name := range append(letterParams(), "all", "id") {
		for _, v := range m.values[name] {
			m.hidden = append(m.hidden, [2]string{name, v})
		}
	}
	return m, nil
}

// address takes what the address of an opened form chooses into its fields. It says nothing else.
func (m *manyLetters) address(c *fiber.Ctx) error {
	if m.posted {
		return nil
	}
	known, strange := append(letterParams(), "all", "id"), ""
	for key, value := range c.Context().QueryArgs().All() {
		name := string(key)
		if !slices.Contains(known, name) {
			strange = clip(name, 40)
		} else if len(value) > 0 {
			m.values.Add(name, string(value))
		}
	}
	if strange != "" {
		return unclear(strange)
	}
	return nil
}

// unclear refuses what an act on many letters cannot be sure to have understood: whatever were left out would widen what is
// chosen, up to all there is.
func unclear(name string) error {
	return fault.Invalid("letters.unclear", map[string]string{name: "letters.unclear"})
}

// chosen reads the letters that were chosen one by one, and that something is chosen at all: a filter, letters, or in so
// many words all.
func (m *manyLetters) chosen() error {
	m.read["id"] = true
	ids, all := m.values["id"], m.raw("all", 3)
	switch {
	case m.ask.unclear != "":
		return unclear(m.ask.unclear)
	case len(m.wrong) > 0:
		return unclear(m.wrong[0].field)
	case len(ids) > chosenLetters:
		return &fault.Fault{Kind: fault.KindInvalid, Key: "console.form.many", Facts: map[string]any{"Max": chosenLetters}, Fields: map[string]string{"id": "console.form.many"}}
	case all != "" && all != "yes", all != "" && len(ids)+len(m.ask.values) > 0:
		return unclear("all")
	case m.ask.nothing, all == "" && len(ids)+len(m.ask.values) == 0:
		m.filter.Jobs = []int64{}
		return nil
	}
	for _, text := range ids {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil || id < 1 {
			return unclear("id")
		}
		m.filter.Jobs = append(m.filter.Jobs, id)
	}
	return nil
}

// named reads the number that was confirmed; a large one is typed.
func (m *manyLetters) named(most int) int {
	n := m.Number("count", 1, most)
	if n >= typedFrom {
		m.Phrase(strconv.Itoa(n))
	} else {
		m.OptionalText("phrase", 20)
	}
	return n
}

// fields are those of every such form for so many letters.
func (m *manyLetters) fields(c *fiber.Ctx, n int, more ...ui.Field) []ui.Field {
	if n >= typedFrom {
		more = append(more, ui.Field{Name: "phrase", Label: i18n.T(c.UserContext(), "letters.type_count", "Count", n), Autocomplete: "off", Dir: "ltr"})
	}
	return more
}

func (m *manyLetters) back() string {
	if len(m.values["id"]) == 1 {
		return jobsPath + "/" + m.values.Get("id")
	}
	return link(jobsPath, m.ask.params()...)
}

// again fills the number that is right now into a form that named another.
func (m *manyLetters) again(n int) [][2]string {
	return append(m.hidden, [2]string{"count", strconv.Itoa(n)})
}

// mostLetters is more than will ever be dead.
const mostLetters = 10_000_000

func rates() []string { return []string{"0", "1", "5", "20", "100"} }

// requeueMany brings the letters of a filter back, or those that were chosen. The form tries it first and says what stays.
func (s *Server) requeueMany(c *fiber.Ctx) error {
	ctx := c.UserContext()
	m, err := s.manyLetters(c)
	if err != nil {
		return err
	}
	m.Fill("rate", "20")
	count, rate := m.named(mostLetters), m.Choice("rate", rates()...)
	if m.Valid() {
		perSecond, _ := strconv.Atoi(rate) // one of rates
		chosen := m.ask.values
		if len(m.filter.Jobs) > 0 {
			chosen = map[string]string{"chosen": strconv.Itoa(len(m.filter.Jobs))}
		}
		r, err := s.Letters.Begin(ctx, letters.Start{Actor: s.actor(c), Filter: m.filter, Chosen: chosen, Rate: perSecond, Count: count})
		if err == nil {
			return s.acted(c, acted{To: runURL(r.ID, ""), Leave: true, Toast: "letters.run.started", Facts: []any{"Count", count}, Result: fiber.Map{"id": r.ID, "jobs": r.Total}})
		}
		if !m.Refused(err) {
			return err
		}
	}
	plan, blocked, err := s.planLetters(ctx, m.filter)
	if err != nil {
		return err
	}
	sheet := letterpages.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, "letters.requeue_many.title", "Count", plan.Back), Lead: i18n.T(ctx, "letters.requeue_many.lead"),
			Effect: i18n.T(ctx, "letters.requeue_many.effect"), Submit: i18n.T(ctx, "letters.requeue_all", "Count", plan.Back), Cancel: back(c, m.back()), Form: m.Shown(),
		},
		Facts: []orders.Fact{{Label: i18n.T(ctx, "letters.comes_back"), Value: strconv.Itoa(plan.Back)}}, Refused: whys(ctx, plan.Refused), Hidden: m.again(plan.Back),
	}
	if blocked != "" {
		sheet.Effect, sheet.Facts, sheet.Blocked = "", nil, blocked
	} else {
		options := make([]ui.Option, len(rates()))
		for i, r := range rates() {
			options[i] = ui.Option{Value: r, Label: i18n.T(ctx, "letters.rate."+r)}
		}
		sheet.Fields = m.fields(c, plan.Back, ui.Field{Name: "rate", Type: "select", Options: options})
	}
	return s.formPage(c, letterForm("requeue_many"), m.form, letterpages.Ask(sheet))
}

// planLetters tries what bringing the letters of a filter back would do; blocked says why that cannot be asked for.
func (s *Server) planLetters(ctx context.Context, f letters.Filter) (plan letters.Plan, blocked string, err error) {
	n, err := s.Letters.Count(ctx, f)
	if err != nil {
		return plan, "", err
	}
	if n > letters.MaxBack {
		return letters.Plan{Back: n}, i18n.T(ctx, "letters.too_many_back", "Max", letters.MaxBack), nil
	}
	if plan, err = s.Letters.Plan(ctx, f); err == nil && plan.Back == 0 {
		blocked = i18n.T(ctx, "letters.none")
	}
	return plan, blocked, err
}

// discardMany takes the letters of a filter out, or those that were chosen, for a reason.
func (s *Server) discardMany(c *fiber.Ctx) error {
	ctx := c.UserContext()
	m, err := s.manyLetters(c)
	if err != nil {
		return err
	}
	count, reason := m.named(mostLetters), m.Text("reason", letters.MaxReason)
	if m.Valid() {
		d, err := s.Letters.Discard(ctx, s.actor(c), m.filter, count, reason)
		if err == nil {
			return s.acted(c, acted{To: lettersPath, Leave: true, Toast: "letters.discard.done", Facts: []any{"Count", count}, Result: fiber.Map{"id": d.ID, "jobs": d.Jobs},
				Undo: &undo{URL: dropsPath + "/" + d.ID.String() + "/undo"}})
		}
		if !m.Refused(err) {
			return err
		}
	}
	n, err := s.Letters.Count(ctx, m.filter)
	if err != nil {
		return err
	}
	sheet := letterpages.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, "letters.discard_many.title", "Count", n), Lead: i18n.T(ctx, "letters.discard_many.lead"), Submit: i18n.T(ctx, "letters.discard_all", "Count", n),
			Tone: ui.Danger, Cancel: back(c, m.back()), Form: m.Shown(),
		},
		Hidden: m.again(n),
	}
	switch {
	case n == 0:
		sheet.Blocked = i18n.T(ctx, "letters.none")
	case n > letters.MaxDropped:
		sheet.Blocked = i18n.T(ctx, "letters.too_many", "Max", letters.MaxDropped)
	default:
		sheet.Fields = m.fields(c, n, reasonField())
	}
	return s.formPage(c, letterForm("discard_many"), m.form, letterpages.Ask(sheet))
}

// letterID is the id of a run or a discarding in the address.
func letterID(c *fiber.Ctx, missing string) (id models.ID, err error) {
	if id.UnmarshalText([]byte(c.Params("id"))) != nil {
		return id, fault.NotFound(missing)
	}
	return id, nil
}

// undoDiscard takes a discarding back.
func (s *Server) undoDiscard(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := letterID(c, "letters.no_drop")
	if err != nil {
		return err
	}
	f := s.form(c, "letters.field")
	if f.Valid() {
		d, err := s.Letters.Undo(ctx, s.actor(c), id)
		if err == nil {
			return s.acted(c, acted{To: lettersPath, Toast: "letters.undo.done", Facts: []any{"Count", d.Jobs}, Result: fiber.Map{"id": id, "jobs": d.Jobs}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	return s.formPage(c, letterForm("undo"), f, letterpages.Ask(letterpages.Sheet{Act: ui.Act{
		Title: i18n.T(ctx, "letters.undo.title"), Lead: i18n.T(ctx, "letters.undo.lead"), Submit: i18n.T(ctx, "letters.undo"), Cancel: lettersPath, Form: f.Shown(),
	}}))
}

// letterRun is how far bringing jobs back is.
func (s *Server) letterRun(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := letterID(c, "letters.no_run")
	if err != nil {
		return err
	}
	r, err := s.Letters.Run(ctx, id)
	if err != nil {
		return err
	}
	refused, err := s.Letters.RefusedIn(ctx, id)
	if err != nil {
		return err
	}
	who, err := s.actorNames(ctx, []string{r.Actor})
	if err != nil {
		return err
	}
	page := letterpages.Run{
		Title: i18n.T(ctx, "letters.run_title", "Count", r.Total), State: runBadge(ctx, r), Percent: 100 * (r.Back + r.Refused) / r.Total,
		Words:   i18n.T(ctx, "letters.run_words", "Back", r.Back, "Total", r.Total, "Left", r.Left()),
		Refused: whys(ctx, refused),
		Facts: []orders.Fact{
			{Label: i18n.T(ctx, "letters.run_by"), Value: who(r.Actor)}, {Label: i18n.T(ctx, "letters.run_started"), Value: ui.Absolute(ctx, s.inZone(c, r.StartedAt))},
			{Label: i18n.T(ctx, "letters.field.rate"), Value: i18n.T(ctx, fmt.Sprintf("letters.rate.%d", r.Rate))},
		},
	}
	if r.State == "running" && s.mayDo(c, staff.DeadLetters, staff.ToAct) {
		page.Acts = []orders.Possible{{URL: runURL(r.ID, "cancel"), Label: i18n.T(ctx, "letters.act.cancel"), Icon: "ban", Tone: ui.Danger}}
	}
	sc := lettersScreen()
	sc.title, sc.wide = "letters.run_page", false
	return s.page(c, sc, letterpages.OneRun(page))
}

// cancelRun ends a run where it stands.
func (s *Server) cancelRun(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, err := letterID(c, "letters.no_run")
	if err != nil {
		return err
	}
	r, err := s.Letters.Run(ctx, id)
	if err != nil {
		return err
	}
	f := s.form(c, "letters.field")
	if f.Valid() {
		r, err := s.Letters.Cancel(ctx, id, s.actor(c))
		if err == nil {
			return s.acted(c, acted{To: runURL(id, ""), Toast: "letters.cancel.done", Facts: []any{"Count", r.Left()}, Result: fiber.Map{"id": id, "left": r.Left()}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	sheet := letterpages.Sheet{Act: ui.Act{
		Title: i18n.T(ctx, "letters.cancel.title"), Lead: i18n.T(ctx, "letters.cancel.lead"), Submit: i18n.T(ctx, "letters.act.cancel"), Tone: ui.Danger,
		Cancel: runURL(id, ""), Form: f.Shown(),
	}}
	if r.State != "running" {
		sheet.Blocked = i18n.T(ctx, "letters.run_over")
	}
	return s.formPage(c, letterForm("cancel"), f, letterpages.Ask(sheet))
}
