package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/audit"
	"frontdesk/internal/i18n"
	"frontdesk/internal/ops"
	"frontdesk/internal/redisstore"
	"frontdesk/internal/staff"
	"frontdesk/views/providers"
	"frontdesk/views/today"
	"frontdesk/views/ui"
)

const alertsPath = "/console/alerts"

// alertRoutes are what the house depends on, and who keeps it away from a service that does harm (R-1209, R-1403).
func (s *Server) alertRoutes() []Route {
	read, act := can(staff.Alerts, staff.ToRead), can(staff.Alerts, staff.ToAct)
	return []Route{
		{get, alertsPath, read, s.providers, "Whether the services outside and our own servers answer, and since when"},
		{get, alertsPath + "/:provider/trip", act, s.tripProvider, "The form that keeps everybody away from a service"},
		{post, alertsPath + "/:provider/trip", act, s.tripProvider, "Keep everybody away from a service; what is to be sent waits"},
		{get, alertsPath + "/:provider/release", act, s.releaseProvider, "The form that lets calls through again"},
		{post, alertsPath + "/:provider/release", act, s.releaseProvider, "Let calls through again"},
	}
}

// providers shows what the house depends on.
func (s *Server) providers(c *fiber.Ctx) error {
	ctx := c.UserContext()
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	rows, err := s.Audit.Entries(ctx, audit.Query{SubjectKind: ops.SubjectProvider, Limit: historyLength})
	if err != nil {
		return err
	}
	page := providers.Page{Servers: s.servers(ctx)}
	if page.History, err = s.entries(c, rows); err != nil {
		return err
	}
	for i, r := range rows {
		page.History[i].What = providerName(ctx, r.SubjectID) + i18n.T(ctx, "services.comma") + page.History[i].What
	}
	v, _ := VisitorOf(ctx)
	_, acts := s.Staff.Can(v.Role, staff.Alerts, staff.ToAct)
	for _, p := range s.Watch.Providers(ctx) {
		who, err := s.actorNames(ctx, []string{p.Actor})
		if err != nil {
			return err
		}
		shown := drawProvider(ctx, p, policies.Zone())
		if p.State == redisstore.BreakerTripped {
			shown.Who = who(p.Actor)
		}
		if acts && !p.Unknown {
			shown.offer(p)
		}
		page.Services = append(page.Services, shown.Service)
		page.Unknown = page.Unknown || p.Unknown
	}
	return s.page(c, screen{title: "ops.title", room: staff.Alerts, live: []string{redisstore.TopicAlerts}, fresh: "ops.fresh"}, providers.Content(page))
}

func providerName(ctx context.Context, name string) string { return ui.Word(ctx, "ops.provider", name) }

type drawnProvider struct{ providers.Service }

// drawProvider says of a service what is known of it.
func drawProvider(ctx context.Context, p ops.Provider, zone *time.Location) drawnProvider {
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		local := t.In(zone)
		return &local
	}
	out := drawnProvider{providers.Service{
		Name: providerName(ctx, p.Name), For: i18n.T(ctx, "ops.for."+p.Name), Since: at(p.Since), Answered: at(p.OKAt), Took: tookText(ctx, p.Took),
		Code: p.Code, FailedAt: at(p.FailedAt), Failures: p.Failures,
	}}
	switch {
	case p.Unknown:
		out.Badge, out.Tone = i18n.T(ctx, "ops.state.unknown"), ui.Attention
	case p.State == redisstore.BreakerOpen:
		out.Badge, out.Tone, out.Until = i18n.T(ctx, "ops.state.open"), ui.Danger, at(p.Until)
	case p.State == redisstore.BreakerTripped:
		out.Badge, out.Tone = i18n.T(ctx, "ops.state.tripped"), ui.Attention
	default:
		out.Badge, out.Tone = i18n.T(ctx, "ops.state.closed"), ui.Good
	}
	return out
}

// offer adds the acts that make sense in a state.
func (d *drawnProvider) offer(p ops.Provider) {
	if p.State != redisstore.BreakerTripped {
		d.Trip = alertsPath + "/" + p.Name + "/trip"
	}
	if p.State != redisstore.BreakerClosed {
		d.Release = alertsPath + "/" + p.Name + "/release"
	}
}

func tookText(ctx context.Context, took time.Duration) string {
	return i18n.T(ctx, "ops.took", "Milliseconds", max(1, took.Milliseconds()))
}

// servers asks our own servers how they are.
func (s *Server) servers(ctx context.Context) []providers.Server {
	var out []providers.Server
	for _, k := range []check{{"database", s.DB.Pool.Ping}, {"redis", s.Redis.Ping}} {
		began := s.Clock.Machine()
		shown := providers.Server{Name: i18n.T(ctx, "ops.server."+k.name), Badge: i18n.T(ctx, "ops.state.closed"), Tone: ui.Good}
		if err := bounded(ctx, k.ask); err != nil {
			s.Log.WarnContext(ctx, "dependency missing", "dependency", k.name, "err", err)
			shown.Badge, shown.Tone = i18n.T(ctx, "ops.state.silent"), ui.Danger
		} else {
			shown.Took = tookText(ctx, s.Clock.Machine().Sub(began))
		}
		out = append(out, shown)
	}
	return out
}

func (s *Server) tripProvider(c *fiber.Ctx) error {
	return s.providerAct(c, "ops.trip", ui.Danger, s.Watch.Trip)
}

func (s *Server) releaseProvider(c *fiber.Ctx) error {
	return s.providerAct(c, "ops.release", ui.Primary, s.Watch.Release)
}

// providerAct answers an act on a service: its form, which asks why, and the act.
func (s *Server) providerAct(c *fiber.Ctx, key string, tone ui.Tone, do func(ctx context.Context, name, actor, reason string) error) error {
	ctx := c.UserContext()
	p, err := s.Watch.Provider(ctx, c.Params("provider"))
	if err != nil {
		return err
	}
	f := s.form(c, "ops.field")
	reason := f.Text("reason", 300)
	if f.Valid() {
		err := do(ctx, p.Name, s.actor(c), reason)
		if err == nil {
			return s.acted(c, acted{To: alertsPath, Toast: key + "_done", Facts: []any{"Name", providerName(ctx, p.Name)}, Result: fiber.Map{"provider": p.Name}})
		}
		if !f.Refused(err) {
			return err
		}
	}
	page := ui.Act{
		Title: i18n.T(ctx, key+"_title", "Name", providerName(ctx, p.Name)), Lead: i18n.T(ctx, "ops.for."+p.Name), Submit: i18n.T(ctx, key),
		Effect: i18n.T(ctx, key+"_effect"), Tone: tone, Cancel: alertsPath, Form: f.Shown(),
	}
	return s.formPage(c, screen{title: key, room: staff.Alerts}, f, providers.Act(page))
}

// todayProviders says which services do not answer, to those who may do something about it.
func (s *Server) todayProviders(ctx context.Context, q diaryQuery, p *today.Page) error {
	if !s.may(q, staff.Alerts) {
		return nil
	}
	section := today.Section{Title: i18n.T(ctx, "ops.today")}
	for _, away := range s.Watch.Away(ctx) {
		shown := drawProvider(ctx, away, q.zone)
		section.Items = append(section.Items, today.Item{
			Key: away.Name, URL: alertsPath, Icon: "circle-alert", Title: shown.Name, Text: shown.For, Badge: shown.Badge, Tone: shown.Tone, Urgent: true,
			Acts: []today.Act{{Label: i18n.T(ctx, "today.look"), URL: alertsPath, Icon: "arrow-right", Opens: true}},
		})
	}
	p.Sections = append(p.Sections, section)
	return nil
}
