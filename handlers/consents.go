package handlers

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"frontdesk/internal/fault"
	"frontdesk/internal/i18n"
	"frontdesk/internal/privacy"
	"frontdesk/internal/staff"
	"frontdesk/models"
	views "frontdesk/views/privacy"
	"frontdesk/views/ui"
)

const consentsPath = "/console/privacy/consents"

// privacyRoutes are the privacy officer's room.
func (s *Server) privacyRoutes() []Route {
	return []Route{
		{get, consentsPath, can(staff.Privacy, staff.ToRead), s.consentReport, "Customers without consent to the privacy notice in force, with an outdated or a withdrawn one; also as a file"},
	}
}

// complianceAPI is the same for programs, under a prefix.
func (s *Server) complianceAPI(under string) []Route {
	return []Route{
		operation(s, Route{get, under + "/compliance/consents", can(staff.Privacy, staff.ToRead), nil, "How customers stand to the privacy notice in force, page by page"},
			200, fails{400: {"validation"}, 503: {"unavailable"}}, s.exportConsents),
	}
}

// consentReport lists the gaps (R-1004).
func (s *Server) consentReport(c *fiber.Ctx) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	return s.table(c, screen{title: "consent.title", room: staff.Privacy}, consentTable(ctx), s.consentRows, func(t ui.Table) templ.Component {
		return views.Consents(i18n.T(ctx, "consent.lead", "Version", policies.PrivacyVersion), t)
	})
}

func consentTable(ctx context.Context) tableSpec {
	return tableSpec{
		ID: "consents", Path: consentsPath, Caption: "consent.caption",
		Columns: []tableColumn{
			{Key: "customer", Label: "consent.customer"}, {Key: "phone", Label: "consent.phone", Optional: true}, {Key: "standing", Label: "consent.standing"},
			{Key: "version", Label: "consent.version", Optional: true}, {Key: "channel", Label: "consent.channel", Optional: true}, {Key: "at", Label: "consent.at", Optional: true},
		},
		Filters: []tableFilter{{Key: "standing", Label: "consent.standing", Kind: ui.FilterSelect, Options: namedOptions(ctx, "consent.standing", privacy.Standings()...)}},
		Empty:   ui.EmptyList{Icon: "shield-check", Title: i18n.T(ctx, "consent.none"), Text: i18n.T(ctx, "consent.none_text")},
		NoMatch: ui.EmptyList{Icon: "filter", Title: i18n.T(ctx, "consent.no_match"), Text: i18n.T(ctx, "consent.no_match_text")},
	}
}

func (s *Server) consentRows(ctx context.Context, q tableQuery) (tablePage, error) {
	ask := privacy.Asked{Standing: privacy.Standing(q.Value("standing")), Limit: q.Limit + 1}
	if len(q.After) == 1 {
		ask.After, _ = uuid.Parse(q.After[0]) // what is no id begins at the start
	}
	people, _, err := s.Privacy.Report(ctx, ask)
	if err != nil {
		return tablePage{}, err
	}
	page := tablePage{More: len(people) > q.Limit}
	v, _ := VisitorOf(ctx)
	for _, p := range people[:min(len(people), q.Limit)] {
		name := strings.TrimSpace(p.Name + " " + p.Surname)
		if name == "" {
			name = i18n.T(ctx, "consent.nobody")
		}
		standing, channel, at := i18n.T(ctx, "consent.standing."+string(p.Standing)), "", ui.Cell{}
		if p.At != nil {
			channel, at = i18n.T(ctx, "consent.channel."+string(p.Channel)), ui.Cell{Text: p.At.In(q.zone).Format(time.DateOnly), View: ui.Time(p.At.In(q.zone), ui.Moment(ctx, p.At.In(q.zone)))}
		}
		page.Rows = append(page.Rows, tableRow{Cursor: []string{p.ID.String()}, Row: ui.Row{Label: name, Cells: []ui.Cell{
			{Text: name}, {Text: phoneFor(v.Role, p.Phone), Code: true}, {Text: standing, View: ui.Badge(standingTone(p.Standing), standing)},
			{Text: p.PolicyVersion}, {Text: channel}, at,
		}}})
	}
	return page, nil
}

func standingTone(st privacy.Standing) ui.Tone {
	switch st {
	case privacy.Withdrawn:
		return ui.Danger
	case privacy.Missing, privacy.Outdated:
		return ui.Attention
	default:
		return ui.Good
	}
}

type consentReportIn struct {
	Speaking
	Standing string `query:"standing" enum:"missing,withdrawn,outdated,agreed" doc:"Without it everybody with a gap: all but agreed"`
	After    string `query:"after" maxLength:"64" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18" doc:"The last id of the page before"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

type consentReportOut struct {
	Body struct {
		OK        bool            `json:"ok" example:"true"`
		Version   string          `json:"policyVersion" example:"2026-10" doc:"The one in force"`
		Customers []standingEntry `json:"customers" nullable:"false"`
		Next      string          `json:"next,omitempty" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18" doc:"after of the next page, where there is one"`
	}
}

// standingEntry is a customer, by id alone, and how they stand.
type standingEntry struct {
	ID       models.ID  `json:"customerId" format:"uuid" example:"0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c18"`
	Standing string     `json:"standing" enum:"missing,withdrawn,outdated,agreed" example:"outdated"`
	Version  string     `json:"policyVersion,omitempty" example:"2025-01"`
	Channel  string     `json:"channel,omitempty" enum:"whatsapp,web,phone,salon" example:"web"`
	At       *time.Time `json:"at,omitempty" example:"2026-10-09T08:00:00Z"`
}

// exportConsents gives the report to programs. It holds ids and no person.
func (s *Server) exportConsents(c *fiber.Ctx, in *consentReportIn) (*consentReportOut, error) {
	ask := privacy.Asked{Standing: privacy.Standing(in.Standing), Limit: in.Limit + 1}
	if in.After != "" {
		id, err := uuid.Parse(in.After)
		if err != nil {
			return nil, fault.Invalid("error.validation", map[string]string{"after": "format"})
		}
		ask.After = id
	}
	people, version, err := s.Privacy.Report(c.UserContext(), ask)
	if err != nil {
		return nil, err
	}
	out := &consentReportOut{}
	out.Body.OK, out.Body.Version, out.Body.Customers = true, version, []standingEntry{}
	if len(people) > in.Limit {
		people = people[:in.Limit]
		out.Body.Next = people[in.Limit-1].ID.String()
	}
	for _, p := range people {
		out.Body.Customers = append(out.Body.Customers, standingEntry{p.ID, string(p.Standing), p.PolicyVersion, string(p.Channel), p.At})
	}
	return out, nil
}
