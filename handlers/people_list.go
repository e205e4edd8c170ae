package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/staff"
	"frontdesk/models"
	"frontdesk/views/people"
	"frontdesk/views/ui"
)

const peoplePath = "/console/people"

// peoplePage lists who has an account, by name.
func (s *Server) peoplePage(c *fiber.Ctx) error {
	ctx := c.UserContext()
	spec := tableSpec{
		ID: "people", Path: peoplePath, Caption: "people.title", Sort: "name",
		Columns: []tableColumn{
			{Key: "name", Label: "people.field.name"}, {Key: "email", Label: "people.field.email", Optional: true}, {Key: "role", Label: "people.field.role"},
			{Key: "state", Label: "people.field.state"}, {Key: "factors", Label: "people.field.factors"}, {Key: "last", Label: "people.field.last", Optional: true},
		},
		Filters: []tableFilter{
			{Key: "state", Label: "people.field.state", Kind: ui.FilterChips, Options: namedOptions(ctx, "people.state", models.StaffStates()...)},
			{Key: "role", Label: "people.field.role", Kind: ui.FilterSelect, Options: roleChoices(ctx)},
		},
		Empty:   ui.EmptyList{Icon: "users", Title: i18n.T(ctx, "people.none"), Text: i18n.T(ctx, "people.none_text"), URL: peoplePath + "/invite", Label: i18n.T(ctx, "people.invite")},
		NoMatch: ui.EmptyList{Icon: "search", Title: i18n.T(ctx, "people.no_match"), Text: i18n.T(ctx, "people.no_match_text")},
	}
	return s.table(c, screen{title: "people.title", room: staff.People}, spec, s.peopleRows, people.Content)
}

func (s *Server) peopleRows(ctx context.Context, q tableQuery) (tablePage, error) {
	ask := staff.Query{Role: models.Role(q.Value("role")), State: models.StaffState(q.Value("state")), Limit: q.Limit}
	if len(q.After) == 1 && ask.After.UnmarshalText([]byte(q.After[0])) != nil {
		ask.After = models.ID{} // not one of our places: from the start
	}
	rows, more, err := s.Staff.People(ctx, ask)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: more}
	for _, p := range rows {
		page.Rows = append(page.Rows, tableRow{Cursor: []string{p.ID.String()}, Row: personRow(ctx, p, q)})
	}
	return page, nil
}

func personRow(ctx context.Context, p staff.Person, q tableQuery) ui.Row {
	state := i18n.T(ctx, "people.state."+string(p.State()))
	last := i18n.T(ctx, "people.never")
	if p.LastSignedInAt != nil {
		last = ui.Moment(ctx, p.LastSignedInAt.In(q.zone))
	}
	return ui.Row{ID: p.ID.String(), URL: peoplePath + "/" + p.ID.String(), Label: p.Name, Cells: []ui.Cell{
		{Text: p.Name}, {Text: p.Email, Code: true}, {Text: i18n.T(ctx, "console.role."+string(p.Role))},
		{Text: state, View: ui.Badge(people.StateTone(p.State()), state)}, {Text: i18n.N(ctx, "people.factors", p.Factors)}, {Text: last},
	}}
}

func roleChoices(ctx context.Context) []ui.Option {
	return namedOptions(ctx, "console.role", models.Roles()...)
}
