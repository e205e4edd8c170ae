package handlers

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/audit"
	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/letters"
	"frontdesk/internal/staff"
	"frontdesk/models"
	letterpages "frontdesk/views/letters"
	"frontdesk/views/orders"
	"frontdesk/views/ui"
)

// letterOf is the letter of the address. Fault: letters.not_found.
func (s *Server) letterOf(c *fiber.Ctx) (letters.Detail, error) {
	id, err := strconv.ParseInt(c.Params("id"), 10, 64)
	if err != nil || id < 1 {
		return letters.Detail{}, fault.NotFound("letters.not_found")
	}
	return s.Letters.Letter(c.UserContext(), id)
}

func letterURL(job int64, act string) string {
	if act != "" {
		act = "/" + act
	}
	return fmt.Sprintf("%s/%d%s", jobsPath, job, act)
}

// oneLetter is one letter; what may be a person's is hidden.
func (s *Server) oneLetter(c *fiber.Ctx) error {
	d, err := s.letterOf(c)
	if err != nil {
		return err
	}
	return s.showLetter(c, d, false)
}

func (s *Server) showLetter(c *fiber.Ctx, d letters.Detail, whole bool) error {
	ctx := c.UserContext()
	page := letterpages.Detail{
		Title: i18n.T(ctx, "letters.one", "Job", d.JobID), Whole: whole, Status: letterBadge(ctx, d.State),
		Facts: []orders.Fact{
			{Label: i18n.T(ctx, "letters.column.kind"), Value: d.Kind, Code: true},
			{Label: i18n.T(ctx, "letters.column.error"), Value: groupError(letters.Group{Error: d.Error, Place: d.Place}), URL: link(jobsPath, "group", d.GroupID.String()), Code: true},
			{Label: i18n.T(ctx, "letters.asked"), Value: ui.Absolute(ctx, s.inZone(c, d.Created))},
			{Label: i18n.T(ctx, "letters.column.died"), Value: ui.Absolute(ctx, s.inZone(c, d.DiedAt))},
			{Label: i18n.T(ctx, "letters.column.deaths"), Value: strconv.Itoa(d.Deaths)},
			{Label: i18n.T(ctx, "letters.max"), Value: strconv.Itoa(d.Max)},
		},
	}
	for _, a := range letters.Arguments(d.Args, whole) {
		arg := letterpages.Argument{Name: a.Name, Value: a.Value, Masked: a.Masked}
		if a.ID {
			arg.URL = link(jobsPath, "of", a.Value)
		}
		page.Args = append(page.Args, arg)
	}
	for _, a := range d.Attempts {
		line := letterpages.Attempt{At: s.inZone(c, a.At), Number: a.Attempt, Error: a.Masked(), Trace: a.Trace}
		if whole {
			line.Error = a.Error
		}
		page.Attempts = append(page.Attempts, line)
	}
	if d.State == letters.Open && s.mayDo(c, staff.DeadLetters, staff.ToAct) {
		page.Acts = letterActs(ctx, d.JobID, whole)
	}
	if err := s.letterStory(c, d, &page); err != nil {
		return err
	}
	sc := lettersScreen()
	sc.title, sc.wide = "letters.job", false
	if whole {
		sc.live = nil // fetching it again would hide what was asked for
	}
	return s.page(c, sc, letterpages.Letter(page))
}

// letterStory puts on a page what was done with a letter, by itself or with others, and the way back from a discarding.
func (s *Server) letterStory(c *fiber.Ctx, d letters.Detail, page *letterpages.Detail) error {
	ctx := c.UserContext()
	drops, runs, err := s.Letters.Touched(ctx, d.JobID)
	if err != nil {
		return err
	}
	var rows []models.AuditEntry
	for kind, ids := range map[string][]string{"letter": {strconv.FormatInt(d.JobID, 10)}, "letter_drop": texts(drops), "letter_run": texts(runs)} {
		if len(ids) == 0 {
			continue
		}
		some, err := s.Audit.Entries(ctx, audit.Query{SubjectKind: kind, SubjectIDs: ids, Limit: historyLength})
		if err != nil {
			return fmt.Errorf("read history: %w", err)
		}
		rows = append(rows, some...)
	}
	slices.SortFunc(rows, func(a, b models.AuditEntry) int { return cmp.Compare(b.ID, a.ID) })
	if page.History, err = s.entries(c, rows[:min(len(rows), historyLength)]); err != nil {
		return err
	}
	if d.State != letters.Dropped || d.DropID == nil {
		return nil
	}
	drop, err := s.Letters.Drop(ctx, *d.DropID)
	if fault.Is(err, "letters.no_drop") {
		return nil
	}
	if err != nil {
		return err
	}
	page.Facts = append(page.Facts, orders.Fact{Label: i18n.T(ctx, "letters.drop_page"), Value: dropWords(ctx, drop), URL: dropURL(drop.ID, "")})
	if url := s.undoURL(c, drop); url != "" {
		page.Acts = append(page.Acts, orders.Possible{URL: url, Label: i18n.T(ctx, "letters.undo"), Icon: "undo-2"})
	}
	return nil
}

func texts(ids []models.ID) (out []string) {
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}

func letterActs(ctx context.Context, job int64, whole bool) []orders.Possible {
	acts := []orders.Possible{
		{URL: letterURL(job, "requeue"), Label: i18n.T(ctx, "letters.act.requeue"), Icon: "rotate-ccw", Tone: ui.Primary},
		{URL: letterURL(job, "edit"), Label: i18n.T(ctx, "letters.act.edit"), Icon: "pencil"},
	}
	if !whole {
		acts = append(acts, orders.Possible{URL: letterURL(job, "reveal"), Label: i18n.T(ctx, "letters.act.reveal"), Icon: "eye"})
	}
	return append(acts, orders.Possible{
		URL: link(lettersPath+"/discard", "id", strconv.FormatInt(job, 10)), Label: i18n.T(ctx, "letters.act.discard"), Icon: "trash-2", Tone: ui.Danger,
	})
}

func letterBadge(ctx context.Context, state letters.State) orders.Badge {
	tone := map[letters.State]ui.Tone{letters.Open: ui.Danger, letters.Back: ui.Good}[state]
	return orders.Badge{Tone: tone, Word: i18n.T(ctx, "letters.state."+string(state))}
}

// letterSheet is the form of an act on one letter, without its fields.
func (s *Server) letterSheet(c *fiber.Ctx, name string, d letters.Detail, f *form) letterpages.Sheet {
	ctx, key := c.UserContext(), "letters."+name
	sheet := letterpages.Sheet{
		Act: ui.Act{
			Title: i18n.T(ctx, key+".title"), Lead: i18n.T(ctx, key+".lead"), Submit: i18n.T(ctx, "letters.act."+name), Cancel: letterURL(d.JobID, ""), Form: f.Shown(),
		},
		Facts: []orders.Fact{
			{Label: i18n.T(ctx, "letters.job"), Value: strconv.FormatInt(d.JobID, 10), Code: true}, {Label: i18n.T(ctx, "letters.column.kind"), Value: d.Kind, Code: true},
			{Label: i18n.T(ctx, "letters.column.error"), Value: d.Error, Code: true},
		},
		Hidden: [][2]string{{"version", strconv.Itoa(d.Deaths)}},
	}
	if d.State != letters.Open {
		sheet.Blocked = i18n.T(ctx, "letters.changed")
	}
	return sheet
}

func letterForm(name string) screen {
	return screen{title: "letters." + name + ".title", room: staff.DeadLetters}
}

// requeueOne brings one job back.
func (s *Server) requeueOne(c *fiber.Ctx) error {
	ctx := c.UserContext()
	d, err := s.letterOf(c)
	if err != nil {
		return err
	}
	f := s.form(c, "letters.field")
	seen := int(f.version())
	if f.Valid() {
		err := s.Letters.Return(ctx, s.actor(c), d.JobID, seen)
		if err == nil {
			return s.acted(c, acted{To: letterURL(d.JobID, ""), Toast: "letters.requeue.done", Facts: []any{"Count", 1}, Result: fiber.Map{"job": d.JobID}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	sheet := s.letterSheet(c, "requeue", d, f)
	if sheet.Blocked == "" {
		plan, err := s.Letters.Plan(ctx, letters.Filter{Jobs: []int64{d.JobID}})
		if err != nil {
			return err
		}
		for why := range plan.Refused {
			sheet.Blocked = i18n.T(ctx, "letters.why."+why)
		}
	}
	return s.formPage(c, letterForm("requeue"), f, letterpages.Ask(sheet))
}

// maxArgs is how long the arguments of a job may be.
const maxArgs = 2000

// editLetter gives a job other arguments.
func (s *Server) editLetter(c *fiber.Ctx) error {
	d, err := s.letterOf(c)
	if err != nil {
		return err
	}
	f := s.form(c, "letters.field")
	seen, err := s.Letters.Revealed(c.UserContext(), s.actor(c), d.JobID)
	if err != nil {
		return err
	}
	if seen || !masked(d) {
		f.Fill("args", string(d.Args))
	}
	version, args, reason := int(f.version()), f.Long("args", maxArgs), f.Text("reason", letters.MaxReason)
	if f.Valid() {
		err := s.Letters.Edit(c.UserContext(), s.actor(c), d.JobID, version, args, reason)
		if err == nil {
			return s.acted(c, acted{To: letterURL(d.JobID, ""), Toast: "letters.edit.done", Result: fiber.Map{"job": d.JobID}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	sheet := s.letterSheet(c, "edit", d, f)
	sheet.Fields = []ui.Field{{Name: "args", Type: "area", Max: maxArgs, Dir: "ltr", Hint: i18n.T(c.UserContext(), "letters.args_hint")}, reasonField()}
	return s.formPage(c, letterForm("edit"), f, letterpages.Ask(sheet))
}

// masked tells whether something of a job's arguments may be a person's.
func masked(d letters.Detail) bool {
	for _, a := range letters.Arguments(d.Args, false) {
		if a.Masked {
			return true
		}
	}
	return false
}

func reasonField() ui.Field {
	return ui.Field{Name: "reason", Max: letters.MaxReason, Autocomplete: "off"}
}

// revealLetter shows all of a job to whoever says why.
func (s *Server) revealLetter(c *fiber.Ctx) error {
	d, err := s.letterOf(c)
	if err != nil {
		return err
	}
	f := s.form(c, "letters.field")
	f.version()
	reason := f.Text("reason", letters.MaxReason)
	if f.Valid() {
		if d, err = s.Letters.Reveal(c.UserContext(), s.actor(c), d.JobID, reason); err != nil {
			return err
		}
		return s.showLetter(c, d, true)
	}
	sheet := s.letterSheet(c, "reveal", d, f)
	sheet.Fields, sheet.Blocked = []ui.Field{reasonField()}, ""
	return s.formPage(c, letterForm("reveal"), f, letterpages.Ask(sheet))
}
