package handlers

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/internal/ops"
	"frontdesk/internal/staff"
	"frontdesk/internal/standins"
	"frontdesk/models"
	"frontdesk/views/simulator"
)

// For how many seconds the theatre breaks a service.
const (
	leastBroken = 10
	mostBroken  = 120
)

// theatreRoutes are the fault theatre of the Simulator room.
func (s *Server) theatreRoutes() []Route {
	read, act := can(staff.Simulator, staff.ToRead), can(staff.Simulator, staff.ToAct)
	return []Route{
		{get, simulator.TheatreURL, read, s.theatre, "The fault theatre: a service broken for a while, what customers are told meanwhile, what waits, and how long recovery took"},
		{get, simulator.TheatreURL + "/pulse", read.unattended(), s.theatrePulse, "A mark that changes when the theatre's page would"},
		{get, simulator.TheatreURL + "/break", act, s.playFault, "Form: break a service for a while"},
		{post, simulator.TheatreURL + "/break", act, s.playFault, "Break a service for 10 to 120 seconds; it ends by itself"},
		{post, simulator.TheatreURL + "/audience", act, s.playAudience, "Let three customers ask, book on or pay, in three languages at once"},
		{post, simulator.TheatreURL + "/mend", act, s.mend, "Mend every service"},
	}
}

// stageScene is what the theatre shows, as it was read.
type stageScene struct {
	Theatre   standins.Theatre
	Audience  []listener
	Providers []ops.Provider
	Tick      int64 // changes while something is played, so that the page counts
	Trouble   error
}

// readTheatre asks the stand-ins and the breakers. Stand-ins that are away are part of the scene.
func (s *Server) readTheatre(ctx context.Context) (stageScene, error) {
	var sc stageScene
	var err error
	if sc.Theatre, err = s.standIns.Theatre(ctx); err == nil {
		sc.Audience, err = s.readAudience(ctx)
	}
	if isTrouble(err) {
		sc.Trouble, err = err, nil
	}
	if err != nil {
		return sc, err
	}
	if list := sc.Theatre.Performances; len(list) > 0 && list[0].Live() {
		sc.Tick = s.Clock.Machine().Unix()
		if p, err := s.Watch.Provider(ctx, list[0].Service); err == nil { // our own servers have no breaker
			sc.Providers = append(sc.Providers, p)
		}
	}
	return sc, nil
}

func (sc stageScene) pulse() (string, error) {
	trouble := sc.Trouble != nil
	sc.Trouble = nil
	return markOf([]any{sc, trouble})
}

func (s *Server) theatrePulse(c *fiber.Ctx) error {
	sc, err := s.readTheatre(c.UserContext())
	if err != nil {
		return err
	}
	mark, err := sc.pulse()
	if err != nil {
		return err
	}
	private(c)
	return c.JSON(fiber.Map{"pulse": mark})
}

func (s *Server) theatre(c *fiber.Ctx) error {
	ctx := c.UserContext()
	sc, err := s.readTheatre(ctx)
	if err != nil {
		return err
	}
	policies, err := s.Policies.Policies(ctx)
	if err != nil {
		return err
	}
	mark, err := sc.pulse()
	if err != nil {
		return err
	}
	d := sceneDrawer{ctx: ctx, server: s, zone: policies.Zone()}
	page := simulator.TheatrePage{Trouble: s.troubleWords(ctx, sc.Trouble), Pulse: mark, CSRF: csrf(c), Waits: simulator.Waits(sc.Theatre.Waits)}
	for _, p := range sc.Theatre.Performances {
		page.Shows = append(page.Shows, d.show(p))
	}
	if len(sc.Providers) > 0 {
		page.Breaker = d.breaker(sc.Providers[0])
	}
	for _, l := range sc.Audience {
		page.Audience = append(page.Audience, d.listener(l))
	}
	if len(page.Shows) > 0 && page.Shows[0].Service == "stripe" {
		for _, lang := range models.Languages() {
			text := s.Texts.Text(lang, "chat.pay.delayed", i18n.Facts{"Held": "", "Until": "…"})
			page.Texts = append(page.Texts, simulator.Told{Language: lang, Text: text})
		}
	}
	return s.page(c, simulatorScreen("simulator.theatre.title"), simulator.Theatre(page))
}

func (d sceneDrawer) show(p standins.Performance) simulator.Show {
	at := func(t *time.Time) *time.Time {
		if t == nil {
			return nil
		}
		local := t.In(d.zone)
		return &local
	}
	out := simulator.Show{
		ID: p.ID, Service: p.Service, Mode: p.Mode, Stage: p.Stage, BeganAt: p.BeganAt.In(d.zone), Until: at(p.Until), EndedAt: at(p.EndedAt),
		OpenedAt: at(p.OpenedAt), ClosedAt: at(p.ClosedAt), Peak: simulator.Waits(p.Peak),
	}
	if p.Stage == standins.StageBroken && p.Until != nil {
		out.Left = max(0, p.Until.Sub(d.server.Clock.Machine()))
	}
	if p.EndedAt != nil && p.RecoveredAt != nil {
		out.Recovery = max(0, p.RecoveredAt.Sub(*p.EndedAt))
	}
	return out
}

// breaker is what the breaker of the service that is played says.
func (d sceneDrawer) breaker(p ops.Provider) *simulator.Breaker {
	shown := drawProvider(d.ctx, p, d.zone)
	return &simulator.Breaker{Badge: shown.Badge, Tone: shown.Tone, Failures: p.Failures, Code: p.Code, Until: shown.Until}
}

// playFault breaks a service for a while, and may let three customers write at once.
func (s *Server) playFault(c *fiber.Ctx) error {
	ctx := c.UserContext()
	f := s.form(c, "simulator.field")
	f.Fill("service", c.Query("service", "whatsapp"))
	f.Fill("mode", "down")
	f.Fill("seconds", "30")
	f.Fill("audience", simulator.Asks)
	service, mode := f.Choice("service", simulator.AllServices()...), f.Choice("mode", simulator.Modes()...)
	seconds := f.Number("seconds", leastBroken, mostBroken)
	says := f.Choice("audience", simulator.Asks, simulator.Books, simulator.Silent)
	if simulator.Delivers(mode) && simulator.Undelivering(service) {
		f.Wrong("mode", "simulator.fault.delivers_nothing")
	}
	last := time.Duration(seconds) * time.Second
	if simulator.Carries(service) && last > carriesFor {
		f.Wrong("seconds", "simulator.fault.too_long")
	}
	if f.Valid() {
		// Written down first: the log may be out of reach a moment later.
		if err := s.notePlay(ctx, auditFault, map[string]any{"service": service, "mode": mode, "for": last.String()}); err != nil {
			return err
		}
		lines, err := s.lines(ctx, says)
		if err == nil {
			err = s.standIns.Break(ctx, service, mode, last)
		}
		if err == nil {
			err = s.perform(ctx, lines)
		}
		if err == nil {
			return s.faultPlayed(c, service)
		}
		if err := s.notPlayed(c, f, err); err != nil {
			return err
		}
	}
	return s.formPage(c, simulatorScreen("simulator.theatre.break"), f, simulator.PlayFault(f.Shown()))
}

// faultPlayed leads back to the theatre, without a toast that Redis would have to keep when that is what broke.
func (s *Server) faultPlayed(c *fiber.Ctx, service string) error {
	done := acted{To: simulator.TheatreURL, Toast: "simulator.fault.done"}
	if simulator.Carries(service) && !wantsFragment(c) {
		private(c)
		if wantsJSON(c) {
			return c.JSON(fiber.Map{"ok": true})
		}
		return c.Redirect(done.To, fiber.StatusSeeOther)
	}
	return s.acted(c, done)
}
